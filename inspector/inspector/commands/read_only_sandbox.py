"""Protects the project while a command runs that promised to write nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from djdesk.messages import say
from djdesk.projects.reading import read_head

from ..run.sandbox import Sandbox, detect, without

# Byte 18 of a SQLite file is 2 when the database uses write-ahead logging.
WAL = 2
# Files that SQLite keeps next to a database while it is open.
BESIDE = ("-wal", "-shm", "-journal")


class Missing(Exception):
    """Opening this database would create it. The text is a sentence for the user."""


@dataclass(frozen=True)
class ReadOnlySandbox:
    """``sandbox`` is None if the command runs unprotected; ``text`` is a sentence for the user."""

    sandbox: Sandbox | None
    text: str


def choose_sandbox(
    databases: Iterable[Path], *, asks: bool, waived: bool = False
) -> ReadOnlySandbox:
    """``databases``: SQLite files from the project's settings. ``waived``: the user chose to run
    without the sandbox.
    """
    found = detect()
    if found.program is not None and waived:
        return ReadOnlySandbox(None, without(found).notes[-1])
    if found.program is None:
        return ReadOnlySandbox(
            None,
            say("There is no sandbox here. The folder was checked for changes afterwards."),
        )
    logged = next((file for file in databases if asks and _logged(file)), None)
    if logged is not None:
        return ReadOnlySandbox(
            None,
            say(
                "The folder was not made read-only: {file} has a write-ahead log, which "
                "SQLite needs to open beside it.",
                file=logged.name,
            ),
        )
    name = found.level.rpartition(" ")[2]
    return ReadOnlySandbox(
        found, say("The project's folder was read-only while it ran ({name}).", name=name)
    )


def sqlite_files(databases: dict[str, Any], root: Path) -> list[Path]:
    """Paths of the file-based SQLite databases in a `databases` section."""
    files = []
    for found in databases.values():
        engine = found.get("engine") or ""
        if found.get("state") == "memory" or not found.get("name"):
            continue
        if "sqlite" in engine or "spatialite" in engine:
            files.append(root / found["name"])
    return files


def refuse_missing(databases: Iterable[Path], root: Path) -> None:
    """Raise Missing for a database file that SQLite would create on connecting."""
    for file in databases:
        if not file.is_file():
            shown = file.relative_to(root) if file.is_relative_to(root) else file
            raise Missing(
                say(
                    "The database {file} does not exist, and asking it would make an empty "
                    "file. Make it with migrate first, in your own terminal.",
                    file=shown.as_posix(),
                )
            )


def of_the_project(changed: list[str], databases: Iterable[Path], root: Path) -> list[str]:
    """``changed`` without the files that SQLite creates next to an open database."""
    passing = set()
    for file in databases:
        if file.is_relative_to(root):
            name = file.relative_to(root).as_posix()
            passing |= {name + end for end in BESIDE}
    return [name for name in changed if name not in passing]


def _logged(file: Path) -> bool:
    try:
        head = read_head(file, 20)
    except OSError:
        return False
    return len(head) == 20 and head[18] == WAL
