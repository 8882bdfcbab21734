"""An app's pages, who may see them, and the server's responses, without a browser."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
TIMEOUT = 30.0  # seconds per page
LIMIT = 4 << 20  # bytes to read per page


@dataclass(frozen=True, slots=True)
class Server:
    """A running server of the app; ``log``: its stderr."""

    port: int
    token: str
    log: Path


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is 0 for a timeout; ``kind``: media type; ``text`` is empty except for HTML that
    is not a download."""

    status: int
    kind: str = ""
    location: str = ""
    saved: bool = False
    text: str = ""


class CannotAsk(Exception):
    """The app could not be asked. The message is the end of its stderr."""


def addresses(python: Sequence[str | Path], env: Mapping[str, str]) -> list[dict[str, object]]:
    """The app's pages that take no arguments: ``{"path", "view", "file", "line"}``."""
    found: list[dict[str, object]] = json.loads(ask(python, env, INSIDE / "addresses.py"))
    return found


def session(
    python: Sequence[str | Path], env: Mapping[str, str], *, logged_out_of: str = ""
) -> tuple[str, str] | None:
    """Name and value of a cookie that logs in the app's first user, who is created if missing. With
    ``logged_out_of``, a launch id: of a user who logged out during that launch. None if the app has
    no accounts."""
    said = ask(python, env, INSIDE / "session.py", logged_out_of).strip()
    name, _, value = said.partition("=")
    return (name, value) if value else None


def ask(python: Sequence[str | Path], env: Mapping[str, str], script: Path, *arguments: str) -> str:
    """The last output line of a script that runs in the app's Python; a project's settings may
    print others before. Raises CannotAsk."""
    said = subprocess.run(
        [*python, script, *arguments], capture_output=True, text=True, encoding="utf-8",
        errors="replace", timeout=600, check=False, env=dict(env),
    )  # fmt: skip
    if said.returncode != 0:
        raise CannotAsk(said.stderr[-8000:])
    return said.stdout.strip().rpartition("\n")[2]


def get(server: Server, path: str, cookie: tuple[str, str] | None, *, body: bool = True) -> Answer:
    """A GET request as the window sends it. A stream has no end: only the head is read unless it is
    HTML.
    """
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
    try:
        headers = {"X-DJDesk-Token": server.token}
        if cookie:
            headers["Cookie"] = "=".join(cookie)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        kind = answer.headers.get_content_type()
        saved = (answer.headers.get("Content-Disposition") or "").startswith("attachment")
        wanted = body and kind == "text/html" and not saved
        return Answer(
            status=answer.status,
            kind=kind,
            location=answer.headers.get("Location") or "",
            saved=saved,
            text=answer.read(LIMIT).decode("utf-8", "replace") if wanted else "",
        )
    except TimeoutError:
        return Answer(0)
    finally:
        connection.close()
