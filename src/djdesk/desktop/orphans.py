"""Tasks whose worker died: found at once, and failed with a reason or requeued."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from djdesk.messages import joined, say

from .lock import WORKER_LOCK, FileLock, is_held
from .obstacles import Board

logger = logging.getLogger(__name__)

LOOK = 1.0  # seconds between the server's checks of the worker's lock
# A starting worker waits for the lock that is held meanwhile, so keep this short.
BUSY_TIMEOUT = 1000  # milliseconds


# Why a task ended early; must be accurate.
DIED = say("The background worker stopped unexpectedly before this was finished.")
CLOSED = say("The app was closed or restarted before this was finished.")
UPDATED = say("The app was closed for an update before this was finished.")
LANE_FAILED = say("The background worker had an internal error before this was finished.")
GOES_ON = say("Background work continues automatically as soon as that is over.")


def why_closed(data_dir: Path, otherwise: str = CLOSED) -> str:
    """Why the app closes: for an update at the user's request, or for another reason."""
    from .guardian_files import read_json

    journal = read_json(data_dir / "updates" / "update.json")
    waits = journal.get("state") == "rehearsed" and journal.get("handed_over") is True
    return UPDATED if waits else otherwise


class WorkerInterrupted(Exception):
    """The worker, or the lane that ran the task, ended before the task did."""


def end_orphaned_tasks(
    reason: str, taker: str = "", *, gone: Callable[[str], bool] | None = None
) -> int:
    """End tasks marked RUNNING that no worker runs; returns how many.

    Without ``taker`` these are all RUNNING tasks: call it only while no worker holds the lock, or
    from the worker that has just acquired it or is about to exit. With ``taker``, those that this
    lane took last. If several workers share a database, ``gone`` says which owners are dead.

    A task that is @repeatable and has repeats left, or is a resumable job, becomes READY. Any other
    task becomes FAILED with WorkerInterrupted and ``reason``, and ``task_interrupted`` is sent in
    the same transaction, so what receivers write is saved if and only if the task ends.
    """
    from django.db import transaction
    from django_tasks_db.models import DBTaskResult

    from .jobs import rows
    from .signals import task_interrupted

    count = 0
    for key, takers in DBTaskResult.objects.running().values_list("pk", "worker_ids"):
        if taker and takers[-1:] != [taker]:
            continue
        if gone and takers and not gone(takers[-1]):
            continue
        with transaction.atomic():
            # Another worker may be doing the same, or be done already.
            row = DBTaskResult.objects.running().filter(pk=key).get_locked()
            if row is None or row.worker_ids != takers:
                continue
            count += 1
            # worker_ids has one entry for each time the task was taken.
            if (times := repeats_of(row)) and len(row.worker_ids) <= times:
                row.status = "READY"
                row.started_at = None
                row.save(update_fields=["status", "started_at"])
                logger.warning("task %s (%s) is queued again", row.pk, row.task_path)
                continue
            if rows.take_back(row, reason):
                logger.warning(
                    "job %s (%s) continues from its last checkpoint", row.pk, row.task_path
                )
                continue
            row.set_failed(WorkerInterrupted(reason))
            with contextlib.suppress(ImportError):  # a task that this version no longer has
                task_interrupted.send_robust(
                    sender=None, task_result=row.task_result, reason=reason
                )
        logger.warning("task %s (%s) was interrupted: %s", row.pk, row.task_path, reason)
    return count


def repeats_of(row: Any) -> int:
    """How often the task may be retried."""
    from .tasks import repeats

    with contextlib.suppress(Exception):  # whatever importing an old task's module may raise
        return repeats(row.task.func)
    return 0


class OrphanWatcher(threading.Thread):
    """Runs in the server: notifies pages when a worker comes, goes or waits, and while there is
    none, ends the tasks that a dead one left.

    Usually the next worker starts within a second and does this; here it is for the time after the
    shell has given up on workers, and for starts without background tasks.
    """

    def __init__(self, data_dir: Path) -> None:
        super().__init__(name="orphans", daemon=True)
        self._data_dir = data_dir
        self._lock_file = data_dir / WORKER_LOCK
        self._board = Board(data_dir)
        self._stop = threading.Event()

    def run(self) -> None:
        from django.db import connection

        from . import live

        absent = 0
        there = False
        waits = ""
        while not self._stop.wait(LOOK):
            if there != (there := is_held(self._lock_file)):
                # A worker that comes or goes commits nothing, but pages show it.
                live.watcher.wake()
            waits = self._tell_of_waits(there, waits)
            # Absent twice: a worker that is being replaced gets its turn first. After that, on
            # every check: a worker may start and die between checks, or the database may be locked.
            absent = 0 if there else absent + 1
            if absent >= 2:
                try:
                    self._end_orphans(first=absent == 2)
                except Exception:
                    if absent == 2:
                        logger.exception("looking for orphaned tasks failed; it is tried again")
                finally:
                    connection.close()

    def _tell_of_waits(self, there: bool, told: str) -> str:
        """Put a notice on every page while the worker waits for the database; returns its text."""
        # Server only: the worker also uses this module and does not need them.
        from . import live, notices

        wait = self._board.read() if there else None
        text = joined([wait.sentence, GOES_ON]) if wait else ""
        if text != told:
            notices.add("waiting", "warning", text) if text else notices.dismiss("waiting")
            live.watcher.wake()
        return text

    def _end_orphans(self, *, first: bool) -> None:
        """Holds the worker's lock: a worker that starts meanwhile waits, so its tasks are not
        mistaken for those of the dead one."""
        from django.db import connection

        lock = FileLock(self._lock_file)
        if lock.acquire():
            try:
                with connection.cursor() as cursor:
                    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
                if first:
                    from .jobs import leftover_processes

                    leftover_processes.end(self._data_dir, timeout=1.0)
                end_orphaned_tasks(DIED)
            finally:
                lock.release()

    def stop(self) -> None:
        self._stop.set()
