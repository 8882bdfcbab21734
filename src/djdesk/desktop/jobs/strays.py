"""Processes of a job that are still there when it is over: found by a mark that they inherit.

The end of a job ends its process group. What has left the group, or was left because job and worker
were killed in the same moment, still has the mark in its environment.
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
_GOING = 3.0  # seconds that whoever has lost its worker takes to notice and end by itself

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
    """Those that may have the mark. It is looked for after every job, so on Linux only what has it
    is made a psutil.Process of: that costs a tenth."""
    if sys.platform != "linux":
        yield from psutil.process_iter()
        return
    mark = f"{MARK}=".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError, psutil.Error):
            if mark in environment.read_bytes():
                yield psutil.Process(int(environment.parent.name))


def end(data_dir: Path, job: str = "", patience: float = 0.0) -> int:
    """End them; how many had to be. They get ``patience`` seconds to go by themselves.

    For all jobs: to be called only under the worker's lock, by which no job of this folder runs.
    """
    if not places.root(data_dir).exists():
        return 0  # there has never been a job
    deadline = time.monotonic() + patience
    while (found := find(data_dir, job)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in found:
        with contextlib.suppress(psutil.Error):
            logger.warning("ended process %s, which a job had left behind", process.pid)
            process.kill()
    psutil.wait_procs(found, timeout=_GOING)
    return len(found)
