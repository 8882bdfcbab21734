"""The kinds of export files, and writing a file completely or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from djdesk.messages import say
from inspector.sections.scan import Snapshot

from .tables import TABLES, archive

# The code that makes a file is imported on use, since many pages only list the kinds.
PART = ".part"  # suffix of an unfinished file
# Called with the current step; may raise to stop the export.
Step = Callable[[str], None]
Write = Callable[[Snapshot, Snapshot | None, IO[bytes], Step], None]


@dataclass(frozen=True)
class Kind:
    """``write(snapshot, earlier, out, step)``; ``steps``: how many steps it reports."""

    key: str
    ending: str
    write: Write
    steps: int = 1


def _text(what: str, make: Callable[[Snapshot, Snapshot | None], str]) -> Write:
    def write(snapshot: Snapshot, old: Snapshot | None, out: IO[bytes], step: Step) -> None:
        step(what)
        # A lone surrogate, which may come from a file name, cannot be encoded.
        out.write(make(snapshot, old).encode("utf-8", "replace"))

    return write


def _notebook(kind: str) -> Write:
    def make(snapshot: Snapshot, old: Snapshot | None) -> str:
        from .notebooks import document
        from .scope import cleaned

        found = document(kind, cleaned(snapshot), cleaned(old) if old else None)
        return json.dumps(found, indent=1, ensure_ascii=False) + "\n"

    return _text(say("notebook"), make)


def _schema(language: str) -> Callable[[Snapshot, Snapshot | None], str]:
    def make(snapshot: Snapshot, old: Snapshot | None) -> str:
        from . import text
        from .graph import build
        from .notebooks.data import section
        from .scope import cleaned

        written: str = getattr(text, language)(build(cleaned(section(snapshot, "models"))))
        return written

    return make


def _report(snapshot: Snapshot, old: Snapshot | None) -> str:
    from .report import report

    return report(snapshot)


def _tables(snapshot: Snapshot, old: Snapshot | None, out: IO[bytes], step: Step) -> None:
    from .scope import cleaned

    archive(cleaned(snapshot), out, step)


def _json(snapshot: Snapshot, old: Snapshot | None) -> str:
    return json.dumps(snapshot, indent=2, ensure_ascii=True) + "\n"


KINDS = {
    kind.key: kind
    for kind in (
        Kind("report", ".html", _text(say("report"), _report)),
        *(
            Kind(f"notebook-{name}", ".ipynb", _notebook(name))
            for name in ("overview", "models", "migrations", "urls", "changes")
        ),
        Kind("tables", ".zip", _tables, len(TABLES) + 1),
        Kind("snapshot", ".json", _text(say("snapshot"), _json)),
        Kind("mermaid", ".mmd", _text("mermaid", _schema("mermaid"))),
        Kind("dbml", ".dbml", _text("dbml", _schema("dbml"))),
        Kind("dot", ".dot", _text("dot", _schema("dot"))),
    )
}  # fmt: skip


def write_file(kind: Kind, path: Path, snapshot: Snapshot, old: Snapshot | None, step: Step) -> int:
    """Write ``path`` and return its size in bytes. The file is written completely or not at all; an
    existing file is replaced only by a complete one.

    Raises OSError (``sentence`` puts it into words), NothingToCompare if ``old`` is missing, and
    whatever ``step`` raises.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        with part.open("xb") as out:
            kind.write(snapshot, old, out, step)
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return size


def sentence(error: OSError, folder: Path) -> str:
    """Why a file could not be written, and what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return say(
            "There is no space left for {folder}. Free some space on that disk and try again.",
            folder=folder,
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return say(
            "{folder} is not writable. Give this user the right to write there, then try again.",
            folder=folder,
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return say("{folder} does not exist. Create the folder, then try again.", folder=folder)
    return say(
        "The file could not be written to {folder}: {why}.",
        folder=folder,
        why=error.strerror or error,
    )
