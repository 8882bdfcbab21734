"""The worker child: runs queued tasks of django.tasks, one at a time in each lane."""

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
GRACE = 3.5  # seconds for running tasks when the shell says stop
LOCK_FILE = "worker.lock"

logger = logging.getLogger(__name__)

# Set when the worker is asked to stop. A long task polls it and ends early, saying so.
stopping = threading.Event()


def main() -> int:
    return run_child(_work, server=False)


def _work(stages: Stages) -> int:
    stages.enter("settings")
    import django

    django.setup()
    from django.conf import settings

    from . import records
    from .lock import FileLock
    from .orphans import end_orphaned_tasks

    stages.enter("lock")
    lock = FileLock(settings.DATA_DIR / LOCK_FILE)
    if not lock.acquire(timeout=5.0):
        raise LaunchFailure(
            "already_running",
            "Another background worker is using this data folder.",
            "Close the other copy of the app, then start again.",
        )
    stages.keep(lock)
    record = records.write(settings.DATA_DIR, "worker", stages.config.launch_id)

    lifeline.watch(stopping.set)
    end_orphaned_tasks()
    stages.events.send("ready", pid=os.getpid(), version=__version__)
    threading.Thread(target=_bound_the_stop, name="grace", daemon=True).start()

    _announce_work(stages)
    path = Path(os.fspath(settings.DATABASES["default"]["NAME"]))
    lanes = [Lane(path, queues, number) for number, queues in enumerate(settings.WORKER_LANES, 1)]
    for lane in lanes:
        lane.start()
    # The lanes' ends are awaited one by one; a lane that fails takes the worker with it, so that
    # the shell starts a new one.
    for lane in lanes:
        lane.join()
    record.unlink(missing_ok=True)
    if failed := [lane.error for lane in lanes if lane.error]:
        raise failed[0]
    logger.info("stopped")
    return 0


def _announce_work(stages: Stages) -> None:
    """Tell the shell when the first task begins and the last one ends: it may keep the computer
    awake meanwhile, and says what it waits for when it stops."""
    from django_tasks_db.compat import task_finished, task_started

    from .logs import task_logger

    tasks = task_logger(stages.config)
    running: set[str] = set()
    lock = threading.Lock()

    def started(sender: object, task_result, **kwargs: object) -> None:
        tasks.info("%s started: %s", task_result.id, task_result.task.module_path)
        with lock:
            running.add(task_result.id)
            if len(running) == 1:
                stages.events.send("busy")

    def finished(sender: object, task_result, **kwargs: object) -> None:
        taken = task_result.finished_at - task_result.started_at
        tasks.info("%s %s after %.2f s", task_result.id, task_result.status, taken.total_seconds())
        with lock:
            running.discard(task_result.id)
            if not running:
                stages.events.send("idle")

    task_started.connect(started, weak=False)
    task_finished.connect(finished, weak=False)


class Lane(threading.Thread):
    """Runs the tasks of some queues, one after the other, beside the other lanes.

    Drains its queues whenever the database changed; between changes it only looks at a counter.
    """

    def __init__(self, path: Path, queues: list[str], number: int) -> None:
        super().__init__(name=f"lane-{number}")
        self.error: BaseException | None = None
        self._path = path
        self._queues = queues

    def run(self) -> None:
        try:
            self._run()
        except BaseException as error:
            self.error = error
            stopping.set()
            logger.exception("a lane of the worker failed")

    def _run(self) -> None:
        worker = self._worker()
        with contextlib.closing(sqlite3.connect(self._path)) as database:
            seen = None
            looked = 0.0
            while not stopping.is_set():
                version = database.execute("PRAGMA data_version").fetchone()[0]
                now = time.monotonic()
                if version != seen or now - looked >= DEFERRED:
                    seen, looked = version, now
                    worker.run()
                stopping.wait(LOOK)

    def _worker(self):
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
        return UntilStopped(
            queue_names=self._queues,
            excluded_queue_names=[],
            interval=LOOK,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"worker-{os.getpid()}-{self.name}",
        )


def _bound_the_stop() -> None:
    """Tasks that do not hear the stop are marked interrupted, then the process ends under them;
    what they started ends with it."""
    from .orphans import end_orphaned_tasks

    stopping.wait()
    time.sleep(GRACE)
    try:
        end_orphaned_tasks()
    except Exception:
        logger.exception("could not mark the running tasks; the next start will")
    logger.warning("running tasks did not end within %s s", GRACE)
    os._exit(0)
