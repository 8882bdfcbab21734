"""Database backups: made with SQLite's backup API, then opened and checked before they count.

Works on plain paths without Django, so that it also helps when the app does not start. Times are
UTC; sizes are bytes.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from djdesk.messages import say

from . import choices, datadir, guardian_files, held_files
from .database import FILE_NAME, check, locked_failure, sqlite_failure
from .launch import LaunchFailure

SIZE_CAP = 4 * 2**30
# Space to leave free for the app itself.
RESERVE = 32 * 2**20

_NAME = re.compile(
    r"(?P<time>\d{8}T\d{6})-(?P<number>\d{3,})-(?P<reason>[a-z]+)-v(?P<version>[0-9A-Za-z.+-]+)\.sqlite3"
)


@dataclass(frozen=True, slots=True)
class Backup:
    """One checked backup. ``reason``: update, manual, restore or salvage; ``version``: the app
    version that wrote the data."""

    path: Path
    created: datetime
    number: int
    reason: str
    version: str
    size: int

    @property
    def name(self) -> str:
        return self.path.name

    def as_dict(self) -> dict[str, object]:
        return {
            "name": self.name,
            "created": self.created.isoformat(),
            "reason": self.reason,
            "version": self.version,
            "size": self.size,
        }


def folder(data_dir: Path) -> Path:
    return data_dir / "backups"


def listed(data_dir: Path) -> list[Backup]:
    """All backups, newest first. Other files in the folder are ignored."""
    found = []
    for path in folder(data_dir).glob("*.sqlite3"):
        if match := _NAME.fullmatch(path.name):
            with contextlib.suppress(OSError, ValueError):
                created = datetime.strptime(match["time"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
                size = path.stat().st_size
                number = int(match["number"])
                found.append(Backup(path, created, number, match["reason"], match["version"], size))
    # Sorted by number, not time: after the clock is set back, the newest backup must not rank last.
    return sorted(found, key=lambda backup: (backup.number, backup.created), reverse=True)


def find(data_dir: Path, name: str) -> Backup:
    """The backup with that name. LookupError if it is not in the list, so no path gets through."""
    for backup in listed(data_dir):
        if backup.name == name:
            return backup
    raise LookupError(f"There is no backup called {name!r}.")


def make(data_dir: Path, reason: str, version: str, *, now: datetime | None = None) -> Backup:
    """Copy the live database, check the copy, then register it and prune older ones.

    Safe while others read and write. Raises LaunchFailure ``disk_full``, ``database_corrupt`` (also
    if the copy fails the check), ``database_locked`` or ``data_dir_unwritable``.
    """
    source = data_dir / FILE_NAME
    size = source.stat().st_size + _size(source.with_name(FILE_NAME + "-wal"))
    free = shutil.disk_usage(data_dir).free
    if free < size + RESERVE:
        raise LaunchFailure(
            "disk_full",
            say(
                "There is not enough space for a backup: {needed} are needed beside {source}, "
                "{free} are free.",
                needed=_mib(size + RESERVE),
                source=source,
                free=_mib(free),
            ),
            say("Free some space on that disk and start again. Nothing was changed."),
        )
    number = max((backup.number for backup in listed(data_dir)), default=0) + 1
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S")
    target = folder(data_dir) / f"{stamp}-{number:03}-{reason}-v{_safe(version)}.sqlite3"
    partial = target.with_suffix(".partial")
    try:
        folder(data_dir).mkdir(mode=0o700, exist_ok=True)
        guardian_files.copy_live(source, partial)
        verify(partial)
        partial.chmod(0o600)
        held_files.replace(partial, target)
    except sqlite3.Error as error:
        raise sqlite_failure(error, source) from error
    except OSError as error:
        raise datadir.os_failure(error, data_dir) from error
    finally:
        for leftover in (partial, Path(f"{partial}-journal")):
            with contextlib.suppress(OSError):
                leftover.unlink()
    prune(data_dir)
    return find(data_dir, target.name)


def verify(path: Path) -> None:
    """Open a backup read-only and run the full check. Raises sqlite3.DatabaseError."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as copy:
        check(copy, "integrity_check")


def prune(data_dir: Path, *, cap: int = SIZE_CAP) -> list[Backup]:
    """Delete old backups and return them. Keeps the latest ``choices.backups_kept``, the latest of
    each version as far as the size limit allows, always the newest, and those that updates need to
    go back."""
    needed = _needed(data_dir)
    backups = [backup for backup in listed(data_dir) if backup.name not in needed]
    latest = choices.read(data_dir).backups_kept
    versions: set[str] = set()
    kept: list[Backup] = []
    for position, backup in enumerate(backups):
        if position < latest or backup.version not in versions:
            kept.append(backup)
        versions.add(backup.version)
    while len(kept) > 1 and sum(backup.size for backup in kept) > cap:
        kept.pop()
    deleted = [backup for backup in backups if backup not in kept]
    for backup in deleted:
        with contextlib.suppress(OSError):
            backup.path.unlink()
    return deleted


def _needed(data_dir: Path) -> set[object]:
    """Names of the backups that updates need to go back."""
    files = (("data.json", "unfinished"), ("updates/update.json", "backup"))
    return {
        guardian_files.read_json(data_dir / file).get(key)
        for file, key in (*files, ("updates/last.json", "backup"))
    }


def delete(data_dir: Path, name: str) -> None:
    """Delete one backup. LookupError if no backup has that name."""
    find(data_dir, name).path.unlink()


def put_back(data_dir: Path, backup: Backup) -> None:
    """Make a backup the live database. Nobody may have the database open: callers hold the locks.

    The copy is complete and checked beside the live file before a single rename changes anything.
    Raises LaunchFailure; until the rename the live file is untouched.
    """
    live = data_dir / FILE_NAME
    incoming = live.with_name(FILE_NAME + ".incoming")
    try:
        verify(backup.path)
        guardian_files.copy_live(backup.path, incoming)
        verify(incoming)
        incoming.chmod(0o600)
        _sync(incoming)
        _swap(incoming, live)
    except sqlite3.Error as error:
        failure = sqlite_failure(error, backup.path)
        if failure.code == "database_corrupt":
            failure.hint = say("Choose another backup. The data in use was not changed.")
        raise failure from error
    except PermissionError as error:
        if held_files.is_refusal(error):
            raise locked_failure(live, str(error)) from error
        raise datadir.os_failure(error, data_dir) from error
    except OSError as error:
        raise datadir.os_failure(error, data_dir) from error
    finally:
        incoming.unlink(missing_ok=True)


def _swap(incoming: Path, live: Path) -> None:
    """Replace ``live`` with ``incoming``. The WAL of ``live`` must not be replayed into the new
    file.

    The WAL may hold the only copy of recent commits, so it is checkpointed into the old file, moved
    away, and deleted once the new file is in place. Raises OSError after restoring everything.
    """
    # mode=rw: do not create a missing file.
    uri = f"{live.absolute().as_uri()}?mode=rw"
    with contextlib.suppress(sqlite3.Error), contextlib.closing(_open(uri)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    logs = [live.with_name(live.name + suffix) for suffix in ("-wal", "-shm")]
    aside = [(log, log.with_name(f"{log.name}.old")) for log in logs if log.exists()]
    _move([*aside, (incoming, live)])
    for _, old_log in aside:
        with contextlib.suppress(OSError):
            old_log.unlink()


def _open(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True)


def _move(pairs: list[tuple[Path, Path]]) -> None:
    """Rename all of them or none. Raises OSError."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in pairs:
            held_files.replace(source, target)
            done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            with contextlib.suppress(OSError):
                held_files.replace(target, source)
        raise


def set_aside(data_dir: Path, word: str, *, now: datetime | None = None) -> Path:
    """Rename the live files, WAL included, and keep them beside the original. Returns the new path
    of the main file. On OSError all files are back where they were."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S")
    base = f"app.{word}-{stamp}"
    name = f"{base}.sqlite3"
    counter = 1
    while (data_dir / name).exists():
        counter += 1
        name = f"{base}-{counter}.sqlite3"
    _move(
        [
            (data_dir / (FILE_NAME + suffix), data_dir / (name + suffix))
            for suffix in ("-wal", "-shm", "")
            if (data_dir / (FILE_NAME + suffix)).exists()
        ]
    )
    return data_dir / name


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _safe(version: str) -> str:
    return re.sub(r"[^0-9A-Za-z.+-]", "", version) or "0"


def _mib(size: int) -> str:
    return f"{max(size, 0) / 2**20:.0f} MiB"
