"""This computer's resources for jobs, what jobs use of them, and low-priority settings."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

SHARE = 0.75  # share of the memory that all jobs together may use
NICE = 10
# oom_score_adj on Linux, from 0 (normal) to 1000 (killed first).
OOM_SCORE = 700
# With less free memory than this share and this many bytes, the computer is about to swap.
SHORT_SHARE, SHORT = 0.03, 256 * 2**20
# Libraries that start a thread per core by default.
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
    """``cores`` for jobs: all but one, at least one. ``memory`` for all jobs together, in bytes."""

    cores: int
    memory: int


def measure(cgroup: Path = _CGROUP) -> Machine:
    """Physical cores that this process may use, and memory, both within a container's limits."""
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
    """The process and its descendants; empty if it is gone."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


def memory_of(processes: list[psutil.Process], limit: int) -> int:
    """Bytes that they use together.

    Memory shared by forked processes is counted once if the plain sum is above ``limit``; that is
    slower to measure.
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
    """Environment variables that limit numerical libraries to the job's cores."""
    return dict.fromkeys(THREADS, str(cores))


def be_modest() -> None:
    """Lower this process's priority, and make it the first to be killed if memory runs short.
    Inherited by child processes. Never raises."""
    with contextlib.suppress(OSError, psutil.Error, AttributeError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(NICE)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))
