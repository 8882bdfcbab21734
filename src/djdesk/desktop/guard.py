"""Access control: only this launch's window or browser may talk to this server.

The same decision is made twice from the same headers: by the connection before it reads a body
(``connections.py``), and by the first middleware. Before both, ``acceptor.py`` filters out
connections that show no credentials at all.
"""

from __future__ import annotations

import enum
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.cookie import parse_cookie
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext as _

from . import launch, sessions
from .update_confirmation import gate

TOKEN_HEADER = "HTTP_X_DJDESK_TOKEN"  # noqa: S105
ENTER_PATH = "/desktop/enter/"
# Requested by the shell, which has no user, and by a browser before it is logged in. They need no
# preferences, which would have to be read from the database.
UNATTENDED = frozenset({"/health/", "/desktop/code/", "/desktop/update/confirm", ENTER_PATH})


@dataclass(frozen=True, slots=True)
class Visitor:
    """The inputs of the decision: raw values of one request."""

    host: str
    path: str
    method: str = "GET"
    token: str = ""
    session: str = ""
    origin: str = ""
    fetch_site: str = ""
    fetch_mode: str = ""


class Verdict(enum.Enum):
    OURS = "ours"
    ENTERING = "entering"  # unauthenticated; may present a one-time code
    ENDED = "ended"  # has a session of an earlier launch: is told so, and nothing else
    REFUSED = "refused"


def visitor(headers: Mapping[str, str], method: str, path: str, port: int) -> Visitor:
    """``headers`` with WSGI names: HTTP_HOST, HTTP_COOKIE, …"""
    cookies = parse_cookie(headers.get("HTTP_COOKIE", ""))
    return Visitor(
        host=headers.get("HTTP_HOST", ""),
        path=path,
        method=method,
        token=headers.get(TOKEN_HEADER, ""),
        session=cookies.get(session_cookie_name(port), ""),
        origin=headers.get("HTTP_ORIGIN", ""),
        fetch_site=headers.get("HTTP_SEC_FETCH_SITE", ""),
        fetch_mode=headers.get("HTTP_SEC_FETCH_MODE", ""),
    )


def judge(visitor: Visitor, config: launch.LaunchConfig | None) -> Verdict:
    if config is None or visitor.host != f"127.0.0.1:{config.port}":
        return Verdict.REFUSED
    entering = bool(config.browser_session) and visitor.path == ENTER_PATH
    # Browsers set this header and pages cannot change it; without it, no browser sent the request.
    if visitor.fetch_site not in ("", "same-origin", "none"):
        return Verdict.ENTERING if entering and _from_our_file(visitor) else Verdict.REFUSED
    # Compared as bytes: ``compare_digest`` raises on non-ASCII text, and an exception would be
    # visible without the token.
    given = visitor.token.encode("utf-8", "surrogatepass")
    if config.token and hmac.compare_digest(given, config.token.encode()):
        return Verdict.OURS
    if entering:
        return Verdict.ENTERING
    name = sessions.known(visitor.session)
    if not name:
        return Verdict.REFUSED
    return Verdict.ENDED if sessions.has_ended(name) else Verdict.OURS


def may_be_ours(head: bytes, config: launch.LaunchConfig | None) -> Verdict:
    """A cheap pre-check of the raw request ``head``: REFUSED if ``judge`` would certainly say so,
    otherwise ENTERING or OURS. Fast enough for a flood of a thousand requests per second."""
    if config is None:
        return Verdict.REFUSED
    if config.token and config.token.encode() in head:
        return Verdict.OURS
    if not config.browser_session:
        return Verdict.REFUSED
    if ENTER_PATH.encode() in head.partition(b"\r\n")[0]:
        return Verdict.ENTERING
    cookie = re.escape(session_cookie_name(config.port).encode())
    given = re.findall(cookie + rb"=([^;\s]*)", head)[:4]
    ours = any(sessions.known(value.decode("latin-1").strip('"')) for value in given)
    return Verdict.OURS if ours else Verdict.REFUSED


def _from_our_file(visitor: Visitor) -> bool:
    """Whether the request looks like the form of our local page. Others can imitate it, but they
    have no code."""
    return (
        visitor.method == "POST"
        and visitor.origin == "null"
        and visitor.fetch_site == "cross-site"
        and visitor.fetch_mode == "navigate"
    )


def session_cookie_name(port: int) -> str:
    """Cookies are shared between ports on 127.0.0.1, so the name includes the port."""
    return f"{settings.SESSION_COOKIE_NAME}_{port}"


class LaunchGuardMiddleware:
    """Answers unauthenticated requests with a bare 403, and sets every response's headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        config = launch.current()
        if config is None and settings.DESKTOP_MODE != "packaged":
            # Tests, and runserver under the desktop's settings: no shell, hence no token.
            return self.get_response(request)
        port = config.port if config else 0
        seen = visitor(request.META, request.method or "", request.path_info, port)
        verdict = judge(seen, config)
        if verdict is Verdict.ENDED:
            return _refusal(_words_for_an_ended_session(request))
        if verdict is Verdict.REFUSED:
            return _refusal(refusal_text(config))
        if request.path_info in UNATTENDED:
            # Bypasses the project's middleware: one that requires login everywhere would redirect
            # the shell to a login form, and the app would never start.
            view, args, kwargs = resolve(request.path_info, "djdesk.desktop.urls")
            answer: HttpResponse = view(request, *args, **kwargs)
            # As CommonMiddleware does. Without it the connection would close after the response.
            answer.headers.setdefault("Content-Length", str(len(answer.content)))
            response: HttpResponseBase = answer
        else:
            response = self.get_response(request)
        gate.saw(request, response)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


REFUSAL_HEADERS = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def refusal_text(config: launch.LaunchConfig | None) -> str:
    text = "403 Forbidden\n"
    # In the browser shell the client may be the user with an old tab after a restart.
    if config and config.browser_session:
        text += "\nOpen the app from its terminal: press Enter there for a new address.\n"
    return text


def _words_for_an_ended_session(request: HttpRequest) -> str:
    with translation.override(translation.get_language_from_request(request)):
        return "\n".join(
            (
                _("This browser has been signed out."),
                "",
                _(
                    "Its one-time address was opened a second time. Another program or another "
                    "user of this computer may have seen it."
                ),
                _("To sign in again, press Enter in the terminal that runs the app."),
                "",
            )
        )


def _refusal(words: str) -> HttpResponse:
    return HttpResponseForbidden(words, headers=REFUSAL_HEADERS)
