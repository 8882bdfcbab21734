"""Small files of our own that an earlier run has left: read without trusting what became of them.

A data folder is carried about, restored and damaged: a record may be huge, nested without end, or a
pipe that nobody writes to. None of that may hang or end a start.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

LIMIT = 1_000_000  # bytes
# Without waiting for who writes into a pipe.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(path: Path, limit: int = LIMIT) -> bytes:
    """All of a regular file. Raises OSError, and ValueError when it holds more than ``limit``."""
    descriptor = os.open(path, FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{path} is not a regular file")
        data = file.read(limit + 1) if found.st_size <= limit else b""
        if found.st_size > limit or len(data) > limit:
            raise ValueError(f"{path} is larger than {limit} bytes")
        return data


def read_json(path: Path, limit: int = LIMIT) -> Any:
    """Raises OSError and ValueError, also for what is nested too deep to be parsed."""
    try:
        return json.loads(read_bytes(path, limit))
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deep") from error


def clear(path: Path) -> None:
    """Make room for a file that is about to be written: a pipe there would be waited for. Raises
    OSError."""
    if path.is_fifo():
        path.unlink()
