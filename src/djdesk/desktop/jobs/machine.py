"""What this computer has for jobs, what they take, and how to be a modest neighbour on it."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

SHARE = 0.75  # of the memory that jobs may take together
NICE = 10
# The first process that Linux ends when memory is short; 0 is the usual, 1000 the most.
OOM_SCORE = 700
# Below this share of free memory, and this many bytes, the computer is about to swap.
SHORT_SHARE, SHORT = 0.03, 256 * 2**20
# Libraries that start a thread for each core unless they are told otherwise.
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
    "POLARS_MAX_THREADS",
)
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Machine:
    """``cores`` for jobs: all but one, at least one. ``memory`` for jobs together, in bytes."""

    cores: int
    memory: int


def measure(cgroup: Path = _CGROUP) -> Machine:
    """What there really is: physical cores that this process may use, and what a container's limits
    leave of them and of the memory."""
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        cores = min(cores, len(os.sched_getaffinity(0)))
    if quota := _cpu_quota(cgroup):
        cores = min(cores, max(1, int(quota)))
    memory = psutil.virtual_memory().total
    if limit := _memory_limit(cgroup):
        memory = min(memory, limit)
    return Machine(max(1, cores - 1), int(memory * SHARE))


def _cpu_quota(cgroup: Path) -> float | None:
    with contextlib.suppress(OSError, ValueError, ZeroDivisionError):
        quota, period = (cgroup / "cpu.max").read_text().split()
        return int(quota) / int(period)
    return None


def _memory_limit(cgroup: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        return int((cgroup / "memory.max").read_text())
    return None


def available() -> int:
    """Bytes that can be given out without swapping."""
    return psutil.virtual_memory().available


def is_short(free: int | None = None, total: int | None = None) -> bool:
    """Whether the computer is about to swap."""
    memory = psutil.virtual_memory()
    free = memory.available if free is None else free
    total = memory.total if total is None else total
    return free < max(SHORT, int(total * SHORT_SHARE))


def tree(pid: int) -> list[psutil.Process]:
    """The process and whatever it has started; empty when it is gone."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


def memory_of(processes: list[psutil.Process], limit: int) -> int:
    """Bytes that they take together.

    What forked processes share is counted once, if the plain sum is above ``limit``: finding that
    out takes the system longer.
    """
    plain = sum(_resident(process) for process in processes)
    if plain <= limit or len(processes) < 2 or sys.platform != "linux":
        return plain
    return sum(_proportional(process) for process in processes)


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def _proportional(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error, AttributeError):
        return process.memory_full_info().pss
    return _resident(process)


def thread_limits(cores: int) -> dict[str, str]:
    """Environment variables that keep numerical libraries to the cores that a job asked for."""
    return dict.fromkeys(THREADS, str(cores))


def be_modest() -> None:
    """Everything else on the computer comes first, and this process is the first to go when memory
    is short. Inherited by what it starts. Never raises."""
    with contextlib.suppress(OSError, psutil.Error, AttributeError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(NICE)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))
