"""Login for the browser shell: a one-time code that is exchanged for a session cookie.

The browser is given the path of a local page, not an address, because every user of the computer
can read a process's arguments. The page lies in the data folder, where only its owner can read it,
and posts the code. Scripts can use an address that contains the code; it is never put into
arguments.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from . import launch, sessions
from .guard import ENTER_PATH, TOKEN_HEADER, session_cookie_name

PAGE_LIFE = 300.0  # seconds before an unopened page is removed


# csrf_exempt: the shell posts this, authenticated by the token in the header.
@csrf_exempt
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Return a new one-time code. Requires the launch token.

    ``url`` logs a browser in once. With ``?page=1``, ``page`` is the path of a file that does the
    same with a code of its own, or null if it could not be written.
    """
    config = launch.current()
    if config is None or not config.browser_session or TOKEN_HEADER not in request.META:
        return HttpResponseForbidden("403 Forbidden\n", content_type="text/plain")
    address = f"http://127.0.0.1:{config.port}{ENTER_PATH}"
    answer: dict[str, str | None] = {"url": f"{address}?{urlencode({'code': sessions.new_code()})}"}
    if "page" in request.GET:
        page = _write_page(config.data_dir, address)
        answer["page"] = str(page) if page else None
    return JsonResponse(answer)


# csrf_exempt: the code itself is the proof, and the page that posts it has no cookie yet.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Redeem the code, set the cookie, go to the first page. A used or wrong code is refused."""
    # No user is known yet whose preferences could be read.
    with translation.override(translation.get_language_from_request(request)):
        return _enter(request)


def _enter(request: HttpRequest) -> HttpResponse:
    config = launch.current()
    given = request.POST.get("code", "") or request.GET.get("code", "")
    cookie = sessions.spend(given) if config and config.browser_session else ""
    if config is None or not cookie:
        words = (
            _("This address has already been used, or it is not valid."),
            "",
            _("If a browser was signed in with it, that browser is now signed out."),
            _("For a new one, press Enter in the terminal that runs the app."),
            "",
        )
        return HttpResponseForbidden("\n".join(words), content_type="text/plain; charset=utf-8")
    response: HttpResponse
    if request.method == "POST":
        _remove_pages(config.data_dir)
        # A redirect would still count as cross-site (from the file), and SameSite=Strict cookies
        # are not sent.
        response = HttpResponse(render_to_string("desktop/entered.html"))
    else:
        response = redirect("/")
    response.set_cookie(session_cookie_name(config.port), cookie, httponly=True, samesite="Strict")
    return response


def _write_page(data_dir: Path, address: str) -> Path | None:
    """Write a page that posts its own code to ``address``; readable by this user alone."""
    folder = data_dir / "enter"
    path = folder / f"{secrets.token_hex(8)}.html"
    text = render_to_string(
        "desktop/enter_page.html", {"address": address, "code": sessions.new_code()}
    )
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _remove_pages(data_dir)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return None
    timer = threading.Timer(PAGE_LIFE, path.unlink, kwargs={"missing_ok": True})
    timer.daemon = True
    timer.start()
    return path


def _remove_pages(data_dir: Path) -> None:
    with contextlib.suppress(OSError):
        for path in (data_dir / "enter").glob("*.html"):
            path.unlink(missing_ok=True)
