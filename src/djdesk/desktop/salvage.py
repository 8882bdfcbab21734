"""Salvage what can be read from a damaged database into a new file."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

# Rows copied at a time; a damaged page costs at most the rows on it.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The result: tables with a schema, rows copied, and tables that lost rows."""

    tables: int
    rows: int
    damaged: tuple[str, ...]


def salvage(source: Path, target: Path) -> Salvaged:
    """Copy schema and rows table by table, skipping what cannot be read.

    ``source`` is only read. Raises sqlite3.DatabaseError if not even the schema can be read;
    ``target`` is then deleted.
    """
    target.unlink(missing_ok=True)
    try:
        with (
            contextlib.closing(_open(source)) as old,
            contextlib.closing(sqlite3.connect(target, isolation_level=None)) as new,
        ):
            # Accept text that is not valid UTF-8; blobs stay bytes.
            old.text_factory = lambda raw: raw.decode(errors="replace")
            schema = _schema(old)
            new.execute("PRAGMA foreign_keys=OFF")
            rows = 0
            damaged = []
            for name, sql in schema["table"]:
                new.execute(sql)
                copied, complete = _copy_table(old, new, name)
                rows += copied
                if not complete:
                    damaged.append(name)
            for kind in ("index", "view", "trigger"):
                for name, sql in schema[kind]:
                    try:
                        new.execute(sql)
                    except sqlite3.Error:  # e.g. a unique index that the salvaged rows violate
                        damaged.append(name)
            with contextlib.suppress(sqlite3.Error):
                version = old.execute("PRAGMA user_version").fetchone()[0]
                new.execute(f"PRAGMA user_version={int(version)}")
            if not schema["table"]:
                raise sqlite3.DatabaseError("no table could be read")
            return Salvaged(len(schema["table"]), rows, tuple(damaged))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _open(source: Path) -> sqlite3.Connection:
    """Read-only, with the WAL if there is one; a damaged WAL is left out."""
    uri = source.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=5.0)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        connection = sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True)
    return connection


def _schema(old: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
    schema: dict[str, list[tuple[str, str]]] = {
        kind: [] for kind in ("table", "index", "view", "trigger")
    }
    for kind, name, sql in old.execute("SELECT type, name, sql FROM sqlite_master"):
        if sql and not name.startswith("sqlite_"):
            schema[kind].append((name, sql))
    return schema


def _copy_table(old: sqlite3.Connection, new: sqlite3.Connection, name: str) -> tuple[int, bool]:
    """Copy in rowid chunks; row by row where a chunk fails. Returns the row count and
    completeness.
    """
    quoted = '"' + name.replace('"', '""') + '"'
    copied = 0
    complete = True
    try:
        # Two queries, because each goes straight to its end of the tree; a combined one scans all
        # rows.
        low = old.execute(f"SELECT min(rowid) FROM {quoted}").fetchone()[0]
        high = old.execute(f"SELECT max(rowid) FROM {quoted}").fetchone()[0]
    except sqlite3.Error:
        # No rowid, or one end is unreachable: read forward as far as possible.
        return _copy_rows(old, new, quoted, f"SELECT * FROM {quoted}", keep_part=True)
    if low is None:
        return 0, True
    while low <= high:
        top = low + CHUNK - 1
        select = f"SELECT * FROM {quoted} WHERE rowid BETWEEN {low} AND {top}"
        count, whole = _copy_rows(old, new, quoted, select)
        if not whole:
            complete = False
            count = sum(
                _copy_rows(old, new, quoted, f"SELECT * FROM {quoted} WHERE rowid = {rowid}")[0]
                for rowid in range(low, min(top, high) + 1)
            )
        copied += count
        low = _next_rowid(old, quoted, top, high)
    return copied, complete


def _next_rowid(old: sqlite3.Connection, quoted: str, after: int, high: int) -> int:
    """Skip gaps in the numbering if the tree can be queried; otherwise go on step by step."""
    try:
        found = old.execute(f"SELECT min(rowid) FROM {quoted} WHERE rowid > {after}").fetchone()[0]
    except sqlite3.Error:
        return after + 1
    return high + 1 if found is None else found


def _copy_rows(
    old: sqlite3.Connection,
    new: sqlite3.Connection,
    quoted: str,
    select: str,
    *,
    keep_part: bool = False,
) -> tuple[int, bool]:
    copied = 0
    complete = True
    new.execute("BEGIN")
    try:
        cursor = old.execute(select)
        marks = ",".join("?" * len(cursor.description))
        for row in cursor:
            new.execute(f"INSERT OR IGNORE INTO {quoted} VALUES ({marks})", row)
            copied += 1
    except (sqlite3.Error, OverflowError):
        complete = False
    if complete or keep_part:
        new.execute("COMMIT")
        return copied, complete
    new.execute("ROLLBACK")
    return 0, False
