"""Template context for the runtime's pages on a server."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from djdesk.app import current
from djdesk.desktop.jobs import rows


def desktop(request: HttpRequest) -> dict[str, Any]:
    """``desktop`` as on a desktop. ``desktop.server`` is true: there is no window, no handbook and
    nothing about one computer; ``has_jobs`` only for users who may see jobs."""
    may_see = getattr(getattr(request, "user", None), "is_staff", False)
    app = current()
    return {
        "desktop": {
            "name": app.name,
            "version": app.version,
            "browser": True,
            "server": True,
            "notices": [],
            "has_jobs": rows.exist if may_see else False,
            "help": "",
        }
    }
