"""One lane of the worker: runs the tasks of some queues, one at a time."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import close_old_connections

from . import tasks
from .obstacles import Waits

if TYPE_CHECKING:
    from djdesk.web.leases import Lease

LOOK = 0.05  # seconds between polls for a commit
DEFERRED = 1.0  # seconds between polls for deferred tasks (``run_after``)
BACKOFF = (0.5, 1.0, 2.0, 4.0, 8.0, 30.0)  # seconds before a failed lane restarts
FORGIVEN = 60.0  # seconds of healthy running after which earlier failures are forgotten

logger = logging.getLogger(__name__)


class Lane(threading.Thread):
    """Runs beside the other lanes. A lane that fails restarts without affecting the others;
    ``failed(lane, error, pause)`` is called with the seconds until then.

    Polling does not write: between tasks the lane reads the commit counter and, if it has changed,
    runs a SELECT. It takes the write lock only to claim a task. A ``database`` that is not a file
    (None) has no such counter and is polled once a second.

    With a ``lease`` among several workers, ``taker`` begins with the lease's name.
    """

    def __init__(
        self,
        database: Path | None,
        queues: list[str],
        number: int,
        *,
        waits: Waits,
        stopping: threading.Event,
        failed: Callable[[Lane, Exception, float], None],
        taker: str = "",
        lease: Lease | None = None,
    ) -> None:
        super().__init__(name=f"lane-{number}")
        self.number = number
        self.queues = queues
        self._database = database
        self._waits = waits
        self._stopping = stopping
        self._failed = failed
        self._lease = lease
        self._worker_id = f"{taker or f'worker-{os.getpid()}-'}{self.name}"

    def run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                self._run()
            except Exception as error:
                if self._stopping.is_set():
                    return  # the next start cleans up its task
                logger.exception("lane %s of the worker failed", self.number)
                failures = 0 if time.monotonic() - begun > FORGIVEN else failures
                pause = BACKOFF[min(failures, len(BACKOFF) - 1)]
                failures += 1
                self._failed(self, error, pause)
                self._stopping.wait(pause)

    def _run(self) -> None:
        from .orphans import LANE_FAILED, end_orphaned_tasks

        worker = self._worker()
        close_old_connections()  # the broken connection
        with _counter(self._database) as commits:
            with self._waits.unless(self._stopping):
                # Its unfinished task: no other lane runs it.
                self._waits.until_clear(end_orphaned_tasks, LANE_FAILED, self._worker_id)
            seen = None
            looked = 0.0
            while not self._stopping.is_set():
                version = self._waits.until_clear(commits)
                now = time.monotonic()
                if version != seen or now - looked >= DEFERRED:
                    seen, looked = version, now
                    while (row := self._take()) is not None:
                        with tasks.running(row.pk), self._waits.unless_asked(tasks.asked_to_end):
                            worker.run_task(row)
                        close_old_connections()
                self._stopping.wait(LOOK)

    def _take(self) -> Any:
        """Claim the next ready task, marked as running; None if there is none or the lane is
        stopping.

        Heavy tasks are excluded: the job dispatcher runs them.
        """
        from django_tasks_db.models import DBTaskResult
        from django_tasks_db.utils import exclusive_transaction

        from .jobs import rows
        from .jobs.models import Job

        ready = (
            DBTaskResult.objects.ready()
            .filter(backend_name="default")
            .exclude(pk__in=Job.objects.values("pk"))
        )
        if "*" not in self.queues:
            ready = ready.filter(queue_name__in=self.queues)

        def claimed(key: Any) -> Any:
            with exclusive_transaction(ready.db):
                if (row := ready.filter(pk=key).get_locked()) is not None:
                    if self._lease:
                        self._lease.guard(row)
                    row.claim(self._worker_id)
                return row

        # Another worker may claim the task that was seen; then try the next one.
        while not self._stopping.is_set() and (seen := ready.first()) is not None:
            with self._waits.unless(self._stopping):
                if self._waits.until_clear(rows.adopt, seen):
                    continue
                if (row := self._waits.until_clear(claimed, seen.pk)) is not None:
                    return row
        return None

    def _worker(self) -> Any:
        from django_tasks_db.management.commands.db_worker import Worker

        return Worker(
            queue_names=self.queues,
            excluded_queue_names=[],
            interval=LOOK,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self._worker_id,
        )


@contextlib.contextmanager
def _counter(path: Path | None) -> Iterator[Callable[[], int | None]]:
    """The reader of the commit counter."""
    if path is None:
        yield lambda: None
        return
    with contextlib.closing(sqlite3.connect(path)) as database:
        yield lambda: database.execute("PRAGMA data_version").fetchone()[0]
