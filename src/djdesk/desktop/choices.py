"""The user's preferences for the runtime itself: ``choices.json`` in the data folder.

Not in the database, because they are needed when the database cannot be opened or is not migrated.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from . import held_files, ownfiles

FILE_NAME = "choices.json"
MOST_BACKUPS = 50


@dataclass(frozen=True, slots=True)
class Choices:
    """``backups_kept``: how many of the latest backups to keep, from 1 to ``MOST_BACKUPS``."""

    backups_kept: int = 5


def read(data_dir: Path) -> Choices:
    """The stored choices; the defaults if the file is missing or damaged."""
    try:
        kept = ownfiles.read_json(data_dir / FILE_NAME)["backups_kept"]
    except (OSError, ValueError, TypeError, LookupError):
        return Choices()
    # bool is a subclass of int.
    if type(kept) is not int or not 1 <= kept <= MOST_BACKUPS:
        return Choices()
    return Choices(kept)


def write(data_dir: Path, choices: Choices) -> None:
    """Raises OSError and leaves the old file in place."""
    temporary = data_dir / f"{FILE_NAME}.new"
    try:
        temporary.write_text(json.dumps(asdict(choices)), encoding="utf-8")
        temporary.chmod(0o600)
        held_files.replace(temporary, data_dir / FILE_NAME)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
