"""Locks, full disks, slow requests, calls that hold the GIL, changed files: the app must survive
all.

Each round runs on the real shell with an ordinary project (busy_app). ``recovery`` is the time from
the end of the fault until everything works again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path

from .browser import BrowserShell, wait_for
from .child import users_environment
from .tally import Tally

APP = Path(__file__).parent / "busy_app"
THREADS = 20  # djdesk.desktop.serve.THREADS


def campaign(top: Path, seconds: float) -> list[Tally]:
    """Each fault lasts ``seconds``."""
    top.mkdir(parents=True)
    app = Path(shutil.copytree(APP, top / "app"))
    collect_static(app, top / "made")
    length = f"{seconds:.0f} s"
    rounds: dict[str, Callable[[Bench, float], None]] = {
        f"foreign lock, {length}": _foreign_lock,
        f"task's transaction, {length}": _own_transaction,
        f"disk full, {length}": _full_disk,
        f"{THREADS} requests of {length}": _slow_requests,
        f"GIL held for {length}": _held_gil,
        "files changed, worker killed": lambda bench, _: _changed_files(bench, "worker"),
        "files changed, server killed": lambda bench, _: _changed_files(bench, "serve"),
    }
    tallies = []
    for number, (name, run) in enumerate(rounds.items()):
        tally = Tally(name, injected=1)
        tallies.append(tally)
        folder = top / f"data {number}"
        if run is _full_disk and (sys.platform == "win32" or os.geteuid()):
            tally.injected = 0  # only root may mount a small disk
            continue
        try:
            with _place(folder, small=run is _full_disk), Bench(app, folder, tally) as bench:
                run(bench, seconds)
                tally.survived += not tally.problems
                tally.intact += bench.intact()
        except Exception as error:
            tally.problems.append(f"{type(error).__name__}: {error}")
    return tallies


def collect_static(app: Path, data: Path) -> None:
    """As packaging does: without them no server starts."""
    names = {
        "DJANGO_SETTINGS_MODULE": "djdesk.overlay.settings",
        "DJDESK_APP": str(app),
        "DJDESK_DATA_DIR": str(data),
    }
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, env=users_environment() | names, check=True)


class Bench:
    """The shell on the busy app, with helpers for the rounds."""

    def __init__(self, app: Path, data: Path, tally: Tally) -> None:
        self.app = app
        self.data = data
        self.tally = tally
        self.shell = BrowserShell(data, app=app)
        self.log = self.shell.errors
        wait_for(lambda: self.shell.child("worker") is not None, 30)

    def expect(self, what: str, holds: object) -> None:
        if not holds:
            self.tally.problems.append(what)

    def enqueue(self, task: str, seconds: float) -> str:
        key = self.shell.get(f"/enqueue/?task={task}&s={seconds}")
        wait_for(lambda: self.status(key) != "READY", 30)
        return key

    def status(self, key: str) -> str:
        return json.loads(self.shell.get("/status/"))[key][0]

    def write(self) -> tuple[int, str]:
        """Status and text of the response to the form."""
        try:
            return self.shell.send_form("/", text="x")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def pids(self) -> list[int]:
        found = [self.shell.child(word) for word in ("serve", "worker")]
        return [process.pid for process in found if process]

    def ends_well(self, keys: list[str], limit: float) -> None:
        """All tasks finish and the form works; the time until then counts as recovery."""
        done = ("SUCCESSFUL", "FAILED")
        self.tally.recovery.append(
            wait_for(lambda: all(self.status(key) in done for key in keys), limit)
        )
        for key in keys:
            self.expect(f"a task ended as {self.status(key)}", self.status(key) == "SUCCESSFUL")
        self.expect("the form does not work afterwards", self.write()[0] == 200)

    def intact(self) -> bool:
        with contextlib.closing(sqlite3.connect(self.data / "app.sqlite3", timeout=10)) as database:
            return database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *exc: object) -> None:
        self.shell.stop()


@contextlib.contextmanager
def _place(folder: Path, *, small: bool) -> Iterator[None]:
    folder.mkdir()
    if not small:
        yield
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _foreign_lock(bench: Bench, seconds: float) -> None:
    before = bench.pids()
    keys = [bench.enqueue("quiet", seconds / 2), bench.enqueue("writer", seconds / 2)]
    with contextlib.closing(
        sqlite3.connect(bench.data / "app.sqlite3", timeout=30, isolation_level=None)
    ) as database:
        database.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + seconds
        status, page = bench.write()
        bench.expect(f"a form under the lock was answered {status}", status in (200, 503))
        if seconds > 15:
            bench.expect("nobody said who holds the lock", f"(pid {os.getpid()})" in page)
        time.sleep(max(0.0, end - time.monotonic()))
        bench.expect("nothing was said in the terminal", "locked by" in bench.log())
        database.execute("ROLLBACK")
    bench.ends_well(keys, seconds)
    bench.expect("a process was started again", bench.pids() == before)


def _own_transaction(bench: Bench, seconds: float) -> None:
    before = bench.pids()
    long = bench.enqueue("one_transaction", seconds)
    begun = time.monotonic()
    status, page = bench.write()
    if seconds > 15:
        bench.expect(f"a form was answered {status}", status == 503 and "background task" in page)
    wait_for(lambda: bench.status(long) != "RUNNING", seconds + 30)
    bench.expect("it ended before its time", time.monotonic() - begun > seconds - 5)
    bench.ends_well([long, bench.enqueue("quiet", 0)], 30)
    bench.expect("a process was started again", bench.pids() == before)


def _full_disk(bench: Bench, seconds: float) -> None:
    before = bench.pids()
    keys = [bench.enqueue("quiet", seconds / 2), bench.enqueue("writer", seconds / 2)]
    ballast = bench.data / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    end = time.monotonic() + seconds
    answers = []
    while time.monotonic() < end:
        answers.append(bench.write())
        time.sleep(1)
    bench.expect("a bare error", all(status in (200, 503) for status, _ in answers))
    bench.expect("no form said so", any("The disk is full" in page for _, page in answers))
    bench.expect("nothing was said in the terminal", "has been full" in bench.log())
    ballast.unlink()
    bench.ends_well(keys, seconds)
    bench.expect("a process was started again", bench.pids() == before)


def _slow_requests(bench: Bench, seconds: float) -> None:
    before = bench.pids()
    answers: list[str] = []

    def ask() -> None:
        answers.append(bench.shell.get(f"/slow/?s={seconds}", limit=seconds * 3))

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bench.expect(f"{THREADS - len(answers)} requests were cut", answers == ["slow"] * THREADS)
    if seconds > 15:
        bench.expect("nothing was said", f"{THREADS} of {THREADS} requests" in bench.log())
    bench.tally.recovery.append(wait_for(bench.shell.answers))
    bench.expect("a process was started again", bench.pids() == before)


def _held_gil(bench: Bench, seconds: float) -> None:
    before = bench.pids()
    answer = bench.shell.get(f"/gil/?s={seconds}", limit=seconds * 3)
    bench.expect("the request was cut", answer == "kept")
    if seconds > 15:
        bench.expect("nothing was said", "has not responded for" in bench.log())
    bench.tally.recovery.append(wait_for(bench.shell.answers))
    bench.expect("a process was started again", bench.pids() == before)


def _changed_files(bench: Bench, victim: str) -> None:
    before = bench.pids()
    with (bench.app / "busy" / "tasks.py").open("a") as file:
        file.write(f"\n# changed at {time.time()}\n")
    target = bench.shell.child(victim)
    if target is None:
        raise LookupError(f"no {victim} to kill")
    target.kill()

    def all_new() -> bool:
        now = bench.pids()
        return len(now) == 2 and not set(now) & set(before) and bench.shell.answers()

    bench.tally.recovery.append(wait_for(all_new, 30))
    bench.expect("nothing was said", "files of the app have changed" in bench.log())
    bench.ends_well([bench.enqueue("quiet", 0)], 30)
