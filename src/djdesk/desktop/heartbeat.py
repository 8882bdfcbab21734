"""Heartbeat: a separate thread reports to the shell what the server is doing.

It does not use the pool that answers requests, so a busy server is not mistaken for a hung one.
Only what stops everything silences it: a suspended process, or a C call that holds the GIL.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from waitress.task import ThreadedTaskDispatcher

from .launch import Events

EVERY = 2.0  # seconds


class Turn:
    """One request in the pool; ``begun`` is from ``time.monotonic``."""

    def __init__(self, task: Any, pool: Pool) -> None:
        self.begun = 0.0
        self.stream = False
        self._task = task
        self._pool = pool

    def service(self) -> None:
        self.begun = time.monotonic()
        self._pool.running[threading.get_ident()] = self
        try:
            self._task.service()
        finally:
            self._pool.running.pop(threading.get_ident(), None)
            self._pool.done += 1

    def cancel(self) -> None:
        self._task.cancel()


class Pool(ThreadedTaskDispatcher):
    """waitress's thread pool, extended to record what runs in it and since when."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.size = threads
        self.running: dict[int, Turn] = {}
        self.done = 0
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        super().add_task(Turn(task, self))

    def counts(self) -> dict[str, Any]:
        """``running`` requests, ``of`` how many threads, the age of the ``oldest`` in seconds,
        those ``waiting`` for a thread, and how many are ``done`` in total. Event streams are
        long-lived by design: each reduces the number of threads and is not counted otherwise."""
        turns = list(self.running.values())
        requests = [turn.begun for turn in turns if not turn.stream]
        oldest = time.monotonic() - min(requests) if requests else 0.0
        return {
            "running": len(requests),
            "of": self.size - (len(turns) - len(requests)),
            "oldest": round(oldest, 1),
            "waiting": len(self.queue),
            "done": self.done,
        }


_pool: Pool | None = None


def pool(threads: int) -> Pool:
    """This process's pool."""
    global _pool
    _pool = Pool(threads)
    return _pool


def this_is_a_stream() -> None:
    """Mark this thread's request as an event stream."""
    turn = _pool.running.get(threading.get_ident()) if _pool else None
    if turn:
        turn.stream = True


class Heartbeat(threading.Thread):
    """Sends ``alive`` every EVERY seconds. The socket loop calls ``turned``: if the loop stands
    still, no heartbeat is sent."""

    def __init__(self, events: Events, pool: Pool) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._events = events
        self._pool = pool
        self._turned = time.monotonic()
        self._over = threading.Event()

    def turned(self) -> None:
        self._turned = time.monotonic()

    def run(self) -> None:
        while not self._over.wait(EVERY):
            stalled = round(time.monotonic() - self._turned, 1)
            self._events.send("alive", stalled=stalled, **self._pool.counts())

    def stop(self) -> None:
        self._over.set()
