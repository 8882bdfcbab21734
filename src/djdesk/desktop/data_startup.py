"""Data safety at startup, in this order: a requested restore, an unfinished update, damage, and
then the update itself, each step reversible.

Runs in the server before it binds its port, while it holds the server's lock.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from djdesk.app import AppError
from djdesk.app import current as current_app
from djdesk.messages import joined, say

from . import (
    backups,
    database,
    guardian,
    guardian_files,
    held_files,
    notices,
    ownfiles,
    places,
    salvage,
    schema,
)
from .launch import LaunchFailure
from .lock import WORKER_LOCK, FileLock

logger = logging.getLogger(__name__)

# Clock corrections take minutes; report a clock that is a day behind.
CLOCK_SLACK = 24 * 60 * 60.0

# How long a start waits for a locked database, showing that it waits, before it fails.
LOCKED = 60.0  # seconds
LOCKED_LOOK = 2.0  # seconds before the wait is reported

Tell = Callable[[str], None]


@dataclass(slots=True)
class Memory:
    """``data.json``: the state left by the last start. ``unfinished`` names the backup made for an
    update that is not confirmed yet; ``migrated`` is the version whose migrations have all run."""

    version: str = ""  # of the app
    app: str = ""  # id and name of the app that owns the data; see data_owner.py
    app_name: str = ""
    seen: float = 0.0  # seconds since the epoch
    unfinished: str = ""
    migrated: str = ""
    told: str = ""  # the update whose outcome has been shown to the user
    restore: str = ""  # the backup to restore at the next start, as the user asked


def remembered(data_dir: Path) -> Memory:
    """Missing or damaged values become defaults; a damaged value does not affect the others."""
    try:
        raw = ownfiles.read_json(data_dir / "data.json")
    except (OSError, ValueError):
        raw = {}
    memory = Memory()
    for key, blank in asdict(memory).items():
        value = raw.get(key) if isinstance(raw, dict) else None
        if type(value) is int and isinstance(blank, float):
            value = float(value)
        if type(value) is type(blank) and value == value:  # false for NaN
            setattr(memory, key, value)
    return memory


def app_version() -> str:
    """The version of this process's app; 0 for a command run outside any project."""
    try:
        return current_app().version
    except AppError:
        return "0"


def remember(data_dir: Path, memory: Memory) -> None:
    try:
        app = current_app()
    except AppError:
        app = None  # a command on a data folder, run outside any project
    # Such a command may also run inside another project; the data keep their owner.
    if app and memory.app in ("", app.id):
        memory.app, memory.app_name = app.id, app.name
    temporary = data_dir / "data.json.new"
    temporary.write_text(json.dumps(asdict(memory)), encoding="utf-8")
    held_files.replace(temporary, data_dir / "data.json")


def open_database(data_dir: Path, tell: Tell) -> None:
    """Everything up to an open, intact database. Raises LaunchFailure."""
    _warn(data_dir)
    memory = remembered(data_dir)
    _tell_of_update(data_dir, memory)
    if memory.restore:
        _restore_as_asked(data_dir, memory, tell)
    elif memory.unfinished and not memory.migrated:
        _undo_unfinished(data_dir, memory, tell)
    try:
        _first_contact(data_dir / database.FILE_NAME, tell)
    except LaunchFailure as failure:
        if failure.code != "database_corrupt":
            raise
        tell(say("The database is damaged: rescuing readable data"))
        _salvage(data_dir, failure)


def _first_contact(path: Path, tell: Tell) -> None:
    """Open the database, waiting for a while if another program locks it."""
    deadline = time.monotonic() + LOCKED
    while True:
        try:
            return database.first_contact(path, LOCKED_LOOK)
        except LaunchFailure as failure:
            if failure.code != "database_locked" or time.monotonic() > deadline:
                raise
            logger.warning("waiting: %s %s", failure.reason, failure.detail)
            tell(failure.reason)


def update(data_dir: Path, progress: schema.Progress, tell: Tell) -> None:
    """Run migrations if needed: back up first, and restore if they fail. Raises LaunchFailure."""
    memory = remembered(data_dir)
    if not schema.is_current():
        if memory.unfinished and schema.is_newer():
            _leave_trial(data_dir, memory, tell)
        existing = schema.has_data()
        if existing:
            of_guardian = _backup_of_guardian(data_dir)
            if not of_guardian:
                tell(say("Making a backup before the update"))
            backup = of_guardian or _backup(data_dir, memory.version or "0")
            memory.unfinished = backup.name
            memory.migrated = ""
            remember(data_dir, memory)
        try:
            schema.bring_up_to_date(progress)
        except LaunchFailure as failure:
            if existing and failure.code != "database_newer":
                schema.disconnect()
                _put_back(data_dir, memory, tell)
                failure.hint = say(
                    "Your data from before the update was restored; nothing was lost. "
                    "Install the version that you used before, or report the error: the "
                    "log has the details."
                )
            elif existing:
                memory.unfinished = ""
                remember(data_dir, memory)
                if not of_guardian:
                    backups.delete(data_dir, backup.name)
            raise
        if memory.unfinished:
            memory.migrated = app_version()
    now = time.time()
    if memory.seen - now > CLOCK_SLACK:
        days = (memory.seen - now) / 86_400
        notices.add(
            "clock",
            "warning",
            say(
                "This computer's clock is {days} days behind the last time the app ran. Times in "
                "the app look wrong until the clock is corrected; no data is affected.",
                days=f"{days:.0f}",
            ),
        )
    memory.seen = max(now, memory.seen) if memory.seen - now <= CLOCK_SLACK else now
    if not memory.unfinished:
        memory.version = app_version()
    remember(data_dir, memory)


def _backup_of_guardian(data_dir: Path) -> backups.Backup | None:
    """The backup that the guardian made for the update to this version."""
    journal = guardian_files.read_json(data_dir / "updates" / "update.json")
    if journal.get("state") in guardian.ON_TRIAL:
        with contextlib.suppress(LookupError):
            return backups.find(data_dir, str(journal.get("backup")))
    return None


def _backup(data_dir: Path, version: str) -> backups.Backup:
    """The backup before an update. Its full check may find damage that the quick check missed."""
    try:
        return backups.make(data_dir, "update", version)
    except LaunchFailure as failure:
        if failure.code != "database_corrupt":
            raise
        schema.disconnect()
        _salvage(data_dir, failure)
        return backups.make(data_dir, "update", version)


def is_unconfirmed(data_dir: Path) -> bool:
    """Whether the last update can still be rolled back."""
    return bool(remembered(data_dir).unfinished)


def confirm(data_dir: Path) -> None:
    """The new version works (update_confirmation.py): the update is now final."""
    memory = remembered(data_dir)
    memory.unfinished = memory.migrated = ""
    memory.version = app_version()
    remember(data_dir, memory)


def ask_for_restore(data_dir: Path, name: str) -> None:
    """Restore a backup at the next start. LookupError if no backup has that name."""
    backups.find(data_dir, name)
    memory = remembered(data_dir)
    memory.restore = name
    remember(data_dir, memory)


def restore_now(data_dir: Path, name: str) -> Path | None:
    """Restore a backup, after backing up the present data. Both locks must be free.

    Returns the file that keeps the present data: a backup, or the renamed file itself if it was too
    damaged to back up. Raises LookupError or LaunchFailure.
    """
    chosen = backups.find(data_dir, name)
    kept: Path | None = None
    live = data_dir / database.FILE_NAME
    if live.exists() and live.stat().st_size:
        try:
            version = remembered(data_dir).version or app_version()
            kept = backups.make(data_dir, "restore", version).path
        except LaunchFailure as failure:
            if failure.code != "database_corrupt":
                raise
            kept = backups.set_aside(data_dir, "damaged")
    # the backup just made may have pruned an old one of the same version
    if not chosen.path.exists():
        raise LookupError(say("The backup {name} no longer exists.", name=repr(name)))
    backups.put_back(data_dir, chosen)
    return kept


def _restore_as_asked(data_dir: Path, memory: Memory, tell: Tell) -> None:
    name, memory.restore = memory.restore, ""
    memory.unfinished = memory.migrated = ""
    # Clear the request first: a restore that fails must not be retried at every start.
    remember(data_dir, memory)
    tell(say("Restoring a backup"))
    worker = FileLock(data_dir / WORKER_LOCK)
    if not worker.acquire(timeout=10.0):
        raise LaunchFailure(
            "already_running",
            say("The background worker of an earlier start still uses the database."),
            say("Close the app, wait a moment and start it again. Nothing was changed."),
        )
    try:
        kept = restore_now(data_dir, name)
    except LookupError as error:
        notices.add("restore", "error", joined([str(error), say("Your data is unchanged.")]))
        return
    finally:
        worker.release()
    text = say("The backup {name} was restored.", name=name)
    if kept:
        text += " " + say("The previous data is kept as {name}.", name=kept.name)
    notices.add("restore", "info", text)
    logger.warning("restored %s", name)


def _undo_unfinished(data_dir: Path, memory: Memory, tell: Tell) -> None:
    """The last start backed up and updated but never answered: restore the backup.

    If this is the version that failed, report it before trying again.
    """
    name = memory.unfinished
    try:
        backups.find(data_dir, name)
    except LookupError:
        memory.unfinished = ""
        remember(data_dir, memory)
        return
    _put_back(data_dir, memory, tell)
    notices.add(
        "update",
        "warning",
        say(
            "The last update did not finish, so the data from before it was restored and the "
            "update was run again. Nothing was lost."
        ),
    )


def _leave_trial(data_dir: Path, memory: Memory, tell: Tell) -> None:
    """A newer version migrated the data but was never confirmed, and this is the version before it:
    restore the old data and keep what was written since."""
    schema.disconnect()
    kept = backups.make(data_dir, "restore", memory.migrated or "0")
    _put_back(data_dir, memory, tell)
    notices.add(
        "update",
        "warning",
        say(
            "The last update was never confirmed to work, so the data from before it was "
            "restored. The newer data is kept as {name}.",
            name=kept.name,
        ),
    )


def _put_back(data_dir: Path, memory: Memory, tell: Tell) -> None:
    tell(say("Restoring the previous data"))
    backups.put_back(data_dir, backups.find(data_dir, memory.unfinished))
    logger.warning("put %s back", memory.unfinished)
    memory.unfinished = memory.migrated = ""
    remember(data_dir, memory)


def _salvage(data_dir: Path, failure: LaunchFailure) -> None:
    fresh = data_dir / "app.salvaged.sqlite3"
    try:
        result = salvage.salvage(data_dir / database.FILE_NAME, fresh)
        backups.verify(fresh)
    except (sqlite3.Error, OSError):
        fresh.unlink(missing_ok=True)
        if copies := backups.listed(data_dir):
            failure.hint = say(
                "Restore a backup: there are {count}, the latest from {when} UTC. The "
                "damaged file is kept. Nothing was changed.",
                count=len(copies),
                when=f"{copies[0].created:%Y-%m-%d %H:%M}",
            )
        raise failure from None
    kept = backups.set_aside(data_dir, "damaged")
    fresh.chmod(0o600)
    held_files.replace(fresh, data_dir / database.FILE_NAME)
    text = say(
        "The database was damaged. {rows} rows of {tables} tables were rescued into a new one.",
        rows=result.rows,
        tables=result.tables,
    )
    if result.damaged:
        text += " " + say("Tables that lost rows: {names}.", names=", ".join(result.damaged))
    text += " " + say(
        "The damaged file is kept as {name}; a backup may contain more.", name=kept.name
    )
    notices.add("salvage", "error", text)
    logger.error("database was damaged; kept %s; %s", kept, result)


def _tell_of_update(data_dir: Path, memory: Memory) -> None:
    """Tell the user once that an update was rolled back, and why."""
    journal = guardian_files.read_json(data_dir / "updates" / "update.json")
    if journal.get("state") != "rolled_back" or journal.get("id") == memory.told:
        return
    text = say(
        "Version {version} is running again, with its data.", version=str(journal.get("from"))
    )
    if not journal.get("asked"):
        failed = say("The update to {version} did not work.", version=str(journal.get("to")))
        text = joined([failed, text, str(journal.get("reason") or "")])
    if kept := journal.get("kept"):
        text += " " + say(
            "The data of version {version} is kept as {name}.",
            version=str(journal.get("to")),
            name=kept,
        )
    notices.add("update", "info" if journal.get("asked") else "warning", text.strip())
    memory.told = str(journal.get("id"))
    remember(data_dir, memory)


def _warn(data_dir: Path) -> None:
    if text := places.warning(data_dir):
        notices.add("place", "warning", text)
        logger.warning("%s", text)
