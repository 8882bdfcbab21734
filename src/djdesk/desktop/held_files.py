"""Replace a file although another program may have it open for a moment.

Only Windows refuses this. Virus scanners, indexers and backup programs open new files, and most let
go within a second.
"""

from __future__ import annotations

import time
from pathlib import Path

TIMEOUT = 3.0  # seconds
PAUSE = 0.05
# ERROR_ACCESS_DENIED if the target is open; ERROR_SHARING_VIOLATION if the source is.
REFUSALS = {5, 32}


def replace(source: Path, target: Path, *, timeout: float | None = None) -> None:
    """``source.replace(target)``, retried for ``timeout`` seconds while either file is in use.

    Raises OSError; both files are then unchanged.
    """
    deadline = time.monotonic() + (TIMEOUT if timeout is None else timeout)
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
    """Whether Windows reported the file as in use. (Errors on other systems have no winerror; there
    the cause is permissions, and waiting does not help.)"""
    return getattr(error, "winerror", None) in REFUSALS
