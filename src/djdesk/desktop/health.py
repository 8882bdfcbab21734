"""Readiness: the answer that proves to the shell that this port is ours and the database works."""

from __future__ import annotations

import os

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from djdesk import __version__

from . import care, launch

_confirmed = False


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 with pid, launch id and version, after one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    global _confirmed
    if not _confirmed:
        # The first answer of this start: an update that led here has worked.
        care.confirm(settings.DATA_DIR)
        _confirmed = True
    config = launch.current()
    return JsonResponse(
        {
            "status": "ok",
            "pid": os.getpid(),
            "launch_id": config.launch_id if config else "",
            "version": __version__,
        }
    )
