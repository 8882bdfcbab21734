"""One child process: started in its own process group, watched, and ended with all its descendants.

No other module of the inspector may start a process.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from inspector.run.containment import Containment, NotBegun
from inspector.run.job import SUSPENDED, Job
from inspector.run.sandbox import name_of

POLL = 0.05
# seconds without output after the process has ended that count as the end of the output
SILENCE = 2.0
SUBREAPER_END = 5.0  # seconds; it usually needs milliseconds, at most three seconds
ERROR_LIMIT = 64 * 1024
LONGEST = 64 * 1024  # bytes that pieces() buffers without an end of line


Ended = Literal["exited", "cancelled", "time", "output"] | NotBegun


@dataclass
class Outcome:
    """How a child ended. `NotBegun` means that nothing has run; ``detail`` says why."""

    why: Ended = "exited"
    returncode: int | None = None
    stderr: str = ""
    detail: str = ""
    pid: int | None = None
    seconds: float = 0.0
    lines: int = field(default=0)


@dataclass(frozen=True)
class Piece:
    """A piece of stdout and what ended it: a line feed, a carriage return, or nothing if a long
    line was cut.

    If not ``ended``, the line is unfinished and this is all of it so far.
    """

    text: str
    end: str
    ended: bool = True


class Child:
    """Runs ``argv`` and yields its stdout by lines or by pieces.

    Iteration ends when the child exits, ``finished(line)`` or ``cancelled()`` returns true, the
    time limit (seconds) is reached, or more than ``output_limit`` bytes were written. In every case
    its whole process group is killed before the iterator ends; with ``containment``, so are all
    other processes it started.
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
        containment: Containment | None = None,
    ) -> None:
        self.argv = list(argv)
        self.cwd = cwd
        self.env = env
        self.stdin = stdin
        self.cancelled = cancelled
        self.finished = finished
        self.time_limit = time_limit
        self.output_limit = output_limit
        self.containment = containment
        self.job = Job()
        self.outcome = Outcome()
        self._process: subprocess.Popen[bytes] | None = None
        # descriptor from which the containment's report about the command is read
        self._report_descriptor: int | None = None

    def start(self) -> None:
        """Start the child ahead of time. It waits on standard input until its lines are requested;
        its other attributes can still be set. Raises OSError.
        """
        self._process = self._start()

    @property
    def waits(self) -> bool:
        """Whether it was started ahead of time and is still running."""
        return self._process is not None and self._process.poll() is None

    def drop(self) -> None:
        """End a child that was started ahead of time and is not needed."""
        if self._process is not None:
            self._end(self._process)
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                if pipe is not None:
                    pipe.close()
            self._read_report()

    def lines(self) -> Iterator[str]:
        for piece in self._run(_Lines()):
            yield piece.text

    def pieces(self) -> Iterator[Piece]:
        """Output for a live view: unfinished lines as soon as the child pauses, steps of a progress
        bar, and what was written before the child was killed. Buffers at most ``LONGEST`` bytes.
        """
        return self._run(_Pieces())

    def _run(self, cutter: _Lines) -> Iterator[Piece]:
        started = time.monotonic()
        try:
            process = self._process or self._start()
        except OSError as error:
            self._read_report()
            # The program that failed to start is the sandbox's, if there is a sandbox.
            sandbox = self.containment is not None and self.containment.is_sandboxed
            self.outcome = Outcome(
                why="no-sandbox" if sandbox else "not-started", detail=str(error)
            )
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
            by_itself = process.poll() is not None and process.returncode >= 0
            self._end(process)
            for thread in threads:
                thread.join(timeout=0.5)
            code = process.returncode
            # bubblewrap returns 128 + n when signal n killed the process inside it.
            inside = (
                self.containment is not None and name_of(self.containment.sandbox) == "bubblewrap"
            )
            died = inside and code is not None and code > 128
            self.outcome.returncode = 128 - code if died else code
            self.outcome.stderr = bytes(errors).decode("utf-8", "replace")
            self.outcome.seconds = time.monotonic() - started
            report = self._read_report()
            if self.containment is not None and self.containment.reports and by_itself:
                self._not_begun(self.containment.problem(report, self.outcome.stderr))

    def _not_begun(self, problem: tuple[NotBegun, str] | None) -> None:
        if problem is not None and not self.outcome.lines:
            self.outcome.why, self.outcome.detail = problem

    def _read_report(self) -> bytes:
        if self._report_descriptor is None:
            return b""
        descriptor, self._report_descriptor = self._report_descriptor, None
        try:
            # Other processes may hold the pipe open: do not wait for them.
            os.set_blocking(descriptor, False)
            return os.read(descriptor, 4096)
        except OSError:
            return b""
        finally:
            os.close(descriptor)

    def _start(self) -> subprocess.Popen[bytes]:
        argv = self.argv
        passed: tuple[int, ...] = ()
        if self.containment is not None:
            self.containment.try_first()
            status = None
            if self.containment.reports:
                self._report_descriptor, status = os.pipe()
                passed = (status,)
            argv = self.containment.command(argv, status)
        try:
            return self._popen(argv, passed)
        finally:
            for descriptor in passed:
                os.close(descriptor)

    def _popen(self, argv: list[str], passed: tuple[int, ...]) -> subprocess.Popen[bytes]:
        extra: dict[str, object] = {"pass_fds": passed} if passed else {}
        if sys.platform == "win32":
            extra["creationflags"] = (
                subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW | SUSPENDED
            )
        else:
            # A new session: no controlling terminal to read from, and one process group to kill.
            extra["start_new_session"] = True
        process: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
            argv,
            cwd=self.cwd,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            close_fds=True,
            **extra,
        )
        try:
            self.job.add(process)
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
        """Yield the output cut by ``cutter``, and finally the rest, however the child ends."""
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
        # Count silence only, not the time the consumer spends between lines.
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
                # A forked grandchild may hold the pipe open for ever: kill it, then read the rest.
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
                    # The child closed stdout but is alive: nothing more can come.
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
            if self.containment is not None and self.containment.reports:
                # The subreaper ends its processes, then itself.
                process.terminate()
                _wait(process, SUBREAPER_END)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        _wait(process, 5.0)


class _Lines:
    """Whole lines only; an unfinished line is held back."""

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
        self._said = 0  # bytes of the unfinished line that so_far() has returned

    def take(self, chunk: bytes) -> Iterator[Piece]:
        self.pending += chunk
        # A carriage return at the very end may be half of a CRLF.
        *whole, rest = re.split(rb"(\r?\n|\r(?!\n|\Z))", bytes(self.pending))
        self.pending = bytearray(rest)
        for raw, end in zip(whole[::2], whole[1::2], strict=True):
            yield from self._short(raw)
            yield self._ended(end.decode())
        yield from self._short(rest)

    def _short(self, raw: bytes) -> Iterator[Piece]:
        """Split a long line between words if possible; the last piece stays pending."""
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
    """Wait for the process to end, at most so many seconds; whether it has ended."""
    if sys.platform == "linux" and process.poll() is None:
        # `Popen.wait` with a timeout polls; this returns at once.
        with contextlib.suppress(OSError):
            descriptor = os.pidfd_open(process.pid)
            try:
                watched = select.poll()
                watched.register(descriptor, select.POLLIN)
                seconds = 0 if watched.poll(seconds * 1000) else min(seconds, 0.1)
            finally:
                os.close(descriptor)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


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
