"""Limits of time, and what is read within them."""

import ast
import os

from .bounded import TooLarge, only_regular, read_bytes
from .messages import say
from .timelimit import at_most

SOURCE_LIMIT = 4 * 2**20  # bytes of a file of Python that is parsed
IMPORT_LIMIT = 64 * 2**20  # bytes of one that is imported
IMPORT_SECONDS = 15  # for one that only we import
SECONDS = 5  # for one file; the largest that are read take a tenth of it


class OutOfTime(BaseException):
    """A BaseException, so that `except Exception` in a loop does not swallow it."""


def out_of_time(seconds):
    return OutOfTime(say("took longer than {seconds} seconds", seconds="%g" % seconds))


def limited(seconds):
    """Interrupts what takes too long, and again every second in case that was swallowed."""
    return at_most(max(0.05, seconds), out_of_time(seconds))


class Late(Exception):
    """One of many took longer than it may; the others go on."""


def within(seconds, make):
    """What ``make()`` returns. Raises `Late` when that takes longer than so many seconds."""
    own = out_of_time(seconds)
    try:
        with at_most(seconds, own):
            return make()
    except OutOfTime as error:
        if error is not own:  # a limit around this one
            raise
        raise Late(str(own)) from None


def importable(file):
    """Raises OSError and `TooLarge` for what must not be imported, such as a pipe."""
    if file and os.path.exists(file):
        found = os.stat(file)
        if not os.path.isdir(file):
            only_regular(found.st_mode, file)
        if found.st_size > IMPORT_LIMIT:
            raise TooLarge(found.st_size)


def parsed(file):
    """The module in a file, or None where it cannot be had."""
    try:
        return within(SECONDS, lambda: ast.parse(read_bytes(file, SOURCE_LIMIT)))
    except (OSError, SyntaxError, ValueError, TypeError, RecursionError, MemoryError, Late):
        return None
