"""Traces of a run: records of the processes, files, logs and rows."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .watch import own

# Files that tools and editors write beside the sources.
NEVER = {".git", ".djdesk", "node_modules", "__pycache__", ".venv", "venv", ".mypy_cache"}
# Tables whose rows come and go during normal use.
PASSING = re.compile(r"django_session|\.sqlite_|thumbnail_kvstore")
UNKNOWN = -1
TABLES = "SELECT name, sql LIKE 'CREATE VIRTUAL %' FROM sqlite_master WHERE type = 'table'"


def records(folder: Path, since: Mapping[Path, int] | None = None) -> list[dict[str, Any]]:
    """The records that watch.py wrote in all processes, without duplicates. ``since``: only those
    written after an earlier `extent`."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        # A later process may reuse the pid, and thus the file, of one that has ended.
        text = file.read_bytes()[(since or {}).get(file, 0) :].decode("utf-8")
        for line in text.splitlines():
            found.setdefault(line, json.loads(line))
    return list(found.values())


def extent(folder: Path) -> dict[Path, int]:
    """Present sizes of the records; no process may be writing them."""
    return {file: file.stat().st_size for file in folder.glob("*.jsonl")}


def files(root: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below ``root``, except files of tools."""
    found = {}
    for place, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NEVER]
        for name in names:
            path = Path(place) / name
            with contextlib.suppress(OSError):
                facts = path.lstat()
                found[str(path)] = (facts.st_size, facts.st_mtime_ns)
    return found


def unexplained(
    before: Mapping[str, object], after: Mapping[str, object], known: Iterable[Mapping[str, Any]]
) -> list[str]:
    """New or changed files that no known process wrote."""
    written = {record["what"] for record in known if record["kind"] == "write"}
    return sorted(
        path
        for path, facts in after.items()
        if before.get(path) != facts and os.path.realpath(path) not in written
    )


def place_in_log(log: Path) -> tuple[str, int]:
    """`place_in` of a log; empty if there is none."""
    with contextlib.suppress(OSError):
        return place_in(log.read_text(encoding="utf-8", errors="replace"))
    return "", 0


def place_in(text: str) -> tuple[str, int]:
    """The last line of the app's own code in the last traceback of a text."""
    last = text.rpartition("Traceback (most recent call last)")[2]
    for file, line in reversed(re.findall(r'File "([^"]+)", line (\d+)', last)):
        if own(file):
            return file, int(line)
    return "", 0


def missing_in_static(detail: str) -> str:
    """A file referenced by a style sheet or script that collectstatic did not find."""
    found = re.search(r"The file '([^']+)' could not be found", detail)
    return found[1] if found else ""


def launch_id(data: Path) -> str:
    """The launch id of the launch that uses a data folder."""
    found = sorted((data / "run").glob("server*"), key=lambda file: file.stat().st_mtime)
    return str(json.loads(found[-1].read_text(encoding="utf-8"))["launch_id"]) if found else ""


def rows(databases: Mapping[str, str]) -> dict[str, int]:
    """Row counts of all tables, or UNKNOWN; nothing may be running."""
    found = {}
    for alias, name in databases.items():
        if not Path(name).is_file():
            continue
        with contextlib.closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True)) as database:
            tables = database.execute(TABLES).fetchall()
            # A virtual table, such as a full-text index, stores its rows in several others, which
            # SQLite merges at will.
            behind = tuple(f"{table}_" for table, virtual in tables if virtual)
            for table, virtual in tables:
                if virtual or table.startswith(behind):
                    continue
                quoted = table.replace('"', '""')
                count = UNKNOWN
                with contextlib.suppress(sqlite3.Error):  # needs an extension that is not loaded
                    (count,) = database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608
                found[f"{alias}.{table}"] = count
    return found


@dataclass(frozen=True, slots=True)
class Lost:
    """A table with fewer rows after a restart. ``by_nobody``: not deleted through Django, so the
    file was changed otherwise. ``file`` and ``line``: the app's own code that deletes them at
    startup. With neither, they were deleted during normal use, by a package or a task."""

    said: str
    by_nobody: bool = False
    file: str = ""
    line: int = 0

    @property
    def is_fault(self) -> bool:
        return self.by_nobody or bool(self.file)


def lost(
    before: Mapping[str, int], after: Mapping[str, int], known: Iterable[Mapping[str, Any]]
) -> list[Lost]:
    """``known``: records from the second start's processes."""
    deleting: dict[str, list[Mapping[str, Any]]] = {}
    for record in known:
        if record["kind"] == "delete":
            deleting.setdefault(record["what"], []).append(record)
    found = []
    for table, count in sorted(before.items()):
        left = after.get(table, 0)
        if left == UNKNOWN or left >= count or PASSING.search(table):
            continue
        by = deleting.get(table, [])
        own_code = next((one for one in by if one["server"] and one["file"]), None)
        said = f"{table} had {count} rows and has {left}"
        place = (own_code["file"], own_code["line"]) if own_code else ("", 0)
        found.append(Lost(said, not by, *place))
    return found
