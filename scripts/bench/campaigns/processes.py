"""Kill the shell, the server, the worker or a scan's probe while a forking project is scanned."""

from __future__ import annotations

import contextlib
import random
import re
import sqlite3
import sys
import time
from pathlib import Path

from . import projects
from .browser import BrowserShell, alive, wait_for
from .tally import Tally

TIMEOUT = 3.0  # seconds after which nothing may be left
VICTIMS = ("shell", "server", "worker", "probe")


def campaign(
    top: Path, rounds: int, chance: random.Random, timeout: float = TIMEOUT
) -> list[Tally]:
    project = projects.make(top / "a project é", forking=True)
    tallies = {victim: Tally(f"kill -9 {victim}") for victim in VICTIMS}
    order = [VICTIMS[number % len(VICTIMS)] for number in range(rounds)]
    chance.shuffle(order)
    for number, victim in enumerate(order):
        tally = tallies[victim]
        tally.injected += 1
        try:
            _round(top / "data", project, victim, tally, chance, timeout)
        except Exception as error:
            tally.problems.append(f"round {number}: {type(error).__name__}: {error}")
    return [tally for tally in tallies.values() if tally.injected]


def _round(
    data: Path, project: Path, victim: str, tally: Tally, chance: random.Random, timeout: float
) -> None:
    shell = BrowserShell(data)
    try:
        before = _start_live_scan(shell, project)
        time.sleep(chance.uniform(0, 0.5))
        own = {p.pid for p in before}
        before = [*before, *(p for p in shell.descendants() if p.pid not in own)]
        target = _target(shell, victim)
        target.kill()
        if victim == "shell":
            shell.process.wait(10)
            doomed = before
        elif victim == "server":
            doomed = [target]
        else:
            # The scan's processes end with the worker or the probe; in the latter case the worker
            # stays.
            doomed = [p for p in before if "djdesk.desktop" not in " ".join(_command(p))]
            doomed += [target]
        with contextlib.suppress(TimeoutError):
            tally.recovery.append(wait_for(lambda: not alive(doomed), timeout))
        left = alive(doomed)
        tally.orphans += len(left)
        if left:
            tally.problems.append(f"left: {[(p.pid, _command(p)) for p in left]}")
            for process in left:
                process.kill()
        if victim != "shell":
            tally.recovery.append(wait_for(lambda: _recovered(shell, data, victim), 30))
    finally:
        shell.stop()
    if _intact(data):
        tally.intact += 1
    else:
        tally.problems.append("the database is damaged")
    # Whatever was killed, the next start works with the same data.
    again = BrowserShell(data)
    again.stop()
    tally.survived += 1


def _start_live_scan(shell: BrowserShell, project: Path):
    """Open, trust with this Python, and wait for the forked grandchild."""
    where = shell.post("/open/", path=str(project))
    shell.post(f"{where}trust/", python=sys.executable, settings_module="", run="1")

    def forked():
        return [p for p in shell.descendants() if "probe" in " ".join(_command(p))]

    wait_for(lambda: len(forked()) >= 2)
    return forked()


def _target(shell: BrowserShell, victim: str):
    import psutil

    if victim == "shell":
        return psutil.Process(shell.process.pid)
    word = {"server": "serve", "worker": "worker", "probe": "probe"}[victim]
    found = shell.child(word)
    if found is None:
        raise LookupError(f"no {victim} to kill")
    return found


def _command(process) -> list[str]:
    import psutil

    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _recovered(shell: BrowserShell, data: Path, victim: str) -> bool:
    """Pages are served again. A scan continues without the server, but without its worker or probe
    it must have ended with a reason."""
    return shell.answers() and (victim == "server" or _no_scan_runs(data))


def _no_scan_runs(data: Path) -> bool:
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3", timeout=10)) as database:
        rows = database.execute("SELECT status FROM inspector_scan").fetchall()
    return all(not re.search("running|queued", status[0]) for status in rows)


def _intact(data: Path) -> bool:
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3", timeout=10)) as database:
        return database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
