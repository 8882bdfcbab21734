"""Temporary folders and unfinished results of the developer's commands.

A command that is ended or interrupted removes its own; what a killed one leaves is removed by the
next command.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psutil

from .problem import ToolProblem

LEFT = re.compile(r"djdesk-.+-(\d+)-\w{8}")
GRACE = 5.0  # seconds for child processes to end


@contextlib.contextmanager
def temporary_folder(what: str) -> Iterator[Path]:
    """A temporary folder; ``what`` is a part of its name."""
    remove_left()
    prefix = f"djdesk-{what}-{os.getpid()}-"
    with (
        ended_properly(),
        tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name,
    ):
        yield Path(name).resolve()


def remove_left(place: Path | None = None) -> None:
    """Remove the folders of commands that were killed: no process has their number."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(place or tempfile.gettempdir()):
            found = LEFT.fullmatch(entry.name)
            if found and _is_ours(entry) and not psutil.pid_exists(int(found[1])):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    """A folder of this user; Windows has a temporary folder for each."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    return sys.platform == "win32" or entry.stat(follow_symlinks=False).st_uid == os.getuid()


@contextlib.contextmanager
def results(folder: Path, note: Path) -> Iterator[None]:
    """Programs write their results into ``folder``. If this is ended before they are finished, what
    they wrote is removed. ``note``: a file that says who is writing, and since when.
    Raises ToolProblem if another process is."""
    try:
        other = json.loads(note.read_text(encoding="utf-8"))
        pid, since = int(other["pid"]), float(other["since"])
    except (OSError, ValueError, KeyError, TypeError):
        pid, since = 0, 0.0
    if pid and pid != os.getpid() and psutil.pid_exists(pid):
        raise ToolProblem(
            f"Another command is packaging this app: process {pid}.",
            f"Wait until it has finished. If there is no such process, delete {note}.",
        )
    if pid:
        _remove_since(folder, since)
    # Clocks of file systems lag behind by a few milliseconds.
    begun = time.time() - 0.1
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({"pid": os.getpid(), "since": begun}), encoding="utf-8")
    try:
        with ended_properly():
            yield
    except (KeyboardInterrupt, SystemExit):
        end_children()
        _remove_since(folder, begun)
        raise
    finally:
        note.unlink(missing_ok=True)


def _remove_since(folder: Path, moment: float) -> None:
    """Remove what was written into ``folder`` after ``moment``."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if _moment(path) < moment:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _moment(path: Path) -> float:
    """When a file came here: tools may give it an earlier time."""
    facts = path.lstat()
    return max(facts.st_mtime, facts.st_ctime)


@contextlib.contextmanager
def ended_properly() -> Iterator[None]:
    """SIGTERM ends the child processes and raises SystemExit, so that everything is cleaned up."""
    default = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if not default or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    end_children()
    raise SystemExit(128 + number)


def end_children() -> None:
    """End all processes below this one: a tool's own children would go on writing."""
    children = psutil.Process().children(recursive=True)
    for child in children:
        with contextlib.suppress(psutil.Error):
            child.terminate()
    for child in psutil.wait_procs(children, timeout=GRACE)[1]:
        with contextlib.suppress(psutil.Error):
            child.kill()
