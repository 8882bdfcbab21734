"""Several workers on one database: each holds a lease, and a dead one's tasks are requeued.

A worker renews its lease several times before it expires. After that, another worker deletes it,
and the first one's writes no longer count: taking a task or recording its outcome first locks the
worker's own lease row, in the same transaction. A worker that cannot renew exits before the others
stop relying on it. All times are the database's, so clocks may differ.
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

RENEWALS = 5  # per lease duration
# Separates a worker's name from the lane that took a task.
MARK = "/"
# Name prefix of desktop workers, whose tasks came with an import.
DESKTOP = "worker-"


class Lease(threading.Thread):
    """Renews itself on its own thread and connection, and looks for dead workers.

    ``seconds`` is how long the others wait for a renewal. ``lost`` is called when they no longer
    do; it must exit the process.
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
        """The prefix of this worker's lane ids."""
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
                logger.exception("the lease could not be renewed; trying again")
                connection.close()
                # The others wait slightly longer than this worker continues.
                if time.monotonic() - self._renewed > self.seconds * (1 - 1 / RENEWALS):
                    logger.critical("no connection to the database: this worker exits")
                    self._lost()
        connection.close()

    def _renew(self) -> None:
        from .models import Worker

        before = time.monotonic()
        mine = Worker.objects.filter(name=self.worker)
        if not mine.update(until=Now() + timedelta(seconds=self.seconds)):
            logger.critical("this worker's lease has expired: it exits")
            self._lost()
        self._renewed = before

    def hold(self) -> None:
        """Inside a transaction: nobody can take the lease away until its end. Does not return if it
        is gone already."""
        from .models import Worker

        if not Worker.objects.select_for_update().filter(name=self.worker).exists():
            logger.critical("this worker's lease has expired: nothing is written")
            self._lost()

    def write(self, action: Callable[..., Any], *args: Any) -> Any:
        with transaction.atomic():
            self.hold()
            return action(*args)

    def guard(self, row: Any) -> None:
        """Saves of this task's row are made while holding the lease."""
        save = row.save
        row.save = lambda *args, **kwargs: self.write(lambda: save(*args, **kwargs))

    def end(self) -> None:
        """This worker no longer works on anything."""
        from .models import Worker

        self._ended.set()
        self.join()
        Worker.objects.filter(name=self.worker).delete()


def release_dead_workers() -> int:
    """Requeue the tasks of dead workers, or fail them with that reason; returns how many.

    A @repeatable task with repeats left, or a resumable job, is requeued.
    """
    from django_tasks_db.models import DBTaskResult

    from .models import Worker

    with transaction.atomic():
        dead = Worker.objects.select_for_update(skip_locked=True).filter(until__lt=Now())
        names = [worker.name for worker in dead]
        Worker.objects.filter(name__in=names).delete()
    for name in names:
        logger.warning("worker %s has sent no heartbeat and is considered dead", name)
    if not DBTaskResult.objects.running().exists():
        return 0
    # The workers are checked after the tasks were read, so a live one was alive when it took its
    # task.
    return end_orphaned_tasks(DIED, gone=_is_gone)


def _is_gone(taker: str) -> bool:
    from .models import Worker

    name, mark, _ = taker.partition(MARK)
    if not mark:
        return taker.startswith(DESKTOP)
    return not Worker.objects.filter(name=name).exists()
