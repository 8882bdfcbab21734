"""Redirects writes outside the project to a scratch folder."""

import os

from .config import CONFIG
from .guard import GUARD, WRITING
from .places import inside


class Instead:
    """A callable that does not become a method as a class attribute, like a builtin: pathlib in
    Python 3.8 to 3.10 stores `open` that way.
    """

    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


def redirect_writes():
    """Files that the project creates outside its folder go to our scratch folder, and
    are found there again.
    """
    import builtins
    import io

    make, opened, low = os.mkdir, builtins.open, os.open
    elsewhere = os.path.join(CONFIG["scratch"], "elsewhere")

    def ours(path, writing):
        if not isinstance(path, (str, bytes, os.PathLike)):
            return path
        whole = os.path.abspath(os.fsdecode(path))
        if inside(whole, CONFIG["root"]) or GUARD.may_write(whole):
            return path
        inner = os.path.join(elsewhere, os.path.splitdrive(whole)[1].lstrip("/\\"))
        if writing:
            folder = os.path.dirname(inner)
            missing = []
            while not os.path.isdir(folder):
                missing.append(folder)
                folder = os.path.dirname(folder)
            for one in reversed(missing):
                make(one)
            GUARD.note("write", whole, False)
            return inner
        return inner if os.path.exists(inner) else path

    def open_ours(file, mode="r", *args, **kwargs):
        writing = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        return opened(ours(file, writing), mode, *args, **kwargs)

    def open_low(path, flags, *args, **kwargs):
        if kwargs.get("dir_fd") is not None:
            return low(path, flags, *args, **kwargs)
        return low(ours(path, bool(flags & WRITING)), flags, *args, **kwargs)

    def make_ours(path, *args, **kwargs):
        if kwargs.get("dir_fd") is not None or os.path.isdir(path):
            return make(path, *args, **kwargs)
        inner = ours(path, True)
        if inner is not path and os.path.isdir(inner):
            return None
        return make(inner, *args, **kwargs)

    builtins.open = io.open = Instead(open_ours)
    os.open, os.mkdir = Instead(open_low), Instead(make_ours)
    import sqlite3

    connect = sqlite3.connect

    def connect_ours(database, *args, **kwargs):
        name = os.fsdecode(database) if isinstance(database, (str, bytes, os.PathLike)) else ""
        plain = name and name != ":memory:" and not name.startswith("file:")
        return connect(ours(name, True) if plain else database, *args, **kwargs)

    sqlite3.connect = sqlite3.dbapi2.connect = Instead(connect_ours)
