"""A private copy of a project that insists on writing files while it loads."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

SKIPPED = {".git", ".hg", ".svn", "node_modules", "__pycache__", ".tox", ".mypy_cache"}
FILE_LIMIT = 60_000
BYTE_LIMIT = 1024 * 2**20
PIECE = 2**20  # bytes per read
# Skips larger files, such as media and dumps, which loading does not need. Databases are read in
# place.
LARGE = 32 * 2**20


class TooLarge(Exception):
    """The project is too large to copy."""


def _copy_file(source: str, target: Path) -> None:
    """Copy the contents, mode and dates of a file in half the time of `shutil.copy2`."""
    if sys.platform == "win32":
        shutil.copy2(source, target)
        return
    reader = os.open(source, os.O_RDONLY)
    try:
        known = os.fstat(reader)
        writer = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, known.st_mode & 0o777)
        try:
            while piece := memoryview(os.read(reader, PIECE)):
                while piece:
                    piece = piece[os.write(writer, piece) :]
            os.utime(writer, ns=(known.st_atime_ns, known.st_mtime_ns))
        finally:
            os.close(writer)
    finally:
        os.close(reader)


def copy(root: Path, target: Path, cancelled: Callable[[], bool]) -> bool:
    """Copy the tree without environments, repositories and large files; links stay links.

    Returns False if cancelled. Raises `TooLarge`, and `OSError` on a full disk.
    """
    files = size = 0
    stack = [root]
    while stack:
        folder = stack.pop()
        if cancelled():
            return False
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        if folder != root and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        here = target / folder.relative_to(root)
        here.mkdir(parents=True, exist_ok=True)
        for entry in entries:
            if entry.is_junction():
                continue
            if entry.is_symlink():
                place = Path(entry.path).resolve()
                # Links to an environment are skipped; a link to a file of the project is copied.
                if place.is_file() and place.is_relative_to(root):
                    shutil.copy2(place, here / entry.name)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED:
                    stack.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                length = entry.stat(follow_symlinks=False).st_size
                if length > LARGE:
                    continue
                files, size = files + 1, size + length
                if files > FILE_LIMIT or size > BYTE_LIMIT:
                    raise TooLarge
                try:
                    _copy_file(entry.path, here / entry.name)
                except PermissionError:
                    continue
    return True
