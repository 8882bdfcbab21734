"""Adds a script to every page that reloads it when the app's files change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from djdesk.desktop import live

from .follow import state

SCRIPT = "/desktop/develop/follow.js"
_FILES = {
    SCRIPT: Path(__file__).with_name("static") / "follow.js",
    "/desktop/develop/events.js": Path(live.__file__).with_name("static") / "desktop" / "events.js",
}
_TAG = '<script type="module" src="{}" data-djdesk-state="{}"></script>'


class FollowChanges:
    """Serves its scripts itself: the app's static files may be served from elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in _FILES:
            return FileResponse(_FILES[request.path].open("rb"), content_type="text/javascript")
        before = state()
        response = self.get_response(request)
        kind = response.headers.get("Content-Type", "")
        # A fragment fetched by a script has no end tag. A response to a form is left alone:
        # reloading it would submit the form again, for example restore a backup twice.
        if (
            request.method == "GET"
            and kind.startswith("text/html")
            and not response.streaming
            and b"</body>" in response.content
        ):
            tag = _TAG.format(SCRIPT, before).encode()
            response.content = response.content.replace(b"</body>", tag + b"</body>", 1)
            # The browser would answer "not modified" with the tag of an earlier state, and reload
            # for ever.
            for validator in ("ETag", "Last-Modified"):
                response.headers.pop(validator, None)
            if response.headers.get("Content-Length"):
                response.headers["Content-Length"] = str(len(response.content))
        return response


def changes(request: HttpRequest) -> HttpResponseBase:
    """The event stream of ``state()``."""
    return live.event_stream(request, _changes)


def _changes(before: Any) -> tuple[str, list[tuple[str, str]]]:
    now = state()
    return now, [("state", now)] if now != before else []
