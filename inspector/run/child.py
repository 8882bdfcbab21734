# ruff: noqa: S607 - taskkill is found by Windows itself
"""One child process: started in its own group, watched, and ended with everything it started.

No other module of the inspector may start a process.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

POLL = 0.05
ERROR_LIMIT = 64 * 1024


@dataclass
class Outcome:
    """How a child ended. ``why`` is one of exited, cancelled, time, output, not-started."""

    why: str = "exited"
    returncode: int | None = None
    stderr: str = ""
    detail: str = ""
    pid: int | None = None
    seconds: float = 0.0
    lines: int = field(default=0)


class Child:
    """Runs ``argv`` and yields its stdout line by line.

    The child is finished when it exits, when ``finished(line)`` is true, when ``cancelled()`` turns
    true, at the time limit (seconds) or when it has written more than ``output_limit`` bytes.
    In every case its whole process group is killed before the iterator ends.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: dict[str, str],
        stdin: bytes,
        cancelled: Callable[[], bool],
        finished: Callable[[str], bool] = lambda line: False,
        time_limit: float = 300.0,
        output_limit: int = 128 * 2**20,
        jailed: bool = False,
    ) -> None:
        self.argv = list(argv)
        self.cwd = cwd
        self.env = env
        self.stdin = stdin
        self.cancelled = cancelled
        self.finished = finished
        self.time_limit = time_limit
        self.output_limit = output_limit
        self.jailed = jailed
        self.outcome = Outcome()

    def lines(self) -> Iterator[str]:
        started = time.monotonic()
        try:
            process = self._start()
        except OSError as error:
            self.outcome = Outcome(why="not-started", detail=str(error))
            return
        self.outcome.pid = process.pid
        output: queue.Queue[bytes | None] = queue.Queue(maxsize=1000)
        errors = bytearray()
        stop = threading.Event()
        threads = [
            threading.Thread(target=_feed, args=(process.stdin, self.stdin), daemon=True),
            threading.Thread(target=_read, args=(process.stdout, output, stop), daemon=True),
            threading.Thread(target=_keep_tail, args=(process.stderr, errors), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield from self._watch(process, output, started)
        finally:
            stop.set()
            self._end(process)
            for thread in threads:
                thread.join(timeout=0.5)
            code = process.returncode
            # A jail says 128 + n for what died of the signal n inside it.
            died = self.jailed and code is not None and code > 128
            self.outcome.returncode = 128 - code if died else code
            self.outcome.stderr = bytes(errors).decode("utf-8", "replace")
            self.outcome.seconds = time.monotonic() - started

    def _start(self) -> subprocess.Popen[bytes]:
        extra: dict[str, object] = {}
        if sys.platform == "win32":
            extra["creationflags"] = (
                subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
            )
        else:
            # A session of its own: no controlling terminal to read from, one group to kill.
            extra["start_new_session"] = True
        return subprocess.Popen(  # type: ignore[call-overload]
            self.argv,
            cwd=self.cwd,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            close_fds=True,
            **extra,
        )

    def _watch(
        self,
        process: subprocess.Popen[bytes],
        output: queue.Queue[bytes | None],
        started: float,
    ) -> Iterator[str]:
        pending = bytearray()
        total = 0
        exited_at: float | None = None
        while True:
            if self.cancelled():
                self.outcome.why = "cancelled"
                return
            now = time.monotonic()
            if now - started > self.time_limit:
                self.outcome.why = "time"
                return
            if exited_at is None and process.poll() is not None:
                # A forked grandchild may hold the pipe open for ever: end it, then take the rest.
                exited_at = now
                self._end(process)
            try:
                chunk = output.get(timeout=POLL)
            except queue.Empty:
                # What it had written may take us longer than this; a silence after its end is one.
                if exited_at is not None and now - exited_at > 2.0:
                    return
                continue
            if chunk is None:
                process_gone = _wait(process, 1.0)
                if not process_gone and not pending:
                    # stdout is closed but the child lives: nothing more can come.
                    self.outcome.detail = "closed its output"
                return
            total += len(chunk)
            if total > self.output_limit:
                self.outcome.why = "output"
                return
            pending += chunk
            if b"\n" not in chunk:
                continue
            *whole, rest = pending.split(b"\n")
            pending = bytearray(rest)
            for raw in whole:
                line = raw.decode("utf-8", "replace")
                self.outcome.lines += 1
                yield line
                if self.finished(line):
                    return
                if self.cancelled():
                    self.outcome.why = "cancelled"
                    return

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if sys.platform == "win32":
            if process.poll() is None:
                subprocess.run(
                    ["taskkill", "/T", "/F", "/PID", str(process.pid)],
                    capture_output=True,
                    timeout=10,
                    check=False,
                )
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            _kill_escaped(self.env.get("HOME", ""))
        _wait(process, 5.0)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill_escaped(home: str) -> None:
    """End what left the group with setsid(): on Linux its environment still names our scratch."""
    if not home or "djdesk-inspect-" not in home:
        return
    mark = b"\0HOME=" + os.fsencode(home) + b"\0"
    proc = Path("/proc")
    try:
        pids = [entry.name for entry in os.scandir(proc) if entry.name.isdigit()]
    except OSError:
        return
    for pid in pids:
        try:
            if mark in b"\0" + (proc / pid / "environ").read_bytes() + b"\0":
                os.kill(int(pid), signal.SIGKILL)
        except OSError:
            continue


def _feed(pipe: IO[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError), pipe:
        pipe.write(data)


def _read(pipe: IO[bytes], output: queue.Queue[bytes | None], stop: threading.Event) -> None:
    def put(item: bytes | None) -> bool:
        while not stop.is_set():
            try:
                output.put(item, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    try:
        while chunk := pipe.read1(65536):  # type: ignore[attr-defined]
            if not put(chunk):
                break
    except (OSError, ValueError):
        pass
    put(None)
    with contextlib.suppress(OSError):
        pipe.close()


def _keep_tail(pipe: IO[bytes], tail: bytearray) -> None:
    try:
        while chunk := pipe.read1(8192):  # type: ignore[attr-defined]
            tail += chunk
            if len(tail) > ERROR_LIMIT:
                del tail[:-ERROR_LIMIT]
    except (OSError, ValueError):
        pass
    with contextlib.suppress(OSError):
        pipe.close()
