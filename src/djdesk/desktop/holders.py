"""Find the programs that have a file open or the database locked, to name them in messages."""

from __future__ import annotations

import os
import time
from pathlib import Path

from djdesk.messages import joined, say

LIMIT = 3.0  # seconds; asking every process can be slow on Windows
# Bytes of the -shm file that a writer of a WAL database locks (https://sqlite.org/walformat.html).
WRITE_LOCKS = range(120, 123)
# Bytes of the database file that SQLite locks (https://sqlite.org/src/doc/tip/src/os.h).
PENDING = range(0x40000000, 0x40000000 + 512)


def holders(path: Path) -> list[str]:
    """``name (pid)`` of this user's other processes that have ``path`` open. Other users' processes
    cannot be inspected, so an empty list proves nothing."""
    return [f"{name} (pid {pid})" for pid, name in _openers(path)]


def lock_holders(path: Path) -> list[str]:
    """Who holds the database's write lock, in words: a part of this app, or ``name (pid)``.

    Linux reports the process that holds it. Elsewhere: any other process that has the file open, or
    this app if none has. English sentences; an empty list if nobody holds the lock.
    """
    ours = _ours(path.parent)
    pids = _lockers(path)
    if pids is None:
        others = [f"{name} (pid {pid})" for pid, name in _openers(path) if pid not in ours]
        return others or [say("this app itself")]
    return [ours[pid] if pid in ours else _named(pid) for pid in pids]


def in_words(names: list[str]) -> str:
    """The result of ``lock_holders`` as part of a sentence."""
    if len(names) < 2:
        return names[0] if names else ""
    return say("{first} and {second}", first=joined(names[:-1], ", "), second=names[-1])


def _ours(data_dir: Path) -> dict[int, str]:
    from . import records

    words = {"server": say("a page of this app"), "worker": say("a background task of this app")}
    return {
        record.pid: words[record.kind]
        for _, record in records.read(data_dir)
        if record.kind in words and records.is_running(record.pid, record.started)
    }


def _named(pid: int) -> str:
    import psutil

    try:
        return f"{psutil.Process(pid).name()} (pid {pid})"
    except psutil.Error:
        return say("another program")


def _lockers(path: Path) -> list[int] | None:
    """Processes that hold a write lock, from /proc/locks; None if that does not exist.

    SQLite's own way (F_GETLK) would need the file opened once more, and closing it would drop all
    of this process's POSIX locks on it.
    """
    try:
        lines = Path("/proc/locks").read_text().splitlines()
        database = path.stat().st_ino
    except OSError:
        return None
    try:
        shared = path.with_name(path.name + "-shm").stat().st_ino
    except OSError:
        shared = None
    found: list[int] = []
    for line in lines:
        # "7: POSIX  ADVISORY  WRITE 4711 fe:01:131124 120 120"; "->" marks a waiting process.
        words = line.split()
        if len(words) != 8 or words[3] != "WRITE":
            continue
        inode, start = int(words[5].rsplit(":", 1)[1]), int(words[6])
        end = start + 2**62 if words[7] == "EOF" else int(words[7])
        wanted = WRITE_LOCKS if inode == shared else PENDING if inode == database else None
        if wanted is not None and start < wanted.stop and end >= wanted.start:
            found.append(int(words[4]))
    return sorted(set(found))


def _openers(path: Path) -> list[tuple[int, str]]:
    import psutil

    found = []
    deadline = time.monotonic() + LIMIT
    wanted = {os.path.realpath(f"{path}{suffix}") for suffix in ("", "-wal", "-shm")}
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            opened = {os.path.realpath(file.path) for file in process.open_files()}
            name = process.name()
        except (psutil.Error, OSError):
            continue
        if opened & wanted:
            found.append((process.pid, name))
        if time.monotonic() > deadline:
            break
    return found
