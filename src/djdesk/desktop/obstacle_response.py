"""The response when a request meets a locked database or a full disk, instead of a bare 500."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from djdesk.messages import say

from . import uploads
from .holders import in_words, lock_holders
from .message_translation import translated
from .obstacles import Board, Kind, Wait, obstacle

RETRY = 2  # seconds
_MET = "_djdesk_obstacle"


class ObstacleMiddleware:
    """503 with Retry-After if an obstacle is anywhere in the chain of causes of a request's error.

    A page reloads by itself. A form keeps what was typed and offers to send it again; files have to
    be chosen again. A script gets ``{"error", "hint"}`` as JSON.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if refused := uploads.refusal(request):
            return refused
        begun = time.time()
        response = self.get_response(request)
        # The exception itself never gets here: each inner layer turns it into a response.
        kind = getattr(request, _MET, None)
        return _answer(request, kind, begun) if kind and response.status_code == 500 else response


def _note(sender: object, request: HttpRequest | None = None, **kwargs: object) -> None:
    kind = obstacle(sys.exc_info()[1], settings.DATA_DIR)
    if kind and request is not None:
        setattr(request, _MET, kind)


got_request_exception.connect(_note, dispatch_uid="djdesk.desktop.obstacle_response")


def _answer(request: HttpRequest, kind: Kind, begun: float) -> HttpResponse:
    wait = _wait(kind, begun)
    reason = translated(wait.sentence)
    asked_for = request.method in ("GET", "HEAD")
    if kind == "full":
        hint = _("Free some space on that disk.")
    elif "(pid " in wait.by:
        hint = _("It is free again when that program is done, or closed.")
    else:
        hint = _("It is free again as soon as that is done.")
    headers = {"Retry-After": str(RETRY), "Cache-Control": "no-store"}
    if not _is_page(request):
        answer = {"error": reason, "hint": hint, "retry_after": RETRY}
        return JsonResponse(answer, status=503, headers=headers)
    if asked_for:
        headers["Refresh"] = str(RETRY)
    context = {
        "full": kind == "full",
        "reason": reason,
        "hint": hint,
        "asked_for": asked_for,
        "action": request.get_full_path(),
        "multipart": request.content_type == "multipart/form-data",
        "fields": [] if asked_for else _typed(request),
        "files": bool(not asked_for and _files(request)),
    }
    # Rendered without the request: context processors of the app may read the database.
    page = render_to_string("desktop/obstructed.html", context)
    return HttpResponse(page, status=503, headers=headers)


def _wait(kind: Kind, begun: float) -> Wait:
    """The worker may have waited longer than this request."""
    known = Board(settings.DATA_DIR).read()
    since = min(begun, known.since) if known and known.kind == kind else begun
    if kind == "full":
        return Wait(kind, "", since)
    files = [Path(c.settings_dict["NAME"]) for c in connections.all() if c.vendor == "sqlite"]
    by = in_words(next(filter(None, map(lock_holders, files)), []))
    return Wait(kind, by or (known.by if known else "") or say("another program"), since)


def _is_page(request: HttpRequest) -> bool:
    """Whether the browser displays the response itself, rather than handing it to a script."""
    mode = request.headers.get("Sec-Fetch-Mode")
    return mode == "navigate" if mode else "text/html" in request.headers.get("Accept", "")


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        return [(name, value) for name, values in request.POST.lists() for value in values]
    except Exception:  # a body that was read as a stream, or could not be read
        return []


def _files(request: HttpRequest) -> bool:
    try:
        return bool(request.FILES)
    except Exception:
        return True  # not even readable
