"""A child started before it is needed: most of a short scan is process start-up."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from inspector.run.child import Child
from inspector.run.scratch import Scratch

IDLE = 600.0  # seconds after which an unused child is ended

Made = tuple[Scratch, Child]


class PrewarmedChild:
    """At most one child that waits on its standard input.

    ``make`` returns a child that is not started yet, and the scratch folders that belong to it. A
    waiting child exits when we do, however we end, because its standard input is closed then.
    """

    def __init__(self, make: Callable[[], Made], idle: float = IDLE) -> None:
        self._make = make
        self._idle = idle
        self._lock = threading.Lock()
        self._waiting: Made | None = None
        self._timer: threading.Timer | None = None

    def prepare(self) -> None:
        """Start one child. If that fails, the next user of a child gets the error."""
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
        """The waiting child, or one that is not started yet. The caller owns it."""
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
        """End the waiting child, if any."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            scratch, child = waiting
            with scratch, contextlib.suppress(OSError):
                child.drop()
