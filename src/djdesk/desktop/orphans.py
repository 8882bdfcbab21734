"""Tasks whose worker died: found at once, and ended with a reason or queued again."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path

from . import live
from .lock import FileLock, is_held
from .worker import LOCK_FILE

logger = logging.getLogger(__name__)

LOOK = 1.0  # seconds between two looks of the server at the worker's lock


class WorkerInterrupted(Exception):
    """The worker ended before the task did."""


def end_orphaned_tasks() -> int:
    """Every RUNNING task is an orphan: to be called only while no worker holds the lock, or by the
    one that has just got it or is about to end. Returns how many there were.

    A task that is @repeatable and has repeats left is READY again; any other FAILED with
    WorkerInterrupted, after which ``task_interrupted`` is sent.
    """
    from django.db import transaction
    from django_tasks_db.models import DBTaskResult

    from .signals import task_interrupted

    count = 0
    for key in DBTaskResult.objects.running().values_list("pk", flat=True):
        with transaction.atomic():
            row = DBTaskResult.objects.running().filter(pk=key).first()
            if row is None:
                continue
            count += 1
            # worker_ids has one entry for each time that it was taken.
            if (times := _repeats(row)) and len(row.worker_ids) <= times:
                row.status = "READY"
                row.started_at = None
                row.save(update_fields=["status", "started_at"])
                logger.warning("task %s (%s) is queued again", row.pk, row.task_path)
                continue
            row.set_failed(WorkerInterrupted("The background worker ended before this task did."))
        logger.warning("task %s (%s) was interrupted", row.pk, row.task_path)
        with contextlib.suppress(ImportError):  # a task that this version no longer has
            task_interrupted.send_robust(sender=None, task_result=row.task_result)
    return count


def _repeats(row) -> int:
    from .tasks import repeats

    with contextlib.suppress(Exception):  # whatever importing an old task's module may raise
        return repeats(row.task.func)
    return 0


class Keeper(threading.Thread):
    """In the server: tells the pages when a worker comes or goes, and when none is there to do it,
    ends what a dead one left.

    Usually the next worker comes within a second and does it; this is for the time after the
    shell gave up on workers, and for a start without background tasks.
    """

    def __init__(self, data_dir: Path) -> None:
        super().__init__(name="orphans", daemon=True)
        self._lock_file = data_dir / LOCK_FILE
        self._stop = threading.Event()

    def run(self) -> None:
        from django.db import connection

        absent = 0
        there = False
        while not self._stop.wait(LOOK):
            if there != (there := is_held(self._lock_file)):
                # A worker that comes or goes commits nothing, but pages show it.
                live.watcher.wake()
            # Twice absent: a worker that is being replaced has its turn first. And every time
            # from then on: one may come and die between two looks, or the database be locked.
            absent = 0 if there else absent + 1
            if absent >= 2:
                try:
                    self._end_orphans()
                except Exception:
                    if absent == 2:
                        logger.exception("looking for orphaned tasks failed; it is tried again")
                finally:
                    connection.close()

    def _end_orphans(self) -> None:
        """Under the worker's lock: one that starts meanwhile waits for it, and its tasks are not
        taken for those of the dead one."""
        lock = FileLock(self._lock_file)
        if lock.acquire():
            try:
                end_orphaned_tasks()
            finally:
                lock.release()

    def stop(self) -> None:
        self._stop.set()
