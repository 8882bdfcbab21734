"""Putting a file in another's place although some program has one of them open for a moment.

Windows refuses that: a virus scanner, an indexer or a backup program has just opened the file. Most
let go within a second. Other systems never refuse.
"""

from __future__ import annotations

import time
from pathlib import Path

PATIENCE = 3.0  # seconds
PAUSE = 0.05
# ERROR_ACCESS_DENIED, which a target that is open gives; ERROR_SHARING_VIOLATION, a source.
REFUSALS = {5, 32}


def replace(source: Path, target: Path, *, patience: float | None = None) -> None:
    """``source.replace(target)``, tried for ``patience`` seconds while one of them is in use.

    Raises OSError; both files are then as they were.
    """
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    while True:
        try:
            source.replace(target)
        except OSError as error:
            if not is_refusal(error) or time.monotonic() >= deadline:
                raise
            time.sleep(PAUSE)
        else:
            return


def is_refusal(error: OSError) -> bool:
    """Whether Windows said that the file is in use. (Errors of other systems have no number of
    Windows: there it is a matter of rights, which waiting does not change.)"""
    return getattr(error, "winerror", None) in REFUSALS
