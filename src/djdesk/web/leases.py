"""Several workers on one database: each has a lease, and what a dead one was doing goes back.

A worker renews its lease a few times before it ends. When it has ended, another worker removes it,
and no write of the first counts any more: whatever takes a task or says how it ended first locks
the row of its own lease, in the same transaction. A worker that cannot renew ends by itself, before
the others stop counting on it. All times are those of the database, so clocks may differ.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from djdesk.desktop.orphans import DIED, end_orphaned_tasks

logger = logging.getLogger(__name__)

RENEWALS = 5  # in the time of a lease
# Between the name of a worker and the lane of it that took a task.
MARK = "/"
# What workers of a desktop are called: their tasks came with an import.
DESKTOP = "worker-"


class Lease(threading.Thread):
    """Renews itself on a thread and a connection of its own, and looks for dead workers.

    ``seconds`` is how long the others wait for a sign of life. ``lost`` is called once it is known
    that they no longer do; it must end the process.
    """

    def __init__(self, seconds: float, lost: Callable[[], None]) -> None:
        super().__init__(name="lease", daemon=True)
        self.seconds = seconds
        self.worker = f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._lost = lost
        self._ended = threading.Event()
        self._renewed = 0.0

    @property
    def taker(self) -> str:
        """What the ids of this worker's lanes begin with."""
        return f"{self.worker}{MARK}"

    def begin(self) -> None:
        from .models import Worker

        self._renewed = time.monotonic()
        Worker.objects.create(name=self.worker, until=Now() + timedelta(seconds=self.seconds))
        self.start()

    def run(self) -> None:
        while not self._ended.wait(self.seconds / RENEWALS):
            try:
                self._renew()
                release_dead_workers()
            except Exception:
                logger.exception("the lease could not be renewed; it is tried again")
                connection.close()
                # The others wait a little longer than this worker goes on.
                if time.monotonic() - self._renewed > self.seconds * (1 - 1 / RENEWALS):
                    logger.critical("no connection to the database: this worker ends")
                    self._lost()
        connection.close()

    def _renew(self) -> None:
        from .models import Worker

        before = time.monotonic()
        mine = Worker.objects.filter(name=self.worker)
        if not mine.update(until=Now() + timedelta(seconds=self.seconds)):
            logger.critical("the lease of this worker has ended: this worker ends")
            self._lost()
        self._renewed = before

    def hold(self) -> None:
        """In a transaction: until its end nobody takes the lease away. Does not return for one
        that is gone."""
        from .models import Worker

        if not Worker.objects.select_for_update().filter(name=self.worker).exists():
            logger.critical("the lease of this worker has ended: nothing is written")
            self._lost()

    def write(self, action: Callable[..., Any], *args: Any) -> Any:
        with transaction.atomic():
            self.hold()
            return action(*args)

    def guard(self, row: Any) -> None:
        """Whatever is saved of this task's row is saved under the lease."""
        save = row.save
        row.save = lambda *args, **kwargs: self.write(lambda: save(*args, **kwargs))

    def end(self) -> None:
        """This worker has nothing in hand any more."""
        from .models import Worker

        self._ended.set()
        self.join()
        Worker.objects.filter(name=self.worker).delete()


def release_dead_workers() -> int:
    """Tasks whose worker is gone go back, or end with that reason; returns how many.

    A task that is @repeatable and has repeats left, and a resumable job, are queued again.
    """
    from django_tasks_db.models import DBTaskResult

    from .models import Worker

    with transaction.atomic():
        dead = Worker.objects.select_for_update(skip_locked=True).filter(until__lt=Now())
        names = [worker.name for worker in dead]
        Worker.objects.filter(name__in=names).delete()
    for name in names:
        logger.warning("worker %s gave no sign of life, and is taken for dead", name)
    if not DBTaskResult.objects.running().exists():
        return 0
    # Whoever is alive when it is asked for was alive before it took anything.
    return end_orphaned_tasks(DIED, gone=_is_gone)


def _is_gone(taker: str) -> bool:
    from .models import Worker

    name, mark, _ = taker.partition(MARK)
    if not mark:
        return taker.startswith(DESKTOP)
    return not Worker.objects.filter(name=name).exists()
