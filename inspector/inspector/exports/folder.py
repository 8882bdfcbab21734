"""The exports folder: portable file names, and checks that a file is really in the folder."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.text import slugify

from inspector.lab.files import PART

# Names made by `name_for` and by commands. No separator, no leading dot.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")


def folder() -> Path:
    return settings.DATA_DIR / "exports"


def name_for(project_name: str, kind: str, day: str, number: int, ending: str) -> str:
    """``shop-report-2026-11-21-7.html``: ASCII, not reserved on Windows, and unique, because
    ``number`` is the row's primary key.
    """
    return f"{slugify(project_name)[:60].strip('-_') or 'project'}-{kind}-{day}-{number}{ending}"


def path_of(name: str) -> Path:
    """Path in the folder. Raises FileNotFoundError unless ``name`` is a plain file name."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return folder() / name


def is_there(name: str) -> bool:
    """Whether it exists as a regular file, not as a link."""
    try:
        return stat.S_ISREG(path_of(name).lstat().st_mode)
    except OSError:
        return False


def opened(name: str) -> IO[bytes]:
    """The file, opened for reading. Does not follow links; raises FileNotFoundError."""
    if not is_there(name):
        raise FileNotFoundError(name)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(path_of(name), flags), "rb")
    except OSError as error:
        raise FileNotFoundError(name) from error


def put_aside(name: str) -> None:
    """Move the file, if it exists, to a folder that is never listed or served.

    A link in its place is deleted at once. Raises OSError.
    """
    if is_there(name):
        _aside(name).parent.mkdir(exist_ok=True, mode=0o700)
        path_of(name).replace(_aside(name))
    else:
        delete(name)


def bring_back(name: str) -> None:
    """Undo `put_aside`, unless a new file has taken the name. Raises OSError."""
    if NAME.fullmatch(name) and _aside(name).is_file() and not path_of(name).exists():
        _aside(name).replace(path_of(name))


def delete_aside(name: str) -> None:
    """Delete a file that was put aside, if it exists."""
    if NAME.fullmatch(name):
        _aside(name).unlink(missing_ok=True)


def _aside(name: str) -> Path:
    return folder() / ".removed" / path_of(name).name


def delete(name: str) -> None:
    """Delete the file, if it exists. A link is removed, its target stays. Raises OSError."""
    try:
        path = path_of(name)
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)


def sweep(name: str) -> None:
    """Remove temporary files of this export left by a killed worker."""
    if NAME.fullmatch(name):
        for part in folder().glob(f".{name}.*{PART}"):
            part.unlink(missing_ok=True)
