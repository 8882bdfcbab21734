"""The rehearsal of an update: run the new version on a copy of the data while the old one keeps
running (docs/update-contract.md)."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from djdesk.messages import say, say_noop, without_messages

from .guardian import DATABASE, Transaction
from .guardian_files import MIB, remove
from .guardian_journal import Refused
from .guardian_kinds import Installed

MEDIA = 256 * MIB  # bytes; larger media folders are not copied for a rehearsal
REHEARSAL = 120.0  # seconds, not counting migrations
MIGRATION = 900.0  # seconds; as long as at a real start
STEP = 0.1  # seconds
OUTPUT = "rehearsal.out"
TAIL = 64 * 1024  # bytes of its last output
FORGET = "DELETE FROM django_tasks_database_dbtaskresult WHERE status IN ('READY', 'RUNNING')"
# Files beside the database that settings and pages may need.
COPIED = ("data.json", "secret.key", "choices.json")
# What the new version's shell reports (electron/shell/trial.js, rehearsal.js). Pages get it through
# the journal.
SHELL_SAYS = (
    say_noop("The first page answered {code}."),
    say_noop("The app's page could not be loaded ({why})."),
    say_noop("It was stopped before it was finished."),
    say_noop("The {who_text} has not reported anything for {seconds} s."),
    say_noop("The {who_text} has shown no activity for {seconds} s."),
    say_noop("server"),
    say_noop("worker"),
)


def rehearse(transaction: Transaction, given: argparse.Namespace) -> None:
    """Run the new version on a copy of the data. Raises Refused with its error."""
    if transaction.kind.__class__ is Installed:
        # It cannot run before it is installed, so only the gate checks it.
        transaction.enter("rehearsed")
        return
    folder = transaction.folder / "rehearsal"
    remove(folder)
    folder.mkdir(mode=0o700)
    try:
        copy_data(transaction.data, folder)
        refused = run_rehearsal(transaction, folder, given.start)
    finally:
        for left in (folder, transaction.folder / OUTPUT):
            remove(left)
    if refused is not None:
        reason = say("The new version failed its trial run: {why_text}", why_text=refused)
        raise Refused(reason, say("Nothing was changed; this version keeps running."))
    transaction.enter("rehearsed")


def copy_data(data: Path, folder: Path) -> None:
    """Copy what the new version needs, without queued tasks: no task must run twice."""
    copy = folder / DATABASE
    if (data / DATABASE).exists():
        with contextlib.closing(sqlite3.connect(data / DATABASE, timeout=30.0)) as live:
            live.execute("VACUUM INTO ?", (str(copy),))
        copy.chmod(0o600)
        forget_tasks(copy)
    for name in COPIED:
        if (data / name).is_file():
            shutil.copy2(data / name, folder / name)
    media = data / "media"
    sizes = (file.stat().st_size for file in media.rglob("*") if file.is_file())
    if media.is_dir() and sum(sizes) <= MEDIA:
        shutil.copytree(media, folder / "media", symlinks=True)


def forget_tasks(copy: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(copy)) as database,
        database,
        contextlib.suppress(sqlite3.OperationalError),  # no task table yet
    ):
        database.execute(FORGET)


def run_rehearsal(transaction: Transaction, folder: Path, start: list[str]) -> str | None:
    """Why it failed, in words; None if it did not."""
    kind = transaction.kind
    switches = [word for word in start[1:] if word.startswith("--") and "data-dir" not in word]
    program = kind.program(kind.new)
    words = [str(program), "--rehearse", f"--data-dir={folder}", *switches]
    output = transaction.folder / OUTPUT
    with output.open("w+", encoding="utf-8", errors="replace") as out:
        try:
            process = subprocess.Popen(
                words,
                cwd=folder,
                env={**os.environ, "DJDESK_FOLLOW_PARENT": "1"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return say("It cannot be started ({error}).", error=error.strerror or error)
        try:
            code = wait_for(process, output)
        finally:
            end_group(process)
            out.seek(0)
            lines = out.read(MIB).splitlines()
    if code is None:
        return say("It took longer than {seconds} s.", seconds=f"{REHEARSAL:.0f}")
    return None if code == 0 else last_words(lines, code)


def wait_for(process: subprocess.Popen[bytes], output: Path) -> int | None:
    """Its exit code; None on timeout. Migrating a large database may take longer than the rest."""
    left = {True: MIGRATION, False: REHEARSAL}
    while (code := process.poll()) is None:
        time.sleep(STEP)
        migrates = migrating(output)
        left[migrates] -= STEP
        if left[migrates] < 0:
            return None
    return code


def migrating(output: Path) -> bool:
    """Whether its last reported stage is the migration."""
    with output.open("rb") as file:
        file.seek(max(0, output.stat().st_size - TAIL))
        said = file.read()
    start = said.rfind(b'{"event":"stage"')
    return start >= 0 and said[start:].startswith(b'{"event":"stage","name":"migrate"')


def end_group(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_words(lines: list[str], code: int) -> str:
    """The error of a failed program: its event, else its last line of output."""
    for line in reversed(lines):
        with contextlib.suppress(ValueError):
            event = json.loads(line)
            if isinstance(event, dict) and event.get("event") == "failed":
                return str(without_messages(event).get("reason", ""))
    said = [line.strip() for line in lines if line.strip()]
    return said[-1][:500] if said else say("It ended with exit code {code}.", code=code)
