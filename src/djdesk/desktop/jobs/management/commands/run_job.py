"""``run_job``: run a heavy task from the terminal in its own process, to its end."""

from __future__ import annotations

import json
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
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from djdesk.desktop.launch import LaunchConfig
from djdesk.desktop.lock import WORKER_LOCK, FileLock
from djdesk.desktop.obstacles import Board, wait_out
from djdesk.desktop.orphans import DIED, end_orphaned_tasks

from ... import job_details, places, rows
from ...dispatcher import Dispatcher
from ...marks import needs_of
from ...models import Job, State

LOOK = 0.2  # seconds between checks of the job
LINE = 5.0  # seconds between lines if the output is not a terminal


class Command(BaseCommand):
    # as in the worker: the app may have started with it
    requires_system_checks: tuple[str, ...] = ()
    help = "Run a heavy task to its end. The result goes to stdout as JSON, all else to stderr."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("task", nargs="?", help="dotted name, such as shop.tasks.simulate")
        parser.add_argument("arguments", nargs="*", help="each as JSON, otherwise taken as text")
        parser.add_argument("--kwarg", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--resume", metavar="ID", help="resume a job from its checkpoint")
        parser.add_argument("--list", action="store_true", help="list the jobs and exit")

    def handle(self, *, task: str | None, arguments: list[str], kwarg: list[str],
               resume: str | None, list: bool, **options: Any) -> None:  # fmt: skip
        if MigrationExecutor(connection).migration_plan(_targets()):
            raise CommandError(
                "The database is not up to date. Start the app once, or run “migrate” first."
            )
        if list:
            self._list()
            return
        if bool(task) == bool(resume):
            raise CommandError("Name a task, or a job with --resume.")
        lock = FileLock(settings.DATA_DIR / WORKER_LOCK)
        alone = lock.acquire()
        try:
            key = self._queue(task, arguments, kwarg) if task else self._go_on(str(resume))
            self.stderr.write(f"Job {key}")
            if alone:
                self._run(key)
            else:
                self.stderr.write("The app is open with this data, and runs it.")
                self._follow(key, threading.Event())
        finally:
            lock.release()
        self._report(key)

    def _list(self) -> None:
        for job in job_details.listed(settings.DATA_DIR, 100):
            percent = "" if job.percent is None else f"{job.percent} %"
            self.stdout.write(f"{job.key}  {job.state:8} {percent:>5}  {job.title} {job.summary}")

    def _queue(self, name: str, arguments: list[str], kwarg: list[str]) -> str:
        try:
            task = import_string(name)
        except ImportError as error:
            raise CommandError(f"There is no task {name}: {error}.") from error
        if needs_of(getattr(task, "func", None)) is None:
            raise CommandError(f"{name} is no heavy task: @heavy belongs below its @task.")
        pairs = [pair.partition("=") for pair in kwarg]
        if any(not name.isidentifier() or not mark for name, mark, _ in pairs):
            raise CommandError("--kwarg needs NAME=VALUE.")
        named = {name: _value(text) for name, _, text in pairs}
        return str(task.enqueue(*map(_value, arguments), **named).id)

    def _go_on(self, key: str) -> str:
        try:
            job = job_details.one(settings.DATA_DIR, places.folder(settings.DATA_DIR, key).name)
        except (Job.DoesNotExist, ValueError):
            raise CommandError(f"There is no job {key}. “run_job --list” lists them.") from None
        if job.job.state == State.WAITING:
            return job.key
        if not job.can_go_on:
            raise CommandError("This job cannot go on: it is over, or has no checkpoint.")
        rows.go_on(job.key)
        return job.key

    def _run(self, key: str) -> None:
        """Run this one job as the worker does. Ctrl+C stops it as closing the app does."""
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        config = LaunchConfig(
            secrets.token_hex(8),
            Path(settings.DATA_DIR),
            app=Path(os.environ["DJDESK_APP"]) if os.environ.get("DJDESK_APP") else None,
            settings=os.environ["DJANGO_SETTINGS_MODULE"],
        )
        waits = wait_out(_Log(self.stderr), Board(settings.DATA_DIR))  # type: ignore[arg-type]
        waits.until_clear(end_orphaned_tasks, DIED)
        dispatcher = Dispatcher(
            Path(os.fspath(settings.DATABASES["default"]["NAME"])),
            config, ["*"], waits=waits, stopping=stopping, tell=lambda *_, **__: None, only=key,
        )  # fmt: skip
        dispatcher.start()
        self._follow(key, stopping, dispatcher)
        dispatcher.join()

    def _follow(
        self, key: str, stopping: threading.Event, thread: Dispatcher | None = None
    ) -> None:
        last, at = "", 0.0
        terminal = sys.stderr.isatty()
        while thread is None or thread.is_alive():
            job = job_details.one(settings.DATA_DIR, key)
            if job.job.is_over and thread is None:
                break
            parts = ["" if job.percent is None else f"{job.percent} %", job.text, job.left]
            line = "  ".join(part for part in parts if part) or job.reason
            if line and line != last and (terminal or time.monotonic() - at > LINE):
                self.stderr.write(
                    f"\r\033[K{line}" if terminal else line, ending="" if terminal else "\n"
                )
                last, at = line, time.monotonic()
            time.sleep(LOOK)
        if terminal and last:
            self.stderr.write("")

    def _report(self, key: str) -> None:
        job = job_details.one(settings.DATA_DIR, key)
        if job.files:
            self.stderr.write(f"Files: {job.folder / places.FILES}")
        if job.state == State.DONE:
            self.stdout.write(json.dumps(job.value, ensure_ascii=False))
            return
        if job.state == State.WAITING:
            raise CommandError(
                "Stopped. It resumes at the next start of the app, or with "
                f"“run_job --resume {key}”."
            )
        raise CommandError(f"{job.reason} Its log: {job.folder / places.LOG}")


class _Log:
    """Replaces the shell as the receiver of wait events."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def send(self, event: str, **values: Any) -> None:
        if event == "waiting":
            self._stream.write(values["reason"])


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _targets() -> list[tuple[str, str]]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()
