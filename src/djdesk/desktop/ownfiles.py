"""Read small files left by earlier runs without trusting their content.

A data folder gets moved, restored and damaged: a record may be huge, deeply nested, or a named pipe
without a writer. None of that may block or crash a start.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

LIMIT = 1_000_000  # bytes
# O_NONBLOCK: do not wait for a writer on a named pipe.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(path: Path, limit: int = LIMIT) -> bytes:
    """The whole content of a regular file. Raises OSError, and ValueError above ``limit`` bytes."""
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
    """Raises OSError, and ValueError also if it is nested too deeply to parse."""
    try:
        return json.loads(read_bytes(path, limit))
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deep") from error


def clear(path: Path) -> None:
    """Remove a non-regular file before writing: opening a named pipe would block.
    Raises OSError."""
    if path.is_fifo():
        path.unlink()
