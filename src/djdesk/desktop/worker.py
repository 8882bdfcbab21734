"""The worker child: runs queued tasks of django.tasks, one at a time, in the order of the queue."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from pathlib import Path

from djdesk import __version__

from . import lifeline
from .child import Stages, run_child
from .launch import LaunchFailure

LOOK = 0.05  # seconds between two looks for a commit
DEFERRED = 1.0  # seconds between two looks for tasks whose time has come (``run_after``)
GRACE = 4.0  # seconds for the running task when the shell says stop
LOCK_FILE = "worker.lock"

logger = logging.getLogger(__name__)

# Set when the worker is asked to stop. A long task polls it and ends early, saying so.
stopping = threading.Event()


class WorkerInterrupted(Exception):
    """The worker ended before the task did."""


def main() -> int:
    return run_child(_work, server=False)


def _work(stages: Stages) -> int:
    stages.enter("settings")
    import django

    django.setup()
    from django.conf import settings

    from .lock import FileLock

    stages.enter("lock")
    lock = FileLock(settings.DATA_DIR / LOCK_FILE)
    if not lock.acquire(timeout=5.0):
        raise LaunchFailure(
            "already_running",
            "Another background worker is using this data folder.",
            "Close the other copy of the app, then start again.",
        )
    stages.keep(lock)

    lifeline.watch(stopping.set)
    _end_orphaned_tasks()
    stages.events.send("ready", pid=os.getpid(), version=__version__)
    threading.Thread(target=_bound_the_stop, name="grace", daemon=True).start()
    _run_tasks(Path(os.fspath(settings.DATABASES["default"]["NAME"])))
    logger.info("stopped")
    return 0


def _end_orphaned_tasks() -> None:
    """We hold the only worker's lock, so a task that still says RUNNING has lost its worker."""
    from django_tasks_db.models import DBTaskResult

    from .signals import task_interrupted

    for row in DBTaskResult.objects.running():
        row.set_failed(WorkerInterrupted("The background worker ended before this task did."))
        logger.warning("task %s (%s) was interrupted", row.pk, row.task_path)
        with contextlib.suppress(ImportError):  # a task that this version no longer has
            task_interrupted.send_robust(sender=None, task_result=row.task_result)


def _run_tasks(path: Path) -> None:
    """Drain the queue whenever the database changed; between changes only look at a counter."""
    from django_tasks_db.management.commands.db_worker import Worker

    class UntilStopped(Worker):
        """Takes no further task once we are asked to stop."""

        @property
        def running(self) -> bool:
            return not stopping.is_set()

        @running.setter
        def running(self, value: bool) -> None:
            pass  # the base class only ever sets it from its own signal handlers

    # Batch mode: ``run`` takes ready tasks until there are none and comes back.
    worker = UntilStopped(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=LOOK,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"worker-{os.getpid()}",
    )
    with contextlib.closing(sqlite3.connect(path)) as database:
        seen = None
        looked = 0.0
        while not stopping.is_set():
            version = database.execute("PRAGMA data_version").fetchone()[0]
            now = time.monotonic()
            if version != seen or now - looked >= DEFERRED:
                seen, looked = version, now
                worker.run()
            stopping.wait(LOOK)


def _bound_the_stop() -> None:
    stopping.wait()
    lifeline.exit_within(GRACE)
