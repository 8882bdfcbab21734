"""A short id of the files that this process was started from.

Server, worker and the app's own processes must run the same code: after an update or a ``git pull``
under a running app, old and new code would work on one database. Each process compares ids before
it touches data; on a mismatch the shell restarts all of them together.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from djdesk.app import AppError, load
from djdesk.messages import say

from . import installation
from .launch import LaunchConfig, LaunchFailure

# These never hold an app's code, and some are large.
LEFT_OUT = {"__pycache__", "node_modules"}
MOST = 20_000  # directory entries; anything beyond is not compared


def current(app: Path | None, installed: Path = installation.HERE) -> str:
    """16 hexadecimal digits: in a packaged app a hash of its manifest, which lists every file;
    otherwise a hash of names, sizes and times of the Python files of the runtime and the app."""
    digest = hashlib.sha256()
    if installation.is_packaged(installed):
        digest.update((installed / installation.MANIFEST).read_bytes())
    else:
        for root in dict.fromkeys([Path(__file__).parents[1], *_folders_of(app)]):
            for line in sorted(_python_files(os.fspath(root))):
                digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _folders_of(app: Path | None) -> list[Path]:
    """The folder of the table, and the Django project's folder if that is elsewhere."""
    if app is None:
        return []
    try:
        return [app, load(app).project]
    except AppError:
        return [app]  # a missing folder is reported when the settings are loaded


def check(config: LaunchConfig) -> str:
    """The build id of this process. Raises LaunchFailure ``files_changed`` if the processes beside
    it run a different build."""
    build = current(config.app)
    if config.build and config.build != build:
        raise LaunchFailure(
            "files_changed",
            say("The files of the app have changed while it was running."),
            say("Close it and start it again. Your data was not changed."),
        )
    return build


def _python_files(root: str) -> Iterator[str]:
    """One line per file; it changes whenever the file does."""
    folders = [root]
    seen = 0
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError:
            continue
        seen += len(found)
        if seen > MOST:
            return
        if folder != root and any(entry.name == "pyvenv.cfg" for entry in found):
            continue
        for entry in found:
            name = entry.name
            if name.endswith((".py", "pyproject.toml")):
                try:
                    facts = entry.stat()
                except OSError:
                    continue
                yield f"{entry.path}\0{facts.st_size}\0{facts.st_mtime_ns}\n"
            elif "." not in name and name not in LEFT_OUT and entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
