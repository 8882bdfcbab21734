"""Records of our processes: pid, start time and parent shell, so that leftovers can be ended.

A process is ended only if it is provably ours and its shell is provably gone. Without such proof it
is left alone: a bare pid may have been reused by any process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from . import ownfiles

# Start times are computed from the clock and the boot time; both are rounded.
TOLERANCE = 1.5  # seconds


@dataclass(frozen=True, slots=True)
class Record:
    """One of our processes. ``group``: whether it leads a process group that ends with it."""

    pid: int
    started: float
    kind: str
    launch_id: str
    shell_pid: int
    shell_started: float
    group: bool = False


def folder(data_dir: Path) -> Path:
    return data_dir / "run"


def write(data_dir: Path, kind: str, launch_id: str) -> Path:
    """Record this process; the file is deleted when the process exits normally."""
    pid = os.getpid()
    shell = _parent()
    record = Record(
        pid=pid,
        started=_started(pid),
        kind=kind,
        launch_id=launch_id,
        shell_pid=shell,
        shell_started=_started(shell),
        group=_leads_a_group(pid),
    )
    folder(data_dir).mkdir(mode=0o700, exist_ok=True)
    path = folder(data_dir) / f"{kind}-{pid}.json"
    path.write_text(json.dumps(asdict(record)), encoding="utf-8")
    return path


def _parent() -> int:
    if os.name == "posix":
        return os.getppid()  # without psutil, which takes 1 MB
    import psutil

    return psutil.Process().ppid()


def read(data_dir: Path) -> list[tuple[Path, Record]]:
    """All readable records. Unreadable ones prove nothing and are deleted."""
    found = []
    for path in folder(data_dir).glob("*.json"):
        try:
            record = Record(**ownfiles.read_json(path))
            # kill(0) and kill(-1) would signal our own group, or every process.
            if not (type(record.pid) is int and record.pid > 1):
                raise ValueError
        except (OSError, ValueError, TypeError):
            path.unlink(missing_ok=True)
            continue
        found.append((path, record))
    return found


def sweep(data_dir: Path) -> list[Record]:
    """End what an earlier launch left behind and return it. Deletes records of processes that are
    gone.
    """
    ended = []
    for path, record in read(data_dir):
        if record.pid == os.getpid():
            continue
        if not is_running(record.pid, record.started):
            path.unlink(missing_ok=True)
        elif record.shell_pid <= 1 or not is_running(record.shell_pid, record.shell_started):
            _end(record)
            path.unlink(missing_ok=True)
            ended.append(record)
    return ended


def is_running(pid: int, started: float) -> bool:
    """Whether that very process is running: same pid and same start time."""
    import psutil

    try:
        process = psutil.Process(pid)
        return (
            abs(process.create_time() - started) <= TOLERANCE
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.Error:
        return False


def _started(pid: int) -> float:
    """When the process started, in seconds since 1970; 0 if it is gone."""
    if sys.platform == "linux":
        # As psutil does it; importing psutil takes 0.8 MB per process, and most starts need nothing
        # else of it.
        with contextlib.suppress(OSError):
            # Field 22 of proc(5), in ticks since boot; field 2 may contain spaces.
            ticks = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19]
            for line in Path("/proc/stat").read_bytes().splitlines():
                if line.startswith(b"btime "):
                    return int(line.split()[1]) + int(ticks) / os.sysconf("SC_CLK_TCK")
        return 0.0
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


def _leads_a_group(pid: int) -> bool:
    return sys.platform != "win32" and os.getpgid(pid) == pid


def _end(record: Record) -> None:
    import psutil

    with contextlib.suppress(OSError, psutil.Error):
        if sys.platform != "win32" and record.group and _leads_a_group(record.pid):
            os.killpg(record.pid, signal.SIGKILL)
        else:
            psutil.Process(record.pid).kill()
    with contextlib.suppress(psutil.Error):
        psutil.Process(record.pid).wait(3)
