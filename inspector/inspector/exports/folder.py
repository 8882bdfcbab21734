"""The folder of exports: names that every system takes, and files that are really in it."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.text import slugify

from inspector.lab.files import PART

# What `name_for` makes, and what commands write here. No separator, no leading dot.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def folder() -> Path:
    return settings.DATA_DIR / "exports"


def name_for(project: str, kind: str, day: str, number: int, ending: str) -> str:
    """``shop-report-2026-11-21-7.html``: ASCII, no name that Windows keeps for itself, and no two
    of them alike, because ``number`` is the row's."""
    return f"{slugify(project)[:60].strip('-_') or 'project'}-{kind}-{day}-{number}{ending}"


def path_of(name: str) -> Path:
    """Raises FileNotFoundError for anything but the plain name of a file in the folder."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return folder() / name


def is_there(name: str) -> bool:
    """Whether it is a file of its own: a link that stands in its place is not."""
    try:
        return stat.S_ISREG(path_of(name).lstat().st_mode)
    except OSError:
        return False


def opened(name: str) -> IO[bytes]:
    """The file, for reading. Links are not followed; raises FileNotFoundError."""
    if not is_there(name):
        raise FileNotFoundError(name)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(path_of(name), flags), "rb")
    except OSError as error:
        raise FileNotFoundError(name) from error


def put_aside(name: str) -> None:
    """Move the file, if it is there, to where nothing is shown or served from. A link that stands
    in its place goes at once. Raises OSError."""
    if is_there(name):
        _aside(name).parent.mkdir(exist_ok=True, mode=0o700)
        path_of(name).replace(_aside(name))
    else:
        delete(name)


def bring_back(name: str) -> None:
    """Undo `put_aside`; what has taken its place since stays. Raises OSError."""
    if NAME.fullmatch(name) and _aside(name).is_file() and not path_of(name).exists():
        _aside(name).replace(path_of(name))


def delete_aside(name: str) -> None:
    """The end of a file that was put aside, if there is one."""
    if NAME.fullmatch(name):
        _aside(name).unlink(missing_ok=True)


def _aside(name: str) -> Path:
    return folder() / ".removed" / path_of(name).name


def delete(name: str) -> None:
    """Take the file away, if it is there. A link goes, what it leads to stays. Raises OSError."""
    try:
        path = path_of(name)
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)


def sweep(name: str) -> None:
    """Remove what a worker that was killed has left of this file."""
    if NAME.fullmatch(name):
        for part in folder().glob(f".{name}.*{PART}"):
            part.unlink(missing_ok=True)
