"""Read regular files only, check the size first, and never block on a named pipe.

Does not import the rest of djdesk: programs that run in a project's own Python (3.8 or later) load
this file. All other code reads through `reading.py`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

# O_NONBLOCK: do not block on a named pipe; O_NOCTTY: do not acquire a controlling terminal.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
FLAGS |= getattr(os, "O_BINARY", 0)


class Unreadable(ValueError):
    """The file's content is not used; the message says why."""


class TooLarge(Unreadable):
    """``size``: bytes, as far as known."""

    def __init__(self, size: int) -> None:
        super().__init__("too large to read (%d MB)" % (size // 2**20))  # noqa: UP031 - for 3.8
        self.size = size


def read_bytes(file: str | os.PathLike[str], limit: int) -> bytes:
    """The whole content of a regular file. Raises OSError, and `TooLarge` above ``limit`` bytes."""
    with _opened(file) as (descriptor, size):
        if size > limit:
            raise TooLarge(size)
        # It may grow while being read.
        data = _taken(descriptor, limit + 1)
        if len(data) > limit:
            raise TooLarge(limit)
        return data


def read_head(file: str | os.PathLike[str], size: int) -> bytes:
    """The first ``size`` bytes of a regular file. Raises OSError."""
    with _opened(file) as (descriptor, _):
        return _taken(descriptor, size)


@contextlib.contextmanager
def _opened(file: str | os.PathLike[str]) -> Iterator[tuple[int, int]]:
    """A descriptor and the size. The file type is checked before opening, because opening a device
    may have effects, and after, because the file may have been replaced."""
    only_regular(os.stat(file).st_mode, file)  # noqa: PTH116 - the path may be text
    descriptor = os.open(file, FLAGS)
    try:
        found = os.fstat(descriptor)
        only_regular(found.st_mode, file)
        yield descriptor, found.st_size
    finally:
        os.close(descriptor)


def only_regular(mode: int, file: str | os.PathLike[str]) -> None:
    """Raises OSError for a folder, pipe, socket or device."""
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(file))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "neither a file nor a folder", os.fspath(file))


def _taken(descriptor: int, size: int) -> bytes:
    pieces = []
    while size > 0:
        piece = os.read(descriptor, min(size, 2**20))
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
