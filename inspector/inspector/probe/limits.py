"""Time limits, and reading files within limits."""

import ast
import os

from .bounded import TooLarge, only_regular, read_bytes
from .messages import say
from .timelimit import at_most

SOURCE_LIMIT = 4 * 2**20  # bytes of a Python file to parse
IMPORT_LIMIT = 64 * 2**20  # bytes of a Python file to import
IMPORT_SECONDS = 15  # per module that only we import
SECONDS = 5  # per file; the largest accepted files take a tenth of that


class OutOfTime(BaseException):
    """A BaseException, so that `except Exception` in a loop does not swallow it."""


def out_of_time(seconds):
    return OutOfTime(say("took longer than {seconds} seconds", seconds="%g" % seconds))


def limited(seconds):
    """Interrupt what takes too long, and again every second in case the exception is swallowed."""
    return at_most(max(0.05, seconds), out_of_time(seconds))


class Late(Exception):
    """One of many items took too long; the others continue."""


def within(seconds, make):
    """The result of ``make()``. Raises `Late` if that takes longer than so many seconds."""
    own = out_of_time(seconds)
    try:
        with at_most(seconds, own):
            return make()
    except OutOfTime as error:
        if error is not own:  # an enclosing limit
            raise
        raise Late(str(own)) from None


def importable(file):
    """Raises OSError or `TooLarge` for a file that must not be imported, such as a pipe."""
    if file and os.path.exists(file):
        found = os.stat(file)
        if not os.path.isdir(file):
            only_regular(found.st_mode, file)
        if found.st_size > IMPORT_LIMIT:
            raise TooLarge(found.st_size)


def parsed(file):
    """The module in a file, or None if it cannot be read."""
    try:
        return within(SECONDS, lambda: ast.parse(read_bytes(file, SOURCE_LIMIT)))
    except (OSError, SyntaxError, ValueError, TypeError, RecursionError, MemoryError, Late):
        return None
