"""Installs a staged update, and rolls back code and data if it does not work.

docs/update-contract.md defines the states, files and commands; updating.py does the preparation.
This file and guardian_*.py use only the standard library, because they run from a copy of the
interpreter outside the app while the app is replaced. The process may be killed between any two
lines; ``resume`` finds out how far it got and finishes. Every step is therefore idempotent.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: this file's folder is the package
    _here = Path(__file__).resolve()
    # djdesk.messages lies in a folder beside the copy, or in the app.
    _more = _here.with_name("more") if _here.with_name("more").is_dir() else _here.parents[2]
    sys.path[:0] = [str(_here.parents[1]), str(_more)]
    __package__ = _here.parent.name

from djdesk.messages import say

from .guardian_files import (
    alive,
    copy_database,
    locked,
    read_json,
    remove,
    replace,
    second_name,
    write_json,
)
from .guardian_journal import Journal, Refused, at_dashes, in_words, tell

DATABASE = "app.sqlite3"
TICK = 0.25  # seconds
QUIT = 90.0  # for the app to exit after it was asked to
LOCKS = 60.0  # for its server and worker to exit after that
GRACE = 15.0  # for a version that failed to exit after SIGTERM
SILENCE = 60.0  # without any sign of life from the new version
TRIAL = 140.0  # until confirmed, once its server is ready: a rehearsal's limit plus 20 s
HINDERED = 600.0  # the same while the disk is full or the database is locked
BOOTS = 2  # starts without confirmation before the update is rolled back
# Failures that may not recur: the version is not put on hold because of them.
PASSING = ("disk_full", "database_locked", "already_running", "port_in_use", "data_dir_unwritable")
KEPT = 7 * 86_400.0  # seconds that the previous version stays on disk for "Go back to …"
BEFORE_DRAIN = ("downloaded", "staged", "rehearsed")
UNTOUCHED = (*BEFORE_DRAIN, "drained", "backed_up", "swapping")
BEFORE_BACK = (*BEFORE_DRAIN, "confirmed", "rolled_back", "refused", "abandoned")
ON_TRIAL = ("swapped", "booting")
# The version that lies at the target in each state.
PLACED = {"swapped": "to", "booting": "to", "confirmed": "to", "rolled_back": "from"}
# Set by the AppImage that is being replaced; the new one sets its own.
NOT_HANDED_ON = {"APPIMAGE", "APPDIR", "ARGV0", "OWD", "APPIMAGE_UUID"}


class Transaction(Journal):
    """Carries out the update recorded in the journal."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self.leave = False  # the user's session is ending
        self.passing = False  # the version failed for a reason outside of it

    # Before the swap: any obstacle aborts the update, and the old version starts.

    def install(self, shell: int, command: list[str]) -> int:
        self.note(handed_over=True, start=command)
        tell("waiting")
        try:
            self.wait_for(shell)
            with self.locks():
                self.drain()
                self.back_up()
                if not self.kind.is_new(self.kind.new):
                    raise Refused(say("The new version was changed after it had been checked."))
                if self.leave:
                    raise Refused(say("The session ended before the update was installed."))
                self.enter("swapping", previous=str(self.kind.previous))
                self.step("swap")
                remove(self.folder / "last.json")  # only one previous version is kept
                self.kind.swap()
                self.enter("swapped")
        except (Refused, OSError, sqlite3.Error) as error:
            self.kind.mend()
            if self.state == "swapping" and self.kind.is_new(self.kind.target):
                return self.roll_back(in_words(error))
            with contextlib.suppress(OSError):
                self.abandon(in_words(error))
            if not self.leave:
                self.start(trial=False)
            return 3
        return self.boot()

    def wait_for(self, shell: int) -> None:
        end = time.monotonic() + QUIT
        while alive(shell):
            if time.monotonic() > end:
                raise Refused(say("The app did not close, so the update was not installed."))
            time.sleep(TICK / 5)

    @contextlib.contextmanager
    def locks(self) -> Iterator[None]:
        """Hold the locks, so that nobody can open the data meanwhile."""
        with contextlib.ExitStack() as stack:
            for name in ("server.lock", "worker.lock"):
                if not stack.enter_context(locked(self.data / name, LOCKS)):
                    raise Refused(say("Part of the app is still using the data."))
            yield

    def drain(self) -> None:
        self.step("fold the log into the database")
        self.fold(self.data / DATABASE)
        self.enter("drained")

    def fold(self, path: Path) -> None:
        if not path.exists():
            return
        with contextlib.closing(sqlite3.connect(path, timeout=10.0)) as database:
            if database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise Refused(say("Another program has the database open."))

    def back_up(self) -> None:
        live, name = self.data / DATABASE, ""
        if live.exists():
            name = self.name_of_backup("update", self.journal["from"])
            partial = self.data / "backups" / f"{name}.partial"
            self.step(f"back up to {name}")
            copy_database(live, partial)
            replace(partial, self.data / "backups" / name)
        remove(self.folder / "data.json")
        if (self.data / "data.json").exists():
            write_json(self.folder / "data.json", read_json(self.data / "data.json"))
        self.enter("backed_up", backup=name)

    def name_of_backup(self, reason: str, version: str) -> str:
        """Same naming as backups.py."""
        folder = self.data / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        numbers = [
            int(path.name[16:19]) for path in folder.glob("????????T??????-[0-9][0-9][0-9]-*")
        ]
        number = (max(numbers, default=0) + 1) % 1000
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        return f"{stamp}-{number:03}-{reason}-v{version}.sqlite3"

    def abandon(self, reason: str, state: str = "abandoned") -> None:
        if self.journal.get("staged"):
            self.step("delete what was staged")
            remove(Path(self.journal["staged"]))
        # left by a killed rehearsal: a copy of the data
        for name in ("rehearsal", "rehearsal.out"):
            remove(self.folder / name)
        self.enter(state, reason=reason, staged="", handed_over=False)

    # The new version is in place and has to prove itself.

    def boot(self) -> int:
        boots = int(self.journal.get("boots", 0)) + 1
        if boots > BOOTS:
            return self.roll_back(never_worked())
        remove(self.folder / "boot.json")
        self.enter("booting", boots=boots)
        try:
            return self.watch(self.start(trial=True), 0)
        except OSError as error:
            return self.roll_back(in_words(error))

    def start(self, *, trial: bool) -> subprocess.Popen[bytes]:
        self.step("start the app")
        env = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
        mark = [f"--update={self.journal['id']}"] if trial else []
        return self.kind.start([*self.journal["start"], *mark], env, self.data)

    def watch(self, process: subprocess.Popen[bytes] | None, shell: int) -> int:
        """Wait until the new version is confirmed or has failed. Timeouts are counted in ticks, so
        that time asleep does not count."""
        identity = self.journal["id"]
        silent = waited = hindered = 0.0
        again = True
        at: object = None
        while not self.leave:
            time.sleep(TICK)
            boot = read_json(self.folder / "boot.json")
            boot = boot if boot.get("id") == identity else {}
            stage = boot.get("stage")
            code = process.poll() if process else None
            gone = not (process and code is None) and not alive(boot.get("pid") or shell)
            # Read after asking whether it has ended: it may confirm and quit in between.
            if read_json(self.folder / "confirmed.json").get("id") == identity:
                self.enter("confirmed", handed_over=False, staged="")
                return 0
            if stage == "failed":
                self.passing = boot.get("code") in PASSING
                return self.roll_back(str(boot.get("reason", "")), process, boot.get("pid"))
            if gone:
                if process and not code and not boot and again:
                    # It gave way to another instance that the user had just started.
                    process, again = self.start(trial=True), False
                    continue
                if stage == "quit" or (process and code == 0):
                    # Closed normally. Not counted as a failed boot if its first page had been
                    # shown.
                    boots = self.journal["boots"] - bool(boot.get("shown"))
                    self.note(handed_over=False, boots=boots)
                    return 0
                return self.roll_back(say("It ended on its own."), process)
            silent = silent + TICK if boot.get("at") == at else 0.0
            at = boot.get("at")
            waited += TICK if stage == "waiting" else 0.0
            hindered += TICK if stage == "hindered" else 0.0
            if silent > SILENCE or waited > TRIAL or hindered > HINDERED:
                self.passing = hindered > HINDERED
                return self.roll_back(say("It did not start working."), process, boot.get("pid"))
        return 0

    def end(self, process: subprocess.Popen[bytes] | None, pid: object) -> None:
        """Stop the new version: gracefully first, then by force."""
        if os.name == "nt":  # on Windows a signal kills at once
            words = [*self.journal["start"], "--quit"]
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                subprocess.run(words, timeout=30)
        pids = [int(str(one)) for one in (process.pid if process else 0, pid) if alive(one)]
        for sign in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            for one in pids:
                with contextlib.suppress(OSError):
                    os.kill(one, sign)
            end = time.monotonic() + GRACE
            while time.monotonic() < end and any(alive(one) for one in pids):
                if process:
                    process.poll()
                time.sleep(TICK / 5)

    # Rollback: code first, then data.

    def roll_back(
        self, why: str, process: subprocess.Popen[bytes] | None = None, pid: object = 0
    ) -> int:
        self.enter("rolling_back", reason=why, handed_over=True)
        self.end(process, pid)
        return self.go_on_back()

    def go_on_back(self) -> int:
        with self.locks():
            kind = self.kind
            kind.mend()
            if kind.is_new(kind.target):
                self.step("put the old version back")
                kind.undo()
            self.step("delete the version that failed")
            for left in (kind.new, kind.previous):
                remove(left)
            kept = self.data_back() if self.has_run() else ""
        hold = not self.passing and not self.journal.get("asked")
        held = {*self.journal.get("held", []), *([self.journal["to"]] if hold else [])}
        self.enter(
            "rolled_back", kept=kept, held=sorted(held), staged="", previous="", handed_over=False
        )
        if not self.leave:
            self.start(trial=False)
        return 3

    def has_run(self) -> bool:
        return any(entry["state"] == "booting" for entry in self.journal["history"])

    def data_back(self) -> str:
        """Restore this update's backup. Returns the name of the backup that keeps the new version's
        data."""
        live, name = self.data / DATABASE, self.journal["backup"]
        if not self.journal.get("kept"):  # journalled first, so that a second run does the same
            self.note(kept=self.name_of_backup("restore", self.journal["to"]))
        kept = self.data / "backups" / self.journal["kept"]
        backup = self.data / "backups" / name
        if name and not backup.exists():
            self.step("the backup is gone: the data stays as it is")
            return ""
        logs = [live.with_name(live.name + suffix) for suffix in ("-wal", "-shm")]
        if live.exists() and not kept.exists():
            self.step(f"keep the data of the new version as {kept.name}")
            with contextlib.suppress(sqlite3.Error, Refused):
                self.fold(live)
            for log in filter(Path.exists, logs):
                replace(log, kept.with_name(kept.name + log.name.removeprefix(live.name)))
            second_name(live, kept)
        self.step("put the data back")
        if name:
            incoming = live.with_name(f"{live.name}.incoming")
            try:
                copy_database(backup, incoming)
            except (OSError, sqlite3.Error):  # no space for a copy: use the backup itself
                remove(incoming)
                replace(backup, incoming)
            replace(incoming, live)
        else:
            remove(live)
        remove(self.data / "data.json")
        if before := read_json(self.folder / "data.json"):
            write_json(self.data / "data.json", before)
        return kept.name if kept.exists() else ""

    def back(self, shell: int, command: list[str]) -> int:
        """The user goes back to the previous version; the same steps as any rollback."""
        tell("waiting")
        self.wait_for(shell)
        if self.state != "confirmed":  # another update has been downloaded since
            remove(Path(self.journal["staged"] or self.folder / "none"))
            self.journal = self.last()
        self.enter("rolling_back", reason="", asked=True, paused=True, start=command)
        return self.go_on_back()

    def last(self) -> dict[str, Any]:
        """The journal of the update that can be rolled back, if any."""
        now = self.journal if self.state == "confirmed" else read_json(self.folder / "last.json")
        return now if now.get("previous") and Path(now["previous"]).exists() else {}

    # Every start asks what to do, whatever its version.

    def resume(self, shell: int, command: list[str], version: str = "") -> int:
        """``version``: of the app that asks; it may have been replaced while it started."""
        state = self.state
        if state in (*UNTOUCHED, *ON_TRIAL, "rolling_back"):
            self.step(f"found {state}")
            self.note(start=command)
        if state == "swapping":
            self.kind.mend()
            if self.kind.is_new(self.kind.target):
                self.kind.finish()
                self.enter("swapped")
                state = "swapped"
        if state == "downloaded":
            remove(Path(self.journal["staged"] or self.folder / "none"))
        elif state in UNTOUCHED:
            self.abandon(say("The update was interrupted before anything was replaced."))
        elif state in ON_TRIAL and self.was_replaced(version):
            return self.start_over(shell, self.boot)
        elif state in ON_TRIAL:
            boots = int(self.journal.get("boots", 0)) + 1
            if boots <= BOOTS:
                remove(self.folder / "boot.json")
                self.enter("booting", boots=boots, handed_over=True)
                tell("go_on", trial=self.journal["id"])
                return self.watch(None, shell)
            self.enter("rolling_back", reason=never_worked())
            state = "rolling_back"
        if state == "rolling_back":
            tell("step_aside", reason=self.journal.get("reason", ""))
            self.wait_for(shell)
            return self.go_on_back()
        if state == "confirmed" and time.time() - self.journal["history"][-1]["at"] > KEPT:
            remove(self.kind.previous)
            self.note(previous="")
        if self.was_replaced(version):
            self.note(start=command)
            return self.start_over(shell, self.start_again)
        tell("go_on", trial="")
        return 0

    def was_replaced(self, version: str) -> bool:
        """Whether the app of that version is no longer what lies at the target. A running AppImage
        keeps using its old file, and would open data that belong to the other version."""
        placed = PLACED.get(self.state)
        if not version or not placed or version != self.journal["from" if placed == "to" else "to"]:
            return False
        # A version that the user installed by hand is accepted.
        return self.kind.is_new(self.kind.target) == (placed == "to")

    def start_over(self, shell: int, start: Callable[[], int]) -> int:
        self.step("the app was replaced while it started: once more")
        tell("step_aside", reason="")
        self.wait_for(shell)
        return start()

    def start_again(self) -> int:
        self.start(trial=False)
        return 0


def never_worked() -> str:
    return say("It was started {n} times and never worked.", n=BOOTS)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="guardian.py")
    parser.add_argument("command", choices=["probe", "install", "resume", "back"])
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--shell", type=int, default=0)
    parser.add_argument("--version", default="")
    words, start = at_dashes(sys.argv[1:] if argv is None else argv)
    # The app that calls may be newer than this copy and pass more arguments.
    given, _ = parser.parse_known_args(words)
    if given.command == "probe":
        return 0
    folder = given.data_dir / "updates"
    with contextlib.ExitStack() as stack:
        try:
            if not stack.enter_context(locked(folder / "guardian.lock")):
                return 4
        except OSError as error:
            tell("refused", reason=in_words(error), hint="")
            return 1
        transaction = Transaction(given.data_dir)
        fits = {
            "install": transaction.state == "rehearsed",
            "resume": True,
            "back": transaction.state in BEFORE_BACK and bool(transaction.last()),
        }
        if not fits[given.command]:
            return 2

        def leave(*_: object) -> None:
            transaction.leave = True

        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), leave)
        try:
            more = [given.version] if given.command == "resume" else []
            return int(getattr(transaction, given.command)(given.shell, start, *more))
        except Exception as error:
            transaction.step(f"failed: {traceback.format_exc()}")
            tell("refused", reason=in_words(error), hint="")
            return 1


if __name__ == "__main__":
    sys.exit(main())
