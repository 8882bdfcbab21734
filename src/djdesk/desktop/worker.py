"""The worker process: runs queued tasks of django.tasks, one at a time in each lane."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from djdesk import __version__
from djdesk.messages import say

from . import deferred_imports, lifeline
from .child import Stages, develop, run_child
from .launch import LaunchFailure

if TYPE_CHECKING:
    from .lane import Lane
    from .obstacles import Waits

GRACE = 3.5  # seconds for running tasks after the shell says stop

logger = logging.getLogger(__name__)

# Set when the worker is asked to stop. A long task polls it and ends early, saying so.
stopping = threading.Event()


def main() -> int:
    return run_child(_work, server=False)


def _work(stages: Stages) -> int:
    stages.enter("settings")
    deferred_imports.import_django()
    from . import loading

    loading.set_up()
    develop(server=False)
    from django.conf import settings
    from django.db import DatabaseError

    from . import records

    # psutil is loaded with the first job.
    deferred_imports.import_without(["djdesk.desktop.jobs.dispatcher"])
    from .jobs.dispatcher import Dispatcher
    from .lane import Lane
    from .lock import WORKER_LOCK, FileLock
    from .obstacles import Board, wait_out
    from .orphans import DIED, end_orphaned_tasks
    from .tasks import forget_the_ended

    stages.enter("lock")
    lock = FileLock(settings.DATA_DIR / WORKER_LOCK)
    if not lock.acquire(timeout=5.0):
        raise LaunchFailure(
            "already_running",
            say("Another background worker is using this data folder."),
            say("Close the other copy of the app, then start again."),
        )
    stages.keep(lock)
    record = records.write(settings.DATA_DIR, "worker", stages.config.launch_id)

    lifeline.watch(stopping.set)
    path = Path(os.fspath(settings.DATABASES["default"]["NAME"]))
    waits = wait_out(stages.events, Board(settings.DATA_DIR))
    try:
        with waits.unless(stopping):
            waits.until_clear(end_orphaned_tasks, DIED)
            forget_the_ended()
    except DatabaseError:
        if not stopping.is_set():
            raise
        record.unlink(missing_ok=True)
        return 0
    stages.events.send("ready", pid=os.getpid(), version=__version__, build=stages.build)
    threading.Thread(
        target=_bound_the_stop, args=(waits, settings.DATA_DIR), name="grace", daemon=True
    ).start()

    _announce_work(stages)
    lanes = [
        Lane(path, queues, number, waits=waits, stopping=stopping, failed=_lane_failed(stages))
        for number, queues in enumerate(settings.WORKER_LANES, 1)
    ]
    jobs = Dispatcher(
        path,
        stages.config,
        [queue for lane in settings.WORKER_LANES for queue in lane],
        waits=waits,
        stopping=stopping,
        tell=stages.events.send,
        build=stages.build,
    )
    # A rehearsal works on a copy of the data and must not run long jobs.
    threads: list[threading.Thread] = [*lanes] if stages.config.rehearsal else [*lanes, jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    record.unlink(missing_ok=True)
    logger.info("stopped")
    return 0


def _lane_failed(stages: Stages) -> Callable[[Lane, Exception, float], None]:
    def failed(lane: Lane, error: Exception, pause: float) -> None:
        reason = f"{type(error).__name__}: {error}"
        stages.events.send("lane_failed", lane=lane.number, reason=reason[:1000], pause=pause)

    return failed


def _announce_work(stages: Stages) -> None:
    """Tell the shell when the first task begins and the last one ends: it may keep the computer
    awake meanwhile, and when it stops it says what it waits for."""
    from django_tasks_db.compat import task_finished, task_started

    from .logs import task_logger

    tasks = task_logger(stages.config)
    running: set[str] = set()
    lock = threading.Lock()

    def started(sender: object, task_result: Any, **kwargs: object) -> None:
        tasks.info("%s started: %s", task_result.id, task_result.task.module_path)
        with lock:
            running.add(task_result.id)
            if len(running) == 1:
                stages.events.send("busy")

    def finished(sender: object, task_result: Any, **kwargs: object) -> None:
        taken = task_result.finished_at - task_result.started_at
        tasks.info("%s %s after %.2f s", task_result.id, task_result.status, taken.total_seconds())
        with lock:
            running.discard(task_result.id)
            if not running:
                stages.events.send("idle")

    task_started.connect(started, weak=False)
    task_finished.connect(finished, weak=False)


def _bound_the_stop(waits: Waits, data_dir: Path) -> None:
    """Mark tasks that ignore the stop as interrupted, then end the process and its children."""
    from .orphans import end_orphaned_tasks, why_closed

    stopping.wait()
    time.sleep(GRACE)
    try:
        with waits.unless(stopping):
            end_orphaned_tasks(why_closed(data_dir))
    except Exception:
        logger.exception("could not mark the running tasks; the next start will")
    logger.warning("running tasks did not end within %s s", GRACE)
    os._exit(0)
