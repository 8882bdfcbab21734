"""Cache values until any process commits to the shared database.

Reading ``PRAGMA data_version`` takes microseconds; a page's queries and templates take
milliseconds.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from django.db import connection

MOST = 64  # cached values


class _Counter:
    """``data_version`` of a connection that never writes: every commit changes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._path: Path | None = None
        self._database: sqlite3.Connection | None = None
        self._opened = 0

    def read(self, path: Path) -> tuple[int, int] | None:
        """A value that changes with each commit; None if it cannot be read."""
        with self._lock:
            try:
                if path != self._path or self._database is None:
                    self._open(path)
                assert self._database is not None
                version = self._database.execute("PRAGMA data_version").fetchone()[0]
            except sqlite3.Error:
                self._close()
                return None
            # Each connection starts at a different number.
            return self._opened, version

    def close(self) -> None:
        with self._lock:
            self._close()

    def _open(self, path: Path) -> None:
        self._close()
        # Never creates a file and never waits; if the counter cannot be read, the caller queries
        # instead.
        self._database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, check_same_thread=False
        )
        self._path = path
        self._opened += 1

    def _close(self) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
        self._database = self._path = None


_counter = _Counter()
_lock = threading.Lock()
_version: object = None
_kept: dict[Hashable, Any] = {}


def until_commit(key: Hashable, make: Callable[[], Any]) -> Any:
    """The last result of ``make()``, unless somebody has committed since.

    ``key`` must hold everything else that the value depends on: language, arguments, user. Threads
    share the value, so it must not be modified. Inside a transaction, which may see its own
    uncommitted rows, ``make`` is always called.
    """
    global _version
    path = str(os.fspath(connection.settings_dict["NAME"]))
    if connection.in_atomic_block or ":memory:" in path or "mode=memory" in path:
        return make()
    # Read before the rows: a commit in between causes one extra refresh, never a stale value.
    version = _counter.read(Path(path))
    if version is None:
        return make()
    with _lock:
        if version != _version:
            _version = version
            _kept.clear()
        elif key in _kept:
            return _kept[key]
    value = make()
    with _lock:
        if version == _version:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = value
    return value


def close() -> None:
    """Close the file when the server stops."""
    _counter.close()
