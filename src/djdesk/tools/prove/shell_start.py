"""From a listening server to the first page, as the shell does it: health check, one-time login,
first page, and update confirmation."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from email.message import Message
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

READY = 30.0  # seconds that the shell waits for /health/
AGAIN = 0.04
TIMEOUT = 30.0  # seconds per response
MOVES = 20  # redirects that a browser follows
MOVED = (301, 302, 303, 307, 308)


class ShutOut(Exception):
    """The shell could not get in. ``path`` is its last request, ``hint`` the remedy."""

    def __init__(self, reason: str, path: str, why: str, hint: str) -> None:
        super().__init__(reason)
        self.path, self.why, self.hint = path, why, hint


def open_app(port: int, token: str, launch_id: str) -> None:
    """Raises ShutOut. The server must have been started with a ``browser_session``."""
    shell = _Shell(port, token)
    shell.wait_until_ready(launch_id)
    shell.log_in()
    shell.open_first_page()
    shell.confirm()


class _Shell:
    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._origin = f"http://127.0.0.1:{port}"
        self._token = {"X-DJDesk-Token": token}
        self._cookies: dict[str, str] = {}

    def wait_until_ready(self, launch_id: str) -> None:
        until = time.monotonic() + READY
        said = "it does not answer"
        while time.monotonic() < until:
            try:
                status, _, body = self._ask("/health/", self._token)
            except (OSError, http.client.HTTPException) as error:
                said = f"it does not answer: {error}"
            else:
                if status == 200 and _json(body).get("launch_id") == launch_id:
                    return
                said = f"/health/ answers {status}"
            time.sleep(AGAIN)
        raise ShutOut(
            f"The server listens, but is never ready: {said}.", "/health/",
            "The shell shows the app once /health/ answers 200. Of the project's code, only "
            "what runs on every request is involved.",
            "Look for receivers of request_started and connection_created that fail.",
        )  # fmt: skip

    def log_in(self) -> None:
        status, _, body = self._ask("/desktop/code/", self._token, "POST")
        address = str(_json(body).get("url", ""))
        if status == 200 and address.startswith(f"{self._origin}/"):
            status, headers, _ = self._ask(address.removeprefix(self._origin), {})
            if self._cookies and headers.get("Location") == "/":
                return
        raise ShutOut(
            f"A browser cannot log in: the one-time login answers {status}.", "/desktop/code/",
            "Where there is no window, the app opens in the browser, with an address that "
            "works once.",
            "Look for code that answers every request or changes every response, such as a "
            "signal receiver.",
        )  # fmt: skip

    def open_first_page(self) -> None:
        way = ["/"]
        while len(way) <= MOVES:
            try:
                status, headers, _ = self._ask(way[-1], {})
            except TimeoutError:
                return  # a slow page is reported elsewhere
            if status not in MOVED or not headers.get("Location"):
                return
            url = urljoin(self._origin + way[-1], headers["Location"])
            if not url.startswith(f"{self._origin}/"):
                raise ShutOut(
                    f"The window never shows a page of the app: {way[-1]} leads to {url}.", way[-1],
                    f"The app is only at {self._origin}. A window goes to no other address.",
                    "Allow requests to 127.0.0.1. To switch off a middleware there, have its "
                    "__init__ raise MiddlewareNotUsed if settings has DESKTOP_MODE.",
                )  # fmt: skip
            way.append(_path(url))
        raise ShutOut(
            "The window never shows a page of the app: / redirects in a loop "
            f"({' → '.join(_once_around(way))}).", way[-1],
            "Whatever redirects pages that require a login redirects the login page, too.",
            "Exempt the page that it leads to. Or log in the computer's user: first-user = "
            '"os-user" in [tool.djdesk.data].',
        )  # fmt: skip

    def confirm(self) -> None:
        status, _, _ = self._ask("/desktop/update/confirm", self._token, "POST")
        if status not in (200, 202, 409):
            raise ShutOut(
                "No update of the app would be kept, because it is never confirmed "
                f"({status}).",
                "/desktop/update/confirm",
                "After an update the shell asks the new version whether it works.",
                "Look for code that answers every request or changes every response, such as "
                "a signal receiver.",
            )  # fmt: skip

    def _ask(
        self, path: str, headers: Mapping[str, str], method: str = "GET"
    ) -> tuple[int, Message, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            more = {"Cookie": cookies} if cookies and not headers else {}
            connection.request(method, path, headers={**headers, **more, "Content-Length": "0"})
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    self._cookies[name] = morsel.value
            # The first page may be endless; responses to the shell are short.
            return answer.status, answer.headers, answer.read(1 << 20) if headers else b""
        finally:
            connection.close()


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _once_around(way: list[str]) -> list[str]:
    """``/``, ``/login/``, ``/login/``: up to the first repeated page."""
    for at, path in enumerate(way):
        if path in way[:at]:
            return way[: at + 1]
    return [*way[:3], "…"]


def _json(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
