"""The one place where files of a project are read, and others that we did not just write.

Whatever a folder holds, opening it must not hang, fill the memory or end the program: the size is
looked at before the bytes, pipes and devices are not waited for, the depth is looked at before
anything recursive reads it, and what takes too long costs that one file.
"""

from __future__ import annotations

import ast
import configparser
import contextlib
import errno
import json
import os
import re
import signal
import stat
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from djdesk.projects.wording import say

TEXT_LIMIT = 1_000_000  # bytes
DEEPEST = 100  # brackets in brackets, or words of a dotted key
# What nests, and before it what only looks so: strings and comments. A string that does not end is
# one to the end, or its rest would be looked through once for each of its quotes.
NESTING = {
    "toml": re.compile(
        r'"""(?:[^\\]|\\.)*?(?:"""|\Z)'
        r"|'''.*?(?:'''|\Z)"
        r'|"(?:[^"\\\n]|\\.)*+"?'
        r"|'[^'\n]*+'?"
        r"|\#[^\n]*+"
        r"|[\[\]{}]",
        re.DOTALL,
    ),
    "json": re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL),
}
DOTTED = re.compile(rf"(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
# Without waiting for who writes into a pipe, and without becoming the program of a terminal.
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
FLAGS |= getattr(os, "O_BINARY", 0)


class Unreadable(ValueError):
    """What a file holds is not used; the text says why."""


class TooSlow(BaseException):
    """A file took longer than it may. Nothing that catches errors on the way must stop it."""


def read_bytes(file: Path, limit: int = TEXT_LIMIT) -> bytes:
    """All of a regular file. Raises OSError, and `Unreadable` when it holds more than ``limit``."""
    with _opened(file) as (descriptor, size):
        if size > limit:
            raise Unreadable(say("too large to read ({size} MB)", size=size // 2**20))
        # It may grow while it is read.
        data = _taken(descriptor, limit + 1)
        if len(data) > limit:
            raise Unreadable(say("too large to read ({size} MB)", size=limit // 2**20))
        return data


def read_head(file: Path, size: int) -> bytes:
    """The first ``size`` bytes of a regular file. Raises OSError."""
    with _opened(file) as (descriptor, _):
        return _taken(descriptor, size)


def read_text(file: Path, limit: int = TEXT_LIMIT) -> str | None:
    """The text of a small file, without a mark of its encoding; None where it cannot be had."""
    try:
        return read_bytes(file, limit).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[tuple[int, int]]:
    """A descriptor and the size. The kind is looked at before, since opening a device may do
    something, and after, since it may be another file by then."""
    _only_regular(file.stat().st_mode, file)
    descriptor = os.open(file, FLAGS)
    try:
        found = os.fstat(descriptor)
        _only_regular(found.st_mode, file)
        yield descriptor, found.st_size
    finally:
        os.close(descriptor)


def _only_regular(mode: int, file: Path) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "neither a file nor a folder", str(file))


def _taken(descriptor: int, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := os.read(descriptor, min(size, 2**20))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def load_toml(text: str) -> dict[str, Any]:
    """Raises `Unreadable`, also for what is nested too deep to be handled."""
    if DOTTED.search(text):
        raise Unreadable(say("too deeply nested"))
    _shallow(text, "toml")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def load_json(text: str | bytes) -> Any:
    """Raises `Unreadable`, also for what is nested too deep to be handled."""
    try:
        text = text.decode() if isinstance(text, bytes) else text
        _shallow(text, "json")
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def load_ini(text: str) -> configparser.ConfigParser:
    """Raises `Unreadable`."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        raise Unreadable(str(error)) from error
    return parser


def parse_python(text: str, filename: str = "<unknown>") -> ast.Module:
    """Raises SyntaxError as `ast.parse` does, and `Unreadable` for what is nested too deep."""
    try:
        return ast.parse(text, filename=filename)
    except (RecursionError, MemoryError) as error:
        raise Unreadable(say("too deeply nested")) from error
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _shallow(text: str, kind: str) -> None:
    depth = 0
    for found in NESTING[kind].finditer(text):
        if (mark := found[0]) in "[{":
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(say("too deeply nested"))
        elif mark in "]}":
            depth -= 1


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises `TooSlow` inside the block when it takes longer, in the middle of a regular
    expression too. Only in the main thread; elsewhere, and on Windows, nothing is limited."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def late(number: int, frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
