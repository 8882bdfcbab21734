"""Kill the server or the worker while they write, and check that all confirmed writes are there."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import sqlite3
import threading
import time
import urllib.parse
from pathlib import Path

from . import projects
from .browser import csrf_token
from .child import TOKEN, Child
from .tally import Tally

LIMIT = 30.0
# Rounds between restarts of both children; a single killed one restarts at once.
OPENED_AT_ONCE = 3


def campaign(top: Path, rounds: int, chance: random.Random) -> list[Tally]:
    data = top / "data"
    top.mkdir(parents=True)
    tallies = {name: Tally(f"kill -9 {name} in writes") for name in ("server", "worker")}
    confirmed: set[str] = set()
    server, worker = Child("serve", data), None
    try:
        worker = Child("worker", data)
        for number in range(rounds):
            folders = [projects.make(top / f"p{number}-{extra}") for extra in range(OPENED_AT_ONCE)]
            victim = chance.choice(("server", "worker"))
            tally = tallies[victim]
            tally.injected += 1
            writer = threading.Thread(target=_open_all, args=(server.port, folders, confirmed))
            writer.start()
            time.sleep(chance.uniform(0, 0.25))
            killed = time.monotonic()
            if victim == "server":
                server.kill()
                server = Child("serve", data)
            else:
                worker.kill()
                worker = Child("worker", data)
            tally.recovery.append(time.monotonic() - killed)
            writer.join(LIMIT)
            problem = _problem(data, confirmed)
            tally.survived += 1
            if problem:
                tally.problems.append(f"round {number}: {problem}")
            else:
                tally.intact += 1
    finally:
        server.stop()
        if worker:
            worker.stop()
    if not confirmed:
        tallies["server"].problems.append("no write was ever confirmed: nothing was tested")
    return list(tallies.values())


def _open_all(port: int, folders: list[Path], confirmed: set[str]) -> None:
    """Add each folder as a project; whatever the server confirmed must be stored."""
    with contextlib.suppress(OSError, http.client.HTTPException, LookupError):
        headers = {"X-DJDesk-Token": TOKEN, "Origin": f"http://127.0.0.1:{port}"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/", headers=headers)
        response = connection.getresponse()
        cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
        token = csrf_token(response.read().decode())
        for folder in folders:
            body = urllib.parse.urlencode({"path": str(folder), "csrfmiddlewaretoken": token})
            connection.request(
                "POST",
                "/open/",
                body,
                headers | {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
            )
            response = connection.getresponse()
            response.read()
            if response.status == 302:
                confirmed.add(os.path.realpath(folder))
        connection.close()


def _problem(data: Path, confirmed: set[str]) -> str:
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3", timeout=30)) as database:
        found = database.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            return f"integrity_check: {found}"
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            return f"foreign keys: {broken[:3]}"
        rows = {
            os.path.realpath(r[0]) for r in database.execute("SELECT path FROM inspector_project")
        }
    missing = confirmed - rows
    return f"confirmed and gone: {sorted(missing)[:3]}" if missing else ""
