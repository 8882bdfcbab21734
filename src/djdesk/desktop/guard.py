"""Who may talk to this server: only the window, or the browser, of this launch.

The decision is made twice from the same headers: by the connection, before it reads a body
(``connections.py``), and by the first middleware, in front of everything that answers. Before both,
``strangers.py`` sorts out those that show nothing of ours at all.
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
from .gate import gate

TOKEN_HEADER = "HTTP_X_DJDESK_TOKEN"  # noqa: S105
ENTER_PATH = "/desktop/enter/"
# Asked by the shell, which is nobody, and by a browser that comes in, before it is anybody. They
# have no use for preferences, which are in the database.
UNATTENDED = frozenset({"/health/", "/desktop/code/", "/desktop/update/confirm", ENTER_PATH})


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the decision is made of: raw values of one request."""

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
    ENTERING = "entering"  # has proved nothing yet, and may present a one-time code
    ENDED = "ended"  # a session of this launch that is over: told so, and nothing else
    STRANGER = "stranger"


def visitor(headers: Mapping[str, str], method: str, path: str, port: int) -> Visitor:
    """``headers`` as WSGI names them: HTTP_HOST, HTTP_COOKIE, …"""
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
        return Verdict.STRANGER
    entering = bool(config.browser_session) and visitor.path == ENTER_PATH
    # Browsers send this header and pages cannot; absent means that no browser sent the request.
    if visitor.fetch_site not in ("", "same-origin", "none"):
        return Verdict.ENTERING if entering and _from_our_file(visitor) else Verdict.STRANGER
    # Compared as bytes: ``compare_digest`` raises on text that is not ASCII, and an exception
    # here would tell a stranger something.
    given = visitor.token.encode("utf-8", "surrogatepass")
    if config.token and hmac.compare_digest(given, config.token.encode()):
        return Verdict.OURS
    if entering:
        return Verdict.ENTERING
    name = sessions.known(visitor.session)
    if not name:
        return Verdict.STRANGER
    return Verdict.ENDED if sessions.has_ended(name) else Verdict.OURS


def may_be_ours(head: bytes, config: launch.LaunchConfig | None) -> Verdict:
    """STRANGER where ``judge`` would surely say so, from the raw ``head`` of a request; ENTERING or
    OURS where it may not. Cheap enough for a crowd that asks a thousand times a second."""
    if config is None:
        return Verdict.STRANGER
    if config.token and config.token.encode() in head:
        return Verdict.OURS
    if not config.browser_session:
        return Verdict.STRANGER
    if ENTER_PATH.encode() in head.partition(b"\r\n")[0]:
        return Verdict.ENTERING
    cookie = re.escape(session_cookie_name(config.port).encode())
    given = re.findall(cookie + rb"=([^;\s]*)", head)[:4]
    ours = any(sessions.known(value.decode("latin-1").strip('"')) for value in given)
    return Verdict.OURS if ours else Verdict.STRANGER


def _from_our_file(visitor: Visitor) -> bool:
    """What the form in our page looks like, which the browser opened as a file. Others can look
    the same; they have no code."""
    return (
        visitor.method == "POST"
        and visitor.origin == "null"
        and visitor.fetch_site == "cross-site"
        and visitor.fetch_mode == "navigate"
    )


def session_cookie_name(port: int) -> str:
    """Cookies cross ports on 127.0.0.1; the port in the name keeps two apps from each other's."""
    return f"{settings.SESSION_COOKIE_NAME}_{port}"


class LaunchGuardMiddleware:
    """403 without detail for whoever is not ours; and the headers that every answer carries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        config = launch.current()
        if config is None and settings.DESKTOP_MODE != "packaged":
            # Tests, and runserver under the desktop's settings: there is no shell with a token.
            return self.get_response(request)
        port = config.port if config else 0
        asked = visitor(request.META, request.method or "", request.path_info, port)
        verdict = judge(asked, config)
        if verdict is Verdict.ENDED:
            return _refusal(_words_for_an_ended_session(request))
        if verdict is Verdict.STRANGER:
            return _refusal(words_for_a_stranger(config))
        if request.path_info in UNATTENDED:
            # Not through the project's middleware: one that wants a login everywhere would send
            # the shell to its form, and the app would never start.
            view, args, kwargs = resolve(request.path_info, "djdesk.desktop.urls")
            answer: HttpResponse = view(request, *args, **kwargs)
            # As CommonMiddleware does. Without it the connection would end with the answer.
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


def words_for_a_stranger(config: launch.LaunchConfig | None) -> str:
    text = "403 Forbidden\n"
    # In the browser shell the stranger may be the user, with an old tab after a restart.
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
