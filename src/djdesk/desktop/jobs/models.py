"""One row per heavy task: the data for its page, and state that outlives its process."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..message_fields import MessageCharField, MessageTextField


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


class Job(models.Model):
    """Belongs to the django-tasks-db row with the same key, which holds arguments and result. No
    foreign key, because that row may be pruned."""

    task = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # Set at the user's request; the worker acts on it.
    stop_wanted = models.BooleanField(default=False)
    # What it waits for, or why it ended: an English sentence (``say``).
    reason = MessageTextField(blank=True)
    done = models.FloatField(null=True)
    total = models.FloatField(null=True)
    text = MessageCharField(max_length=300, blank=True)
    # Estimated seconds left, if known.
    left = models.FloatField(null=True)
    # Seconds of work so far, over all runs; peak memory in bytes.
    worked = models.FloatField(default=0)
    peak = models.BigIntegerField(default=0)
    # Number of starts, in total and since the last checkpoint.
    starts = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    added = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-added"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state not in (State.WAITING, State.RUNNING)

    @property
    def share(self) -> float | None:
        """From 0 to 1, if the job has reported a total."""
        if self.state == State.DONE:
            return 1.0
        if self.done is None or not self.total or self.total <= 0:
            return None
        return min(1.0, max(0.0, self.done / self.total))
