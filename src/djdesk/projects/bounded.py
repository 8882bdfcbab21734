"""Reads regular files only, the size before the bytes, and never waits for who writes into a pipe.

Free of the rest of djdesk: programs that run in a project's own Python, 3.8 or later, load this.
Everybody else reads through `reading.py`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

# Without waiting for who writes into a pipe, and without becoming the program of a terminal.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
FLAGS |= getattr(os, "O_BINARY", 0)


class Unreadable(ValueError):
    """What a file holds is not used; the text says why."""


class TooLarge(Unreadable):
    """``size``: bytes, as far as they are known."""

    def __init__(self, size: int) -> None:
        super().__init__("too large to read (%d MB)" % (size // 2**20))  # noqa: UP031 - for 3.8
        self.size = size


def read_bytes(file: str | os.PathLike[str], limit: int) -> bytes:
    """All of a regular file. Raises OSError, and `TooLarge` when it holds more than ``limit``."""
    with _opened(file) as (descriptor, size):
        if size > limit:
            raise TooLarge(size)
        # It may grow while it is read.
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
    """A descriptor and the size. The kind is looked at before, since opening a device may do
    something, and after, since it may be another file by then."""
    only_regular(os.stat(file).st_mode, file)  # noqa: PTH116 - the path may be text
    descriptor = os.open(file, FLAGS)
    try:
        found = os.fstat(descriptor)
        only_regular(found.st_mode, file)
        yield descriptor, found.st_size
    finally:
        os.close(descriptor)


def only_regular(mode: int, file: str | os.PathLike[str]) -> None:
    """Raises OSError for a folder, a pipe, a socket or a device."""
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
