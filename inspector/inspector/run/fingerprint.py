"""Metadata of a file tree, enough to tell whether anything in it was changed."""

from __future__ import annotations

import os
from pathlib import Path

SKIPPED = {".git", ".hg", ".svn", "node_modules"}
FILE_LIMIT = 200_000

Fingerprint = dict[str, tuple[int, int, int]]


def fingerprint(root: Path, *, limit: int = FILE_LIMIT) -> Fingerprint:
    """Relative path -> (size, mtime in ns, inode). Skips virtual environments.

    Folders are included, so that adding or emptying a folder is noticed.
    """
    seen: Fingerprint = {}
    stack = [str(root)]
    cut = len(str(root)) + 1
    while stack and len(seen) < limit:
        folder = stack.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        if folder != str(root) and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False) and not entry.is_junction():
                    if entry.name in SKIPPED:
                        continue
                    seen[entry.path[cut:] + "/"] = (0, 0, entry.inode())
                    stack.append(entry.path)
                else:
                    stat = entry.stat(follow_symlinks=False)
                    seen[entry.path[cut:]] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
            except OSError:
                continue
    return seen


def changed_files(before: Fingerprint, after: Fingerprint) -> list[str]:
    """Sorted paths that were added, removed or changed."""
    names = before.keys() | after.keys()
    return sorted(
        name.replace(os.sep, "/") for name in names if before.get(name) != after.get(name)
    )
