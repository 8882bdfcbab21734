"""150 connections of another user, idle, slow or with a pending body, and all three at once: pages
must stay fast."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from . import crowd
from .browser import BrowserShell
from .tally import Tally

MANY = 150
KINDS = ("idle", "slow", "body", "idle slow body")
LONGEST = 0.5  # maximum seconds per page
PAUSE = 0.1  # seconds between two pages


def campaign(top: Path, seconds: float) -> list[Tally]:
    """Each kind lasts ``seconds``. The slowest page is reported in the recovery column."""
    tallies = []
    shell = BrowserShell(top / "data")
    try:
        for kind in KINDS:
            tally = Tally(f"{MANY} unauthenticated connections: {kind}", injected=1)
            tallies.append(tally)
            _hold_on(shell, kind, seconds, tally)
    finally:
        shell.stop()
    return tallies


def _hold_on(shell: BrowserShell, kind: str, seconds: float, tally: Tally) -> None:
    server = shell.child("serve")
    port = urllib.parse.urlsplit(shell.origin).port
    with contextlib.ExitStack() as stack:
        try:
            crowds = [stack.enter_context(_crowd(port, one)) for one in kind.split()]
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                begun = time.monotonic()
                shell.get("/")
                tally.recovery.append(time.monotonic() - begun)
                time.sleep(PAUSE)
            if any(crowd_process.poll() is not None for crowd_process in crowds):
                raise RuntimeError("the other user's program ended")
        except OSError as error:
            tally.problems.append(f"a page did not come: {error}")
    if max(tally.recovery, default=0.0) > LONGEST:
        tally.problems.append(f"a page took {max(tally.recovery):.2f} s")
    if server is None or not server.is_running():
        tally.problems.append("the server was started again")
    if not tally.problems:
        tally.survived = tally.intact = 1


@contextlib.contextmanager
def _crowd(port: int | None, kind: str) -> Iterator[subprocess.Popen[bytes]]:
    # From its source text: another user may not be able to read this folder.
    text = Path(crowd.__file__).read_text(encoding="utf-8")
    command = [sys.executable, "-I", "-c", text, str(port), str(MANY), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd="/") as crowd_process:
        try:
            if not crowd_process.stdout or not crowd_process.stdout.readline():
                raise RuntimeError("the other user's program did not start")
            yield crowd_process
        finally:
            crowd_process.kill()
