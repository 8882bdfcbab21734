"""A child that is started before it is needed: most of a short scan is the start of its process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from inspector.run.child import Child
from inspector.run.scratch import Scratch

IDLE = 600.0  # seconds after which one that nobody wanted goes

Made = tuple[Scratch, Child]


class Spare:
    """At most one child that waits for its standard input. ``make`` gives a child that was not
    started, and the folders that are its own.

    A child that waits ends with us, however we end: nobody holds its standard input open then.
    """

    def __init__(self, make: Callable[[], Made], idle: float = IDLE) -> None:
        self._make = make
        self._idle = idle
        self._lock = threading.Lock()
        self._waiting: Made | None = None
        self._timer: threading.Timer | None = None

    def prepare(self) -> None:
        """Have one wait. Where it cannot be started, whoever needs one will hear why."""
        with self._lock:
            if self._waiting is not None and self._waiting[1].waits:
                return
            self._drop()
            scratch, child = self._make()
            try:
                child.start()
            except OSError:
                with scratch:
                    return
            self._waiting = scratch, child
            self._timer = threading.Timer(self._idle, self.drop)
            self._timer.daemon = True
            self._timer.start()

    def take(self) -> Made:
        """The one that waits, or one that is not started yet. It is the caller's then."""
        with self._lock:
            waiting, self._waiting = self._waiting, None
            if self._timer is not None:
                self._timer.cancel()
            if waiting is not None and not waiting[1].waits:
                self._waiting = waiting
                self._drop()
                waiting = None
        return waiting or self._make()

    def drop(self) -> None:
        """End the one that waits, if there is one."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            scratch, child = waiting
            with scratch, contextlib.suppress(OSError):
                child.drop()
