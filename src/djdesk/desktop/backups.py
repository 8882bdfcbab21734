"""Copies of the database: made with SQLite's backup API, opened and checked before they count.

Everything here works on plain paths without Django, so that it also serves an app that does not
start. Times are UTC; sizes are bytes.
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

from . import choices, datadir, guardian_files, held_files
from .database import FILE_NAME, check, locked_failure, sqlite_failure
from .launch import LaunchFailure
from .wording import say

SIZE_CAP = 4 * 2**30
# Room that the app itself needs beside a copy.
RESERVE = 32 * 2**20

_NAME = re.compile(
    r"(?P<time>\d{8}T\d{6})-(?P<number>\d{3})-(?P<reason>[a-z]+)-v(?P<version>[0-9A-Za-z.+-]+)\.sqlite3"
)


@dataclass(frozen=True, slots=True)
class Backup:
    """One checked copy. ``reason``: update, manual, restore or salvage; ``version``: of the app
    whose data it is."""

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
    """All backups, the latest first. Other files in the folder are left alone and not shown."""
    found = []
    for path in folder(data_dir).glob("*.sqlite3"):
        if match := _NAME.fullmatch(path.name):
            with contextlib.suppress(OSError, ValueError):
                created = datetime.strptime(match["time"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
                size = path.stat().st_size
                number = int(match["number"])
                found.append(Backup(path, created, number, match["reason"], match["version"], size))
    # By number, not by time: a clock that was set back must not make the newest copy the oldest.
    return sorted(found, key=lambda backup: (backup.number, backup.created), reverse=True)


def find(data_dir: Path, name: str) -> Backup:
    """The backup of that name; LookupError if it is not in the list (so no path gets through)."""
    for backup in listed(data_dir):
        if backup.name == name:
            return backup
    raise LookupError(f"There is no backup called {name!r}.")


def make(data_dir: Path, reason: str, version: str, *, now: datetime | None = None) -> Backup:
    """Copy the live database, check the copy, then let it count; older ones make room.

    Safe while others read and write. Raises LaunchFailure ``disk_full``, ``database_corrupt`` (also
    when it is the copy that does not pass), ``database_locked`` or ``data_dir_unwritable``.
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
    present = listed(data_dir)
    number = (max(b.number for b in present) + 1 if present else 1) % 1000
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S")
    target = folder(data_dir) / f"{stamp}-{number:03}-{reason}-v{_safe(version)}.sqlite3"
    partial = target.with_suffix(".partial")
    try:
        folder(data_dir).mkdir(mode=0o700, exist_ok=True)
        _copy(source, partial)
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
    """Open a copy read-only and check all of it. Raises sqlite3.DatabaseError."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as copy:
        check(copy, "integrity_check")


def prune(data_dir: Path, *, cap: int = SIZE_CAP) -> list[Backup]:
    """Delete what is neither among the latest (``choices.backups_kept`` of them) nor the latest of
    its version, then by size; the latest one always stays, and so does the way back from an update.
    Returns what was deleted."""
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
    """Names of the backups that updates lead back to."""
    files = (("data.json", "unfinished"), ("updates/update.json", "backup"))
    return {
        guardian_files.read_json(data_dir / file).get(key)
        for file, key in (*files, ("updates/last.json", "backup"))
    }


def delete(data_dir: Path, name: str) -> None:
    """Delete one backup. LookupError if there is none of that name."""
    find(data_dir, name).path.unlink()


def put_back(data_dir: Path, backup: Backup) -> None:
    """Make a backup the live database. Nobody may have the database open: callers hold the locks.

    The copy is checked and complete beside the live file before the one rename that changes
    anything. Raises LaunchFailure; until the rename the live file is untouched.
    """
    live = data_dir / FILE_NAME
    incoming = live.with_name(FILE_NAME + ".incoming")
    try:
        verify(backup.path)
        _copy(backup.path, incoming)
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
    """Put ``incoming`` in the place of ``live``, whose log must not be replayed into it.

    The log may hold what is in no other file yet: it is folded into the old file, moved away, and
    deleted when the new file stands. Raises OSError; then everything is as it was.
    """
    # mode=rw: where there is no old file, none is made.
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
    """All of them or none. Raises OSError."""
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
    """Keep the live files under another name beside it, as they are, log included. Returns the
    new path of the main file. Raises OSError; then all of them are where they were."""
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


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(uri, uri=True, timeout=10.0)) as live,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy, pages=4096, sleep=0.01)
        # One file, without a log of its own, however the source was set.
        copy.execute("PRAGMA journal_mode=DELETE")


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
