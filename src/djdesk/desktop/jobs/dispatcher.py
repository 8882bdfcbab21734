"""The worker's thread for heavy tasks: it takes them, starts a process for each as resources allow,
records their progress, and makes sure that each ends with an accurate reason.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from djdesk.messages import joined, say

from .. import orphans
from ..launch import LaunchConfig
from ..obstacles import Waits
from . import admission, leftover_processes, machine, rows
from .marks import Needs
from .process import QUIT_AFTER, JobProcess, how_it_died

if TYPE_CHECKING:
    from djdesk.web.leases import Lease

LOOK = 0.1  # seconds between iterations
WRITE = 0.5  # seconds between writes of progress, for all jobs together
AGAIN = 1.0  # seconds between checks for waiting jobs without a commit
WATCH = 0.25  # seconds between checks of the processes
NAMED = 8  # jobs reported to the shell by name
CRASH_PAUSE = 1.0  # seconds before a crashed job is restarted

CLOSED = say("The app was closed before this was finished.")
RESUMES = say("It resumes from its last checkpoint at the next start of the app.")

logger = logging.getLogger(__name__)

# (event, values): sent to the shell.
Tell = Callable[..., None]


class Dispatcher(threading.Thread):
    """``only`` runs that one job, ignoring the queue, and ends with it. ``taker`` and ``lease`` as
    for a lane, if several workers share a database."""

    def __init__(
        self,
        database: Path | None,
        config: LaunchConfig,
        queues: list[str],
        *,
        waits: Waits,
        stopping: threading.Event,
        tell: Tell,
        build: str = "",
        only: str = "",
        taker: str = "",
        lease: Lease | None = None,
    ) -> None:
        super().__init__(name="jobs")
        self.running: dict[str, JobProcess] = {}
        self._database = database
        self._config = config
        self._queues = queues
        self._waits = waits
        self._stopping = stopping
        self._tell = tell
        self._build = build
        self._only = only
        self._taker = f"{taker or f'worker-{os.getpid()}-'}jobs"
        self._lease = lease
        self._base: dict[str, Any] = {}
        self._written: dict[str, tuple[Any, ...]] = {}
        self._wrote = self._looked = self._told_at = 0.0
        self._seen: object = None
        self._published: tuple[Any, ...] = ()
        self._waiting = 0
        self._served = False  # the only job has ended

    @cached_property
    def _machine(self) -> machine.Machine:
        return machine.measure()

    def run(self) -> None:
        from django.db import close_old_connections, connection

        leftover_processes.end(self._config.data_dir, timeout=3.0)
        guard = threading.Thread(target=self._guard, name="jobs-guard", daemon=True)
        guard.start()
        try:
            while not self._is_over():
                try:
                    with self._waits.unless(self._stopping), self._commits() as commits:
                        while not self._is_over():
                            self._turn(commits)
                            time.sleep(LOOK)
                except Exception:
                    if self._stopping.is_set():
                        self._end_all()
                        return  # the next start cleans up what could not be written
                    logger.exception("running jobs failed; it is tried again")
                    time.sleep(AGAIN)
                    close_old_connections()
        finally:
            connection.close()

    def _is_over(self) -> bool:
        return not self.running and (self._stopping.is_set() or self._served)

    def _turn(self, commits: Callable[[], object]) -> None:
        if self._stopping.is_set():
            for process in self.running.values():
                process.stop("quit")
        for key, process in list(self.running.items()):
            if process.over.is_set():
                self._finish(key, process)
        now = time.monotonic()
        version = commits()
        if version != self._seen or now - self._looked > AGAIN:
            self._seen, self._looked = version, now
            self._hear_wishes()
            if not self._stopping.is_set():
                self._start_what_fits()
        if now - self._wrote > WRITE:
            self._wrote = now
            self._write_progress()
            self._tell_shell()

    @contextlib.contextmanager
    def _commits(self) -> Iterator[Callable[[], Any]]:
        """A cheap sign that something was committed. Databases other than SQLite have none and are
        polled once a second."""
        if self._database is None:
            yield lambda: None
            return
        with contextlib.closing(sqlite3.connect(self._database)) as database:
            yield lambda: database.execute("PRAGMA data_version").fetchone()

    def _guard(self) -> None:
        """Does not touch the database, which may be locked: limits are enforced regardless."""
        while self.is_alive():
            processes = list(self.running.values())
            for process in processes:
                process.look()
            if processes and machine.is_short():
                max(processes, key=lambda one: one.peak).stop("short")
            time.sleep(WATCH)

    # Starting.

    def _start_what_fits(self) -> None:
        waiting = []
        for row, job in rows.ready(self._queues):
            if self._only and str(row.pk) != self._only:
                continue
            needs = rows.needs_of_row(row)
            if reason := self._never(job, needs):
                self._over(row, job, reason, stopped=job.stop_wanted)
            elif needs:
                waiting.append((row, job, needs))
        self._waiting = len(waiting)
        for row, job, needs in waiting:
            others = [process.needs for process in self.running.values()]
            reason = admission.wait_for(needs, others, self._machine, self._free())
            if reason:
                # First in, first out: otherwise small jobs would starve a large one.
                rows.set_waiting_for(job, reason)
                return
            if self._write(rows.claim, row, self._taker):
                self._start(row, job, needs)

    def _never(self, job: Any, needs: Needs | None) -> str:
        """Why it can never start, or ''."""
        if job.stop_wanted:
            return rows.STOPPED
        if needs is None:
            return say("This version of the app has no such job.")
        return admission.impossible(needs, self._machine)

    def _free(self) -> int:
        """Memory that running jobs have reserved but not used is not free."""
        promised = sum(max(0, one.needs.memory - one.peak) for one in self.running.values())
        return machine.available() - promised

    def _start(self, row: Any, job: Any, needs: Needs) -> None:
        from django_tasks_db.compat import task_started

        key = str(row.pk)
        self._base[key] = job
        row = self._row(key)
        task_started.send(sender=type(row.task.get_backend()), task_result=row.task_result)
        try:
            process = JobProcess(key, needs, self._config.data_dir, job.worked)
            process.start(self._line())
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._over(row, job, say("It could not be started: {why}.", why=why))
        else:
            self.running[key] = process

    def _line(self) -> dict[str, Any]:
        config = self._config
        return {
            "contract": 1,
            "launch_id": config.launch_id,
            "data_dir": str(config.data_dir),
            "settings": config.settings,
            **({"app": str(config.app)} if config.app else {}),
            **({"build": self._build} if self._build else {}),
        }

    # While they run.

    def _hear_wishes(self) -> None:
        from .models import Job

        if not self.running:
            return
        for key in Job.objects.filter(pk__in=self.running, stop_wanted=True).values_list(
            "pk", flat=True
        ):
            self.running[str(key)].stop("user")

    def _fields(self, key: str, process: JobProcess) -> dict[str, Any]:
        base = self._base[key]
        done, total, text = process.progress
        fields: dict[str, Any] = {
            "worked": round(base.worked + process.worked, 1),
            "peak": max(base.peak, process.peak),
        }
        if process.progress != (None, None, ""):
            fields |= {"done": done, "total": total, "text": text}
        if process.checkpoints:
            fields["tries"] = 0
        return fields

    def _write_progress(self) -> None:
        """One transaction for all jobs, writing only what changed."""
        from django.db import transaction

        from .models import Job

        news = {}
        for key, process in self.running.items():
            sign = (process.progress, process.checkpoints, int(process.worked) // 5)
            if sign != self._written.get(key):
                self._written[key] = sign
                news[key] = self._fields(key, process) | {"left": process.left}
        if not news:
            return

        def write() -> None:
            with transaction.atomic():
                for key, fields in news.items():
                    Job.objects.filter(pk=key).update(**fields)

        self._waits.until_clear(write)

    def _tell_shell(self) -> None:
        shares = [_share(process) for process in self.running.values()]
        known = [share for share in shares if share is not None]
        share = round(sum(known) / len(known), 2) if known else None
        lost = sum(not process.needs.resumable for process in self.running.values())
        names = [
            {"title": self._base[key].title, "path": f"/desktop/jobs/{key}/"}
            for key in list(self.running)[:NAMED]
        ]
        news = (len(self.running), self._waiting, share, lost, names)
        if news != self._published and (self._published or self.running):
            self._published = news
            self._tell(
                "jobs", running=news[0], waiting=news[1], share=share, lost=lost, names=names
            )  # fmt: skip

    def _write(self, action: Callable[..., Any], *args: Any) -> Any:
        """Changes of owner and outcome: only while this worker still holds its lease."""
        if self._lease is None:
            return self._waits.until_clear(action, *args)
        return self._waits.until_clear(self._lease.write, action, *args)

    # Ending.

    def _finish(self, key: str, process: JobProcess) -> None:
        from django.core.exceptions import ObjectDoesNotExist

        try:
            self._write_end(key, process)
        except ObjectDoesNotExist:
            logger.warning("job %s was deleted while it ran", key)
            self._write(rows.give_up, key)
            self._served = self._served or key == self._only
        del self.running[key]
        self._written.pop(key, None)
        self._seen = None  # resources were freed for another job

    def _write_end(self, key: str, process: JobProcess) -> None:
        fields, job = self._fields(key, process), self._base[key]
        final, why = process.final, process.why
        reason = _reason(process)
        crashed = not why and not final
        tries = 0 if process.checkpoints else job.tries + 1
        row = self._row(key)
        if final.get("event") == "result":
            self._over(row, job, "", fields, value=final["value"])
        elif final.get("event") == "failed" and final.get("code") == "files_changed":
            # Old and new code must not mix: the shell restarts everything.
            self._write(partial(rows.put_back, key, "", fields, counts=False))
            self._stopping.set()
        elif why == "quit" or (crashed and self._stopping.is_set()):
            if process.needs.resumable:
                self._write(partial(rows.put_back, key, RESUMES, fields, counts=False))
            else:
                reason = orphans.why_closed(self._config.data_dir, CLOSED)
                self._over(row, job, reason, fields)
        elif crashed and process.needs.resumable and tries < rows.CRASHES:
            logger.warning("job %s continues from its last checkpoint: %s", key, reason)
            again = partial(rows.put_back, key, reason, fields, pause=CRASH_PAUSE)
            self._write(again)
        else:
            stopped = why == "user" or (not why and final.get("event") == "stopped")
            error = final if not why and final.get("event") == "raised" else {}
            self._over(row, job, reason, fields, stopped=stopped, error=error)

    def _row(self, key: str) -> Any:
        from django_tasks_db.models import DBTaskResult

        return DBTaskResult.objects.get(pk=key)

    def _over(
        self,
        row: Any,
        job: Any,
        reason: str,
        fields: dict[str, Any] | None = None,
        *,
        value: Any = None,
        stopped: bool = False,
        error: dict[str, Any] | None = None,
    ) -> None:
        """The job has ended; without a reason, with the result ``value``."""
        from django_tasks_db.compat import task_finished

        key = str(row.pk)
        if reason:
            end = partial(
                rows.fail, key, reason, fields or {}, stopped=stopped, error=error or {}
            )  # fmt: skip
        else:
            end = partial(rows.succeed, key, value, fields or {})
        row = self._write(end)
        if row.started_at:
            with contextlib.suppress(ImportError):  # a task that this version no longer has
                task_finished.send(sender=type(row.task.get_backend()), task_result=row.task_result)
        outcome = "stopped" if stopped else "failed" if reason else "done"
        self._tell(
            "job_over",
            title=job.title, outcome=outcome, reason=reason, path=f"/desktop/jobs/{key}/",
        )  # fmt: skip
        self._served = self._served or key == self._only

    def _end_all(self) -> None:
        """Kill all jobs without writing to the database."""
        for process in self.running.values():
            process.stop("quit")
        for process in self.running.values():
            process.over.wait(QUIT_AFTER + 0.5)


def _share(process: JobProcess) -> float | None:
    done, total, _text = process.progress
    return min(1.0, max(0.0, done / total)) if done is not None and total else None


def _reason(process: JobProcess) -> str:
    """The true reason why it ended early."""
    final, limit = process.final, admission.amount(process.needs.memory)
    if process.why == "user" or (not process.why and final.get("event") == "stopped"):
        return rows.STOPPED if process.why else say("It ended on its own.")
    if process.why == "memory":
        return say("It needed more memory than its limit of {limit}.", limit=limit)
    if process.why == "short":
        return say("It was stopped because the computer was running out of memory.")
    if process.why == "timeout":
        return say("It took longer than its time limit.")
    if final.get("event") == "raised":
        kind = str(final["type"]).removeprefix("builtins.")
        return f"{kind}: " + final["message"] if final["message"] else kind
    if final.get("event") == "failed":
        return joined([final["reason"], final["hint"]])
    return say("Its process ended unexpectedly: {how}.", how=how_it_died(process.code))
