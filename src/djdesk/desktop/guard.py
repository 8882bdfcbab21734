"""The first middleware: only this launch's window may talk to this server."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.http.response import HttpResponseBase

from . import launch

TOKEN_HEADER = "HTTP_X_DJDESK_TOKEN"  # noqa: S105
ENTER_PATH = "/desktop/enter/"


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the decision is made of: raw values of one request."""

    host: str
    path: str
    token: str = ""
    session: str = ""
    fetch_site: str = ""


def allowed(visitor: Visitor, *, port: int, token: str, browser_session: str) -> bool:
    """Whether the request may go on. Compared as bytes: ``compare_digest`` raises on non-ASCII
    text, and an exception here would tell a stranger something."""
    if visitor.host != f"127.0.0.1:{port}":
        return False
    # Browsers send this header and pages cannot; absent means that no browser sent the request.
    if visitor.fetch_site not in ("", "same-origin", "none"):
        return False
    if token and _same(visitor.token, token):
        return True
    if not browser_session:
        return False
    return visitor.path == ENTER_PATH or _same(visitor.session, browser_session)


def session_cookie_name(port: int) -> str:
    """Cookies cross ports on 127.0.0.1; the port in the name keeps two apps from each other's."""
    return f"djdesk_session_{port}"


class LaunchGuardMiddleware:
    """403 without detail for whoever is not ours; and the headers that every answer carries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        config = launch.current()
        if config is None or not allowed(
            Visitor(
                host=request.META.get("HTTP_HOST", ""),
                path=request.path_info,
                token=request.META.get(TOKEN_HEADER, ""),
                session=request.COOKIES.get(session_cookie_name(config.port), ""),
                fetch_site=request.META.get("HTTP_SEC_FETCH_SITE", ""),
            ),
            port=config.port,
            token=config.token,
            browser_session=config.browser_session,
        ):
            return self._refuse(config)
        response = self.get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def _refuse(config: launch.LaunchConfig | None) -> HttpResponse:
        # In the browser shell the stranger may be the user, with an old tab after a restart.
        text = "403 Forbidden\n"
        if config and config.browser_session:
            text += "\nOpen the app from its terminal: press Enter there for a new address.\n"
        return HttpResponseForbidden(
            text,
            content_type="text/plain; charset=utf-8",
            headers={
                "Cache-Control": "no-store",
                "Cross-Origin-Resource-Policy": "same-origin",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
