"""Leftover processes of a finished job, found by an inherited environment variable.

When a job ends, so does its process group. Processes that left the group, or whose job and worker
were killed at the same moment, still carry the variable.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from . import places

MARK = "DJDESK_JOB_FOLDER"
_GOING = 3.0  # seconds for a process to notice that its worker is gone and exit

logger = logging.getLogger(__name__)


def find(data_dir: Path, job: str = "") -> list[psutil.Process]:
    """The processes of one job, or of all jobs of this data folder. Never this process."""
    wanted = str(places.folder(data_dir, job) if job else places.root(data_dir))
    found = []
    for process in _marked():
        with contextlib.suppress(psutil.Error, OSError):
            place = process.environ().get(MARK, "") if process.pid != os.getpid() else ""
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and (place == wanted or place.startswith(wanted + os.sep)):
                found.append(process)
    return found


def _marked() -> Iterator[psutil.Process]:
    """Candidates that may carry the mark. This runs after every job, so on Linux psutil.Process
    objects are made only for matches, which is ten times faster."""
    if sys.platform != "linux":
        yield from psutil.process_iter()
        return
    mark = f"{MARK}=".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError, psutil.Error):
            if mark in environment.read_bytes():
                yield psutil.Process(int(environment.parent.name))


def end(data_dir: Path, job: str = "", timeout: float = 0.0) -> int:
    """End them and return how many were killed. They get ``timeout`` seconds to exit by
    themselves.

    For all jobs: call it only while holding the worker's lock, so that no job of this folder runs.
    """
    if not places.root(data_dir).exists():
        return 0  # no job has ever run
    deadline = time.monotonic() + timeout
    while (found := find(data_dir, job)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in found:
        with contextlib.suppress(psutil.Error):
            logger.warning("ended process %s, which a job had left behind", process.pid)
            process.kill()
    psutil.wait_procs(found, timeout=_GOING)
    return len(found)
