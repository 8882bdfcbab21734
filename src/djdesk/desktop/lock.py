"""A file lock that is released when the process that holds it ends, however it ends."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


# In the data folder. The server and the worker each hold theirs while running.
SERVER_LOCK = "server.lock"
WORKER_LOCK = "worker.lock"


class FileLock:
    """Held from ``acquire`` until ``release`` or the end of the process. Not reentrant."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self, timeout: float = 0.0) -> bool:
        """Try for ``timeout`` seconds; True if the lock was acquired. May raise OSError."""
        file = self.path.open("a+b")  # kept open: closing it releases the lock
        deadline = time.monotonic() + timeout
        while True:
            try:
                _lock(file)
            except OSError:
                if time.monotonic() >= deadline:
                    file.close()
                    return False
                time.sleep(0.05)
            else:
                self._file = file
                return True

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def is_held(path: Path) -> bool:
    """Whether any process holds the lock now. A missing file is not locked."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        free = lock.acquire()
    except OSError:
        return True
    lock.release()
    return not free
