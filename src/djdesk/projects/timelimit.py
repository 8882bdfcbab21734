"""A time limit for a block of code; in the main thread it also interrupts a regular expression.

Does not import the rest of djdesk: programs that run in a project's own Python (3.8 or later) load
this file.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

SIGNAL: Any = signal  # no system defines all of its names
NOW = time.monotonic  # saved, because tools that fake the clock replace it
STEP = 0.1  # seconds between checks of other threads
AGAIN = 1.0  # seconds after which it is raised again, in case it was caught


class TooSlow(BaseException):
    """The time limit was exceeded. Not an Exception, so that general error handlers do not catch
    it.
    """


class Block:
    """One block; see `at_most`."""

    def __init__(self, seconds: float, error: BaseException | type[BaseException]) -> None:
        self.seconds = seconds
        self.error = error
        self.until = 0.0
        self.before: Any = None
        self.works = False

    def __enter__(self) -> Block:
        if ALARM:
            self.works = True
            self.until = NOW() + self.seconds
            self.before = signal.signal(ALARM.number, _late)
            _OPEN.append(self)
            _set()
        return self

    def __exit__(self, *exc: object) -> None:
        if self.works:
            self.works = False
            _OPEN.remove(self)
            _set()
            signal.signal(ALARM.number, self.before)


class ThreadBlock:
    """The same in another thread, which signals do not reach: a watcher raises ``error`` there as
    soon as the thread runs Python code again."""

    def __init__(self, seconds: float, error: type[BaseException]) -> None:
        self.seconds = seconds
        self.error = error
        self.until = 0.0
        self.thread = 0

    def __enter__(self) -> ThreadBlock:
        self.thread = threading.get_ident()
        self.until = NOW() + self.seconds
        with _CHANGED:
            first = not _IN_THREADS
            _IN_THREADS.append(self)
            if first:
                _CHANGED.notify()
        _start_watcher()
        return self

    def __exit__(self, *exc: object) -> None:
        with _CHANGED:
            if self in _IN_THREADS:
                _IN_THREADS.remove(self)


def at_most(
    seconds: float, error: BaseException | type[BaseException] = TooSlow
) -> Block | ThreadBlock:
    """``with at_most(5):`` raises ``error`` inside the block if it takes longer.

    Blocks may be nested. In the main thread, C code is interrupted too if it checks for signals; in
    other threads the class of ``error`` is raised after the C code returns. There, and on Windows,
    this needs ctypes; without it there is no limit.
    """
    if threading.current_thread() is threading.main_thread():
        return Block(seconds, error)
    return ThreadBlock(seconds, error if isinstance(error, type) else type(error))


class _Posix:
    def __init__(self) -> None:
        self.number: int = SIGNAL.SIGALRM

    def set(self, seconds: float) -> None:
        SIGNAL.setitimer(SIGNAL.ITIMER_REAL, seconds, AGAIN if seconds else 0)


class _Windows:
    """Windows has no alarm, and one Python thread cannot interrupt another that is in C code. A
    system timer can call C's ``raise``, which needs no GIL, and Python sees a signal.
    """

    WAIT = -1  # until a callback under way has ended

    def __init__(self) -> None:
        import ctypes

        self.number: int = SIGNAL.SIGBREAK
        self.ctypes: Any = ctypes
        self.kernel = self.ctypes.WinDLL("kernel32")
        self.call = ctypes.cast(getattr(ctypes.CDLL("ucrtbase"), "raise"), ctypes.c_void_p)
        self.timer: Any = None

    def set(self, seconds: float) -> None:
        ctypes = self.ctypes
        if self.timer is not None:
            self.kernel.DeleteTimerQueueTimer(None, self.timer, ctypes.c_void_p(self.WAIT))
            self.timer = None
        if seconds:
            timer = ctypes.c_void_p()
            due, period = int(seconds * 1000) or 1, int(AGAIN * 1000)
            argument = ctypes.c_void_p(self.number)
            if self.kernel.CreateTimerQueueTimer(
                ctypes.byref(timer), None, self.call, argument, due, period, 0
            ):
                self.timer = timer


def _alarm() -> Any:
    try:
        return _Windows() if sys.platform == "win32" else _Posix()
    except (ImportError, OSError, AttributeError):
        return None


ALARM = _alarm()
_OPEN: list[Block] = []


def _set() -> None:
    """Set the alarm for the block that ends first."""
    if not _OPEN:
        ALARM.set(0)
    else:
        left = min(one.until for one in _OPEN) - NOW()
        ALARM.set(max(0.001, left))


def _late(number: int, frame: FrameType | None) -> None:
    for _ in range(4):
        if frame is None:
            break
        if frame.f_code in _OWN:
            return  # a block is beginning or ending and will set the alarm
        frame = frame.f_back
    now = NOW()
    for one in _OPEN:
        if one.until <= now:
            raise one.error
    _set()


_OWN = (Block.__enter__.__code__, Block.__exit__.__code__, _late.__code__)


_IN_THREADS: list[ThreadBlock] = []
_CHANGED = threading.Condition()
_watcher: list[threading.Thread] = []


def _start_watcher() -> None:
    if not _watcher or not _watcher[0].is_alive():
        _watcher[:] = [threading.Thread(target=_watch, name="time limits", daemon=True)]
        _watcher[0].start()


def _watch() -> None:
    try:
        import ctypes
    except ImportError:
        return
    while True:
        with _CHANGED:
            while not _IN_THREADS:
                _CHANGED.wait()
            now = NOW()
            # Each is raised once, and not after the thread has left the block.
            for one in [one for one in _IN_THREADS if one.until <= now]:
                _IN_THREADS.remove(one)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(one.thread), ctypes.py_object(one.error)
                )
        time.sleep(STEP)
