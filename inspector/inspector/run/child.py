"""One child process: started in its own group, watched, and ended with everything it started.

No other module of the inspector may start a process.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from inspector.run.job import SUSPENDED, Job

POLL = 0.05
SILENCE = 2.0  # seconds without output, after the end of the process, that mean there is no more
ERROR_LIMIT = 64 * 1024
LONGEST = 64 * 1024  # bytes without an end of line that pieces() waits for


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


@dataclass(frozen=True)
class Piece:
    """Text of stdout and what ended it: a line feed, a carriage return, or nothing when it is a cut
    of a long line. Without ``ended`` the line goes on, and this is all of it so far."""

    text: str
    end: str
    ended: bool = True


class Child:
    """Runs ``argv`` and yields its stdout line by line, or piece by piece.

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
        stdin: bytes = b"",
        cancelled: Callable[[], bool] = lambda: False,
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
        self.job = Job()
        self.outcome = Outcome()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it ahead: until its lines are asked for it waits for its standard input, and what
        else it is to be given may still be set. Raises OSError."""
        self._process = self._start()

    @property
    def waits(self) -> bool:
        """Whether it was started ahead and is still there."""
        return self._process is not None and self._process.poll() is None

    def drop(self) -> None:
        """End one that was started ahead and is not wanted."""
        if self._process is not None:
            self._end(self._process)
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                if pipe is not None:
                    pipe.close()

    def lines(self) -> Iterator[str]:
        for piece in self._run(_Lines()):
            yield piece.text

    def pieces(self) -> Iterator[Piece]:
        """What a reader wants to see while it comes: a line that is still being written, too, as
        soon as the child pauses; the steps of a progress bar; and what was written before an end by
        force. Holds no more than ``LONGEST`` bytes."""
        return self._run(_Pieces())

    def _run(self, cutter: _Lines) -> Iterator[Piece]:
        started = time.monotonic()
        try:
            process = self._process or self._start()
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
            yield from self._watch(process, output, started, cutter)
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
                subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW | SUSPENDED
            )
        else:
            # A session of its own: no controlling terminal to read from, one group to kill.
            extra["start_new_session"] = True
        process: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
            self.argv,
            cwd=self.cwd,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            close_fds=True,
            **extra,
        )
        try:
            self.job.hold(process)
        except OSError:
            process.kill()
            self.job.end()
            raise
        return process

    def _watch(
        self,
        process: subprocess.Popen[bytes],
        output: queue.Queue[bytes | None],
        started: float,
        cutter: _Lines,
    ) -> Iterator[Piece]:
        """What ``cutter`` makes of the output; at the end, however it comes, also its rest."""
        yield from self._cut(process, output, started, cutter)
        yield from cutter.rest()

    def _cut(
        self,
        process: subprocess.Popen[bytes],
        output: queue.Queue[bytes | None],
        started: float,
        cutter: _Lines,
    ) -> Iterator[Piece]:
        total = 0
        exited = False
        # Silence counts, not the time that whoever takes the lines needs for them.
        empty = 0
        while True:
            if self.cancelled():
                self.outcome.why = "cancelled"
                return
            now = time.monotonic()
            if now - started > self.time_limit:
                self.outcome.why = "time"
                return
            if not exited and process.poll() is not None:
                # A forked grandchild may hold the pipe open for ever: end it, then take the rest.
                exited = True
                empty = 0
                self._end(process)
            elif exited and empty * POLL > SILENCE:
                return
            try:
                chunk = output.get(timeout=POLL)
            except queue.Empty:
                empty += 1
                yield from cutter.so_far()
                continue
            empty = 0
            if chunk is None:
                process_gone = _wait(process, 1.0)
                if not process_gone and not cutter.pending:
                    # stdout is closed but the child lives: nothing more can come.
                    self.outcome.detail = "closed its output"
                return
            total += len(chunk)
            if total > self.output_limit:
                self.outcome.why = "output"
                return
            for piece in cutter.take(chunk):
                self.outcome.lines += 1
                yield piece
                if self.finished(piece.text):
                    return
                if self.cancelled():
                    self.outcome.why = "cancelled"
                    return

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if sys.platform == "win32":
            self.job.end()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            _kill_escaped(self.env.get("HOME", ""))
        _wait(process, 5.0)


class _Lines:
    """Whole lines, and nothing of one that is not ended."""

    def __init__(self) -> None:
        self.pending = bytearray()

    def take(self, chunk: bytes) -> Iterator[Piece]:
        self.pending += chunk
        if b"\n" not in chunk:
            return
        *whole, rest = self.pending.split(b"\n")
        self.pending = bytearray(rest)
        for raw in whole:
            yield Piece(raw.decode("utf-8", "replace"), "\n")

    def so_far(self) -> Iterator[Piece]:
        return iter(())

    def rest(self) -> Iterator[Piece]:
        return iter(())


class _Pieces(_Lines):
    def __init__(self) -> None:
        super().__init__()
        self._said = 0  # bytes of the line that goes on which so_far() has given

    def take(self, chunk: bytes) -> Iterator[Piece]:
        self.pending += chunk
        # A carriage return at the very end may belong to a line feed that is on its way.
        *whole, rest = re.split(rb"(\r?\n|\r(?!\n|\Z))", bytes(self.pending))
        self.pending = bytearray(rest)
        for raw, end in zip(whole[::2], whole[1::2], strict=True):
            yield from self._short(raw)
            yield self._ended(end.decode())
        yield from self._short(rest)

    def _short(self, raw: bytes) -> Iterator[Piece]:
        """Cuts a long line between words where there are some; leaves its last piece pending."""
        while len(raw) > LONGEST:
            at = raw.rfind(b" ", LONGEST // 2, LONGEST) + 1 or LONGEST
            while at > LONGEST - 4 and raw[at] & 0xC0 == 0x80:  # within a character
                at -= 1
            self.pending, raw = bytearray(raw[:at]), raw[at:]
            yield self._ended("")
        self.pending = bytearray(raw)

    def _ended(self, end: str) -> Piece:
        piece = Piece(self.pending.decode("utf-8", "replace"), end)
        self.pending.clear()
        self._said = 0
        return piece

    def so_far(self) -> Iterator[Piece]:
        if len(self.pending) > self._said:
            self._said = len(self.pending)
            yield Piece(self.pending.decode("utf-8", "ignore"), "", ended=False)

    def rest(self) -> Iterator[Piece]:
        if self.pending:
            yield self._ended("\n")


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill_escaped(home: str) -> None:
    """End what left the group with setsid(): on Linux its environment still names our scratch."""
    if sys.platform == "win32" or not home or "djdesk-inspect-" not in home:
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
