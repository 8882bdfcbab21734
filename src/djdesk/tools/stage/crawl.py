"""Every page of the staged app that has an address without arguments, asked for as users will.

A page that answers 500 is refused here and not found by a user: it works for the developer, where
debug settings forgive a missing static file, and every package is there.
"""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .places import RUN, Backend, StageProblem

PATIENCE = 30.0  # seconds for one page
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Server:
    """A server of the staged app that runs; ``log``: what it wrote to stderr."""

    port: int
    token: str
    log: Path


def crawl(backend: Backend, server: Server, env: Mapping[str, str]) -> tuple[int, int]:
    """Ask for every page, first as nobody, then as the first user. Returns how many pages, and how
    many of them the first user was asked for. Raises StageProblem for answers of 500 and above."""
    paths = json.loads(_ask(backend, env, "addresses.py"))
    failed = [(path, "nobody", _status(server, path, "")) for path in paths]
    cookie = _ask(backend, env, "session.py").strip()
    if cookie:
        failed += [(path, "the first user", _status(server, path, cookie)) for path in paths]
    wrong = [entry for entry in failed if entry[2] >= 500]
    if wrong:
        pages = "\n".join(f"  {path} answers {status} to {who}" for path, who, status in wrong)
        raise StageProblem(
            f"{len({path for path, *_ in wrong})} of the app's {len(paths)} pages do not work when "
            f"it is packaged.\n{pages}",
            "“djdesk start --as-packaged” shows them with the settings that users have.",
            server.log.read_text(encoding="utf-8", errors="replace")[-4000:],
        )
    return len(paths), len(paths) if cookie else 0


def _status(server: Server, path: str, cookie: str) -> int:
    """Of the answer's head only: a stream has no end. 0 for a page that takes too long."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        headers = {"X-DJDesk-Token": server.token} | ({"Cookie": cookie} if cookie else {})
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    except TimeoutError:
        return 0
    finally:
        connection.close()


def _ask(backend: Backend, env: Mapping[str, str], script: str) -> str:
    said = subprocess.run(
        [backend.python, *RUN, HERE / "inside" / script],
        capture_output=True, text=True, timeout=120, check=False, env=dict(env),
    )  # fmt: skip
    if said.returncode != 0:
        raise StageProblem("The staged app cannot be asked for its pages.", "", said.stderr[-3000:])
    return said.stdout
