"""Which other programs have a file open, so that a message can name them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil

LIMIT = 3.0  # seconds; asking every process can be slow on Windows


def holders(path: Path) -> list[str]:
    """``name (pid)`` of this user's other processes that have ``path`` open. Processes of others
    cannot be asked; an empty list proves nothing."""
    found = []
    deadline = time.monotonic() + LIMIT
    wanted = {os.path.realpath(f"{path}{suffix}") for suffix in ("", "-wal", "-shm")}
    for process in psutil.process_iter(["name"]):
        if process.pid == os.getpid():
            continue
        try:
            opened = {os.path.realpath(file.path) for file in process.open_files()}
        except (psutil.Error, OSError):
            continue
        if opened & wanted:
            found.append(f"{process.info['name']} (pid {process.pid})")
        if time.monotonic() > deadline:
            break
    return found
