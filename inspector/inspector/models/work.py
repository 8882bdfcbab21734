"""Shared by scans, commands and exports: work that is queued, runs, and ends once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from djdesk.desktop import tasks

QUEUED, RUNNING = "queued", "running"


class Work(models.Model):
    """Subclasses define ``status`` with QUEUED and RUNNING; every other status is final.

    Every change is one ``UPDATE`` that filters by the expected state, so that a worker that
    finishes and a user who cancels cannot overwrite each other: the first one wins.
    """

    ACTIVE = (QUEUED, RUNNING)

    cancel_requested = models.BooleanField(default=False)
    task_id = models.CharField(max_length=64, blank=True, db_index=True)
    queued = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def duration(self) -> timedelta | None:
        """Time from start to end, or to now; None before the start."""
        if self.started is None:
            return None
        return (self.finished or timezone.now()) - self.started

    def write(self, states: Iterable[str], **values: Any) -> bool:
        """Write ``values`` if the row is in one of the states. Does not change this object."""
        rows = type(self)._default_manager.filter(pk=self.pk, status__in=states)
        return bool(rows.update(**values))

    def begin(self, **values: Any) -> bool:
        """Queued to running; False if it was cancelled in the queue."""
        now = timezone.now()
        if not self.write([QUEUED], status=RUNNING, started=now, **values):
            return False
        self.status, self.started = RUNNING, now
        return True

    # Any: without Django's types, mypy takes a member of Status for the tuple it is written as.
    def end(self, status: Any, **values: Any) -> bool:
        """Active to a final state; False if it has already ended."""
        if not self.write(self.ACTIVE, status=status, finished=timezone.now(), **values):
            return False
        self.refresh_from_db()
        return True

    def was_stopped(self) -> bool:
        """Called by the task: whether the user has asked it to end."""
        rows = type(self)._default_manager.filter(pk=self.pk, cancel_requested=True)
        return tasks.asked_to_end() or rows.exists()

    def ask_to_end(self, status: Any, **values: Any) -> None:
        """End queued work at once with that status; for running work store ``values``.

        The task is signalled first, without the database, which may be locked.
        """
        if self.task_id:
            tasks.ask_to_end(self.task_id)
        if not self.write([QUEUED], status=status, finished=timezone.now()):
            self.write(self.ACTIVE, cancel_requested=True, **values)
        self.refresh_from_db()
