"""The browser shell's way in: a one-time address that turns into a session cookie."""

from __future__ import annotations

import secrets
import threading

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseRedirect,
    JsonResponse,
)
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from . import launch
from .guard import ENTER_PATH, TOKEN_HEADER, session_cookie_name

KEPT = 16  # unspent codes; the oldest is dropped

_codes: list[str] = []
_lock = threading.Lock()


# Not a form of ours: the shell posts it, and the token in the header has let it in.
@csrf_exempt
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """A fresh one-time address, for the holder of the launch token only."""
    config = launch.current()
    if config is None or not config.browser_session or TOKEN_HEADER not in request.META:
        return HttpResponseForbidden("403 Forbidden\n", content_type="text/plain")
    fresh = secrets.token_urlsafe(24)
    with _lock:
        _codes.append(fresh)
        del _codes[:-KEPT]
    query = urlencode({"code": fresh})
    return JsonResponse({"url": f"http://127.0.0.1:{config.port}{ENTER_PATH}?{query}"})


@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Spend the code, set the cookie, go to the first page. A spent or wrong code gets nothing."""
    config = launch.current()
    if config is None or not config.browser_session or not _spend(request.GET.get("code", "")):
        # Nobody is known yet whose preferences could be asked.
        with translation.override(translation.get_language_from_request(request)):
            return HttpResponseForbidden(
                _("This address has been used already or is not valid.")
                + "\n\n"
                + _("Press Enter in the terminal that runs the app for a new one.")
                + "\n",
                content_type="text/plain; charset=utf-8",
            )
    response = HttpResponseRedirect("/")
    response.set_cookie(
        session_cookie_name(config.port),
        config.browser_session,
        httponly=True,
        samesite="Strict",
    )
    return response


def _spend(given: str) -> bool:
    wanted = given.encode("utf-8", "surrogatepass")
    with _lock:
        for known in _codes:
            if secrets.compare_digest(wanted, known.encode()):
                _codes.remove(known)
                return True
    return False
