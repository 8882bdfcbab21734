"""Traces of a run: records of the processes, files, logs and rows."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .watch import own

# Files that tools and editors write beside the sources.
NEVER = {".git", ".djdesk", "node_modules", "__pycache__", ".venv", "venv", ".mypy_cache"}
# Tables whose rows come and go during normal use.
PASSING = re.compile(r"django_session|sqlite_|thumbnail_kvstore")


def records(folder: Path) -> list[dict[str, Any]]:
    """The records that watch.py wrote in all processes, without duplicates."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            found.setdefault(line, json.loads(line))
    return list(found.values())


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
    """Row counts of all tables; nothing may be running."""
    found = {}
    for alias, name in databases.items():
        if not Path(name).is_file():
            continue
        with contextlib.closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                quoted = table.replace('"', '""')
                with contextlib.suppress(sqlite3.Error):  # needs an extension that is not loaded
                    (count,) = database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608
                    found[f"{alias}.{table}"] = count
    return found


def lost(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    return sorted(
        f"{table} had {count} rows and has {after.get(table, 0)}"
        for table, count in before.items()
        if after.get(table, 0) < count and not PASSING.search(table)
    )
