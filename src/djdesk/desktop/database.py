"""The SQLite database: connection options, first contact, and errors in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from djdesk.messages import joined, say

from .launch import LaunchFailure

FILE_NAME = "app.sqlite3"
BUSY_TIMEOUT = 10.0  # seconds

# A full check reads the whole file; for larger files it runs only after a sign of trouble.
ALWAYS_CHECKED = 64 * 2**20  # bytes

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # With WAL, NORMAL can lose the last commits at a power cut but never corrupts the file.
    "PRAGMA synchronous=NORMAL",
    # Checkpoint every 1,000 pages, and truncate the WAL to 16 MiB after a burst.
    "PRAGMA journal_size_limit=16777216",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
)


def sqlite_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """OPTIONS of a DATABASES entry. The pragmas in ``given``, the project's own, run after ours.

    IMMEDIATE takes the write lock first, so that the busy timeout applies: a deferred transaction
    that reads and then writes gets SQLITE_BUSY at once, whatever the timeout.
    """
    own = str(given.get("init_command", "")).rstrip("; \n")
    return {
        **given,
        "timeout": BUSY_TIMEOUT,
        "transaction_mode": "IMMEDIATE",
        "init_command": ";".join([*PRAGMAS, *([own] if own else [])]),
    }


def first_contact(path: Path, timeout: float | None = None) -> None:
    """Open the file before Django does, switch it to WAL and check it.

    Raises LaunchFailure with ``database_corrupt``, ``database_locked``, ``disk_full`` or
    ``data_dir_unwritable``. A missing file is created, readable by this user only. Waits for a lock
    for ``timeout`` seconds (default BUSY_TIMEOUT).
    """
    try:
        # A WAL left by an unclean shutdown is a reason for a full check.
        unclean = path.with_name(path.name + "-wal").exists()
        path.touch()
        path.chmod(0o600)  # SQLite gives the WAL and shm files the same mode
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT if timeout is None else timeout, isolation_level=None
        )
        try:
            for pragma in PRAGMAS:
                connection.execute(pragma)
            if unclean or path.stat().st_size <= ALWAYS_CHECKED:
                check(connection)
            # Take the write lock and release it at once: detects read-only files and locks.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise sqlite_failure(error, path) from error
    except OSError as error:
        from .datadir import os_failure

        raise os_failure(error, path.parent) from error


def check(connection: sqlite3.Connection, pragma: str = "quick_check") -> None:
    """Run SQLite's check, which reports damage either as rows or as an error.

    Raises sqlite3.DatabaseError with what SQLite found. ``integrity_check`` also compares indexes
    with their tables, and takes longer.
    """
    found = [row[0] for row in connection.execute(f"PRAGMA {pragma}(5)")]
    if found != ["ok"]:
        error = sqlite3.DatabaseError("; ".join(found))
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def locked_failure(path: Path, detail: str) -> LaunchFailure:
    """Another program has the database open; the message names it if it can be found."""
    from .holders import holders

    by = joined(holders(path), ", ") or say("another program")
    return LaunchFailure(
        "database_locked",
        say("The database {path} is locked by {by_text}.", path=path, by_text=by),
        say(
            "Close the program that has it open (a database browser, a backup or sync program) "
            "and start again."
        ),
        detail,
    )


def sqlite_failure(error: BaseException, path: Path) -> LaunchFailure:
    """Describe an error of SQLite (or Django's wrapper around it) by its primary result code."""
    original = error if isinstance(error, sqlite3.Error) else error.__cause__
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    detail = str(error)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return LaunchFailure(
            "database_corrupt",
            say("The database {path} is damaged.", path=path),
            say(
                "Move the file (and the -wal file beside it, if there is one) to a safe place, put "
                "a copy from the backups folder in its place, and start again. Nothing was changed."
            ),
            detail,
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return locked_failure(path, detail)
    if code == sqlite3.SQLITE_FULL:
        return LaunchFailure(
            "disk_full",
            say("There is no space left for the database {path}.", path=path),
            say("Free some space on that disk and start again. Nothing was lost."),
            detail,
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return LaunchFailure(
            "data_dir_unwritable",
            say("The database {path} cannot be opened for writing.", path=path),
            say(
                "Give this user the right to write to the file and its folder, or choose another "
                "folder with --data-dir."
            ),
            detail,
        )
    return LaunchFailure(
        "internal",
        say("SQLite could not work with {path}.", path=path),
        say("Check the disk, then start again. The log has the details."),
        detail,
    )
