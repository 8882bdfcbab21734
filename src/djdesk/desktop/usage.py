"""How much disk space the data folder uses, and for what."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from . import database


def of_folder(folder: Path) -> int:
    """Bytes of all files below a folder; symbolic links are not followed, and files that disappear
    meanwhile are not counted."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(parent) / name).lstat().st_size
    return total


def of_data(data_dir: Path) -> dict[str, int]:
    """Bytes by part: ``database`` (WAL included), ``backups``, ``exports``, ``logs``, and
    ``total``, which includes everything else."""
    parts = {name: of_folder(data_dir / name) for name in ("backups", "exports", "logs")}
    files = [data_dir / f"{database.FILE_NAME}{end}" for end in ("", "-wal", "-shm")]
    sizes = 0
    for file in files:
        with contextlib.suppress(OSError):
            sizes += file.stat().st_size
    return {"database": sizes, **parts, "total": of_folder(data_dir)}
