"""``run_worker``: runs the tasks and heavy jobs of an app on a server."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from djdesk.desktop import worker
from djdesk.desktop.jobs.dispatcher import Dispatcher
from djdesk.desktop.lane import Lane
from djdesk.desktop.launch import LaunchConfig
from djdesk.desktop.lock import WORKER_LOCK, FileLock
from djdesk.desktop.obstacles import Waits
from djdesk.desktop.orphans import CLOSED, end_orphaned_tasks
from djdesk.desktop.tasks import forget_the_ended

from ...leases import Lease

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run tasks and heavy jobs until SIGTERM. Start as many as you like, on any machines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queues", default="*", help="such as default,mail (default: all)")
        parser.add_argument("--threads", type=int, default=1, help="tasks at a time (default: 1)")
        parser.add_argument(
            "--lease", type=float, default=30.0, metavar="SECONDS",
            help="seconds without a renewal before a worker counts as dead (default: 30)",
        )  # fmt: skip
        parser.add_argument(
            "--grace", type=float, default=60.0, metavar="SECONDS",
            help="seconds that running tasks may continue after SIGTERM (default: 60)",
        )  # fmt: skip

    def handle(self, *, queues: str, threads: int, lease: float, grace: float,
               **options: Any) -> None:  # fmt: skip
        if not connection.features.has_select_for_update_skip_locked:
            raise CommandError(
                f"Several workers need a database server; this one is {connection.vendor}. "
                "Set DATABASES to PostgreSQL, or start the desktop app."
            )
        if threads < 1 or lease < 1 or grace < 0:
            raise CommandError("--threads and --lease must be at least 1, --grace at least 0.")
        data_dir = self._data_dir()
        lock = FileLock(data_dir / WORKER_LOCK)
        if not lock.acquire():
            raise CommandError(
                f"Another worker uses {data_dir}. Give each its own DATA_DIR, or raise --threads."
            )
        self._log(options["verbosity"])
        try:
            self._work(data_dir, queues.split(","), threads, lease, grace)
        finally:
            lock.release()

    def _data_dir(self) -> Path:
        if not getattr(settings, "DATA_DIR", None):
            raise CommandError("Set DATA_DIR in the settings: a folder of this worker's own.")
        folder = Path(settings.DATA_DIR).absolute()
        try:
            (folder / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"DATA_DIR {folder} cannot be created: {error.strerror}.") from error
        return folder

    def _log(self, verbosity: int) -> None:
        ours = logging.getLogger("djdesk")
        if not ours.hasHandlers():
            ours.addHandler(logging.StreamHandler(self.stderr))
            ours.setLevel(logging.INFO if verbosity else logging.ERROR)

    def _work(
        self, data_dir: Path, queues: list[str], threads: int, seconds: float, grace: float
    ) -> None:
        stopping = worker.stopping
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        # Jobs are separate processes in other working directories.
        here = [str(Path(sys.path[0]).resolve()), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, here))
        waits = Waits(data_dir / "database", lambda wait: None)
        forget_the_ended()
        lease = Lease(seconds, lambda: _end(jobs))
        jobs = Dispatcher(
            None,
            LaunchConfig(
                secrets.token_hex(8), data_dir, settings=os.environ["DJANGO_SETTINGS_MODULE"],
                app=Path(os.environ["DJDESK_APP"]) if os.environ.get("DJDESK_APP") else None,
            ),
            queues, waits=waits, stopping=stopping, tell=lambda *_, **__: None,
            taker=lease.taker, lease=lease,
        )  # fmt: skip
        lanes = [
            Lane(
                None, queues, number, waits=waits, stopping=stopping,
                failed=lambda *_: None, taker=lease.taker, lease=lease,
            )
            for number in range(1, threads + 1)
        ]  # fmt: skip
        lease.begin()
        logger.info("worker %s is ready", lease.worker)
        for thread in (*lanes, jobs):
            thread.start()
        while not stopping.wait(1.0):
            pass
        self._finish([*lanes, jobs], lease, grace)

    def _finish(self, threads: list[threading.Thread], lease: Lease, grace: float) -> None:
        deadline = time.monotonic() + grace
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if late := [thread for thread in threads if thread.is_alive()]:
            end_orphaned_tasks(CLOSED, gone=lambda taker: taker.startswith(lease.taker))
            logger.warning("%s tasks did not end within %s s", len(late), grace)
        lease.end()
        logger.info("stopped")
        if late:
            os._exit(0)


def _end(jobs: Dispatcher) -> None:
    """Nothing that this process does counts any more."""
    for process in list(jobs.running.values()):
        process.kill()
    os._exit(1)
