"""Readiness: proves to the shell that this port is ours and that the database works."""

from __future__ import annotations

import os

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from djdesk import __version__

from . import launch


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 with pid, launch id and version, after one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    config = launch.current()
    return JsonResponse(
        {
            "status": "ok",
            "pid": os.getpid(),
            "launch_id": config.launch_id if config else "",
            "version": __version__,
        }
    )
