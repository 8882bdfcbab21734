"""The worker's handle on the process of one job: start, read events, monitor, end."""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Literal

from djdesk.messages import without_messages

from .. import ownfiles
from . import leftover_processes, machine, places
from .estimate import Estimate
from .marks import Needs

# Why we end a job: the user, the app closing, its own limits, or the computer's memory.
Why = Literal["", "user", "quit", "memory", "short", "timeout"]

TERM_AFTER, KILL_AFTER = 10.0, 15.0  # seconds after it was asked to stop
QUIT_AFTER = 2.6  # seconds for a checkpoint when the app closes; the worker has 3.5
GONE_AFTER = 5.0  # seconds from its last event to its exit
LOG_SIZE = 8 * 2**20  # bytes before the log is rotated; one old file is kept
# If more time passes between two checks, the computer was asleep.
AWAKE = 2.0  # seconds
FINAL = ("result", "raised", "stopped", "failed")


class JobProcess:
    """After ``start``, ``over`` is set once all of its processes are gone. Until then call ``look``
    a few times a second. ``worked``: seconds of work in earlier runs."""

    def __init__(self, key: str, needs: Needs, data_dir: Path, worked: float = 0.0) -> None:
        self.key = key
        self.needs = needs
        self.folder = places.make(data_dir, key)
        self.over = threading.Event()
        self.why: Why = ""
        self.progress: tuple[float | None, float | None, str] = (None, None, "")
        self.left: float | None = None
        self.checkpoints = 0
        self.worked = 0.0
        self.peak = 0
        self.final: dict[str, Any] = {}
        self.code: int | None = None
        self._data_dir = data_dir
        self._earlier = worked
        self._estimate = Estimate()
        self._looked = 0.0
        self._asked = 0.0
        self._spoke_last = 0.0
        self._termed = False
        self._quitting = False
        # Guarded by the lock: a reaped pid may belong to another process.
        self._gone = False
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def start(self, config: dict[str, Any]) -> None:
        """``config``: the line of the launch contract. Call it in a thread that lives as long as
        the worker: on Linux the job dies with the thread that started it."""
        environment = os.environ | machine.thread_limits(self.needs.cores)
        environment[leftover_processes.MARK] = str(self.folder)
        flags = ["-I"] if sys.flags.isolated else []
        flags += ["-B"] if sys.flags.dont_write_bytecode else []
        own_group: dict[str, Any] = {"process_group": 0}
        if sys.platform == "win32":
            own_group = {
                "creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
            }
        ownfiles.clear(self.folder / places.LOG)
        with (self.folder / places.LOG).open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *flags, "-X", "utf8", "-m", "djdesk.desktop", "job", self.key],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                env=environment, cwd=self.folder, **own_group,
            )  # fmt: skip
        self._looked = time.monotonic()
        reader = threading.Thread(target=self._read, name=f"job-{self.pid}", daemon=True)
        reader.start()
        threading.Thread(target=self._wait, args=(reader,), daemon=True).start()
        self._write(json.dumps(config).encode() + b"\n")

    def stop(self, why: Why) -> None:
        """Ask it to stop; ``look`` enforces it. The first reason counts, except that quit shortens
        any wait.
        """
        if self.why and not (why == "quit" and self.why != "quit"):
            return
        self.why = self.why or why
        self._asked = time.monotonic()
        self._quitting = why == "quit"
        if why in ("memory", "short"):
            self.kill()
        else:
            self._write(b"stop\n")

    def look(self) -> None:
        """Measure usage, enforce limits, and escalate a requested stop."""
        if self.over.is_set() or not self._process:
            return
        now = time.monotonic()
        self.worked += min(now - self._looked, AWAKE)
        self._looked = now
        processes = machine.tree(self.pid)
        memory = machine.memory_of(processes, self.needs.memory)
        self.peak = max(self.peak, memory)
        done, total, _text = self.progress
        self._estimate.add(self.worked, done, total)
        self.left = self._estimate.left(self.worked)
        if memory > self.needs.memory:
            self.stop("memory")
        if self.needs.timeout and self._earlier + self.worked > self.needs.timeout:
            self.stop("timeout")
        self._insist(now)
        self._turn_log()

    def _insist(self, now: float) -> None:
        since = now - self._asked if self.why else 0.0
        late = since > (QUIT_AFTER if self._quitting else KILL_AFTER)
        if late or (self.final and now - self._spoke_last > GONE_AFTER):
            self.kill()
        elif since > TERM_AFTER and not self._termed:
            self._termed = True
            self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it and all its child processes at once."""
        self._signal(9)

    def _signal(self, number: int) -> None:
        with self._lock, contextlib.suppress(OSError):
            if not self._process or self._gone:
                return
            if sys.platform == "win32":
                # Its child processes are in a job object of their own, which ends with it.
                self._process.terminate()
            else:
                os.killpg(self.pid, number)

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            assert self._process and self._process.stdin
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process and self._process.stdout
        for line in self._process.stdout:
            with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                self._hear(without_messages(json.loads(line)))

    def _hear(self, event: dict[str, Any]) -> None:
        name = event["event"]
        if name == "progress":
            done, total = (_number(event[part]) for part in ("done", "total"))
            self.progress = (done, total, str(event["text"]))
        elif name == "checkpoint":
            self.checkpoints += 1
        elif name in FINAL and not self.final:
            self._spoke_last = time.monotonic()
            self.final = event

    def _wait(self, reader: threading.Thread) -> None:
        """When the leader exits, end its group before reaping it, so that the group id cannot be
        reused yet."""
        assert self._process
        if sys.platform == "linux":  # macOS has waitid from Python 3.13 on
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            self.kill()
            with self._lock:
                self._gone = True
        self.code = self._process.wait()
        if sys.platform == "darwin":
            self.kill()
        with self._lock:
            self._gone = True
        leftover_processes.end(self._data_dir, self.key)
        reader.join(GONE_AFTER)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe
                pipe.close()
        self.over.set()

    def _turn_log(self) -> None:
        log = self.folder / places.LOG
        with contextlib.suppress(OSError):
            if log.stat().st_size > LOG_SIZE:
                shutil.copyfile(log, log.with_suffix(".old.txt"))
                os.truncate(log, 0)  # writers use append mode


def _number(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def how_it_died(code: int | None) -> str:
    """How a process ended: ``signal 11 (SIGSEGV)``, ``exit code 3``."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {-code} ({signal.Signals(-code).name})"
        return f"signal {-code}"
    return f"exit code {code}"
