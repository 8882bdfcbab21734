"""One run of a command in a project. Its output is in a file, not in a column."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from djdesk.desktop.message_fields import MessageCharField
from djdesk.desktop.message_translation import translated

from .project import Project
from .work import Work

KEPT = 50  # runs per project, and the same number of SQL previews
FOLDER = "commands"
ENVIRONMENT = "environment"  # preset of a run that creates the project's environment
SQL = "sql-preview"  # preset of a run that only produces the SQL of a migration


class CommandQuerySet(models.QuerySet["Command"]):
    def active(self) -> CommandQuerySet:
        return self.filter(status__in=Command.ACTIVE)

    def runs(self) -> CommandQuerySet:
        """Runs started by the user, without SQL previews."""
        return self.exclude(preset=SQL)

    def previews(self) -> CommandQuerySet:
        return self.filter(preset=SQL)

    def forget_old(self, project: Project) -> None:
        """Delete all but the newest runs and previews, including their output."""
        rows = self.filter(project=project).exclude(status__in=Command.ACTIVE).order_by("-pk")
        for command in [*rows.runs()[KEPT:], *rows.previews()[KEPT:]]:
            command.output.unlink(missing_ok=True)
            command.delete()


class Command(Work):
    """``arguments``: what follows manage.py (or the module), already checked. ``values``: the
    user's input for the preset's parameters, kept to run it again.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("command", "Waiting")
        RUNNING = "running", pgettext_lazy("command", "Running")
        DONE = "done", pgettext_lazy("command", "Done")
        FAILED = "failed", pgettext_lazy("command", "Failed")
        STOPPED = "stopped", pgettext_lazy("command", "Stopped")
        TIME = "time", pgettext_lazy("command", "Out of time")
        INTERRUPTED = "interrupted", pgettext_lazy("command", "Interrupted")

    class Sandbox(models.TextChoices):
        """State of the sandbox for a run that promised to write nothing. Not shown to users."""

        WANTED = "wanted"
        FAILED = "failed"  # it did not start, so the command was not run
        WAIVED = "waived"  # the user wants this run without the sandbox

    project = models.ForeignKey(Project, models.CASCADE, related_name="commands")
    preset = models.CharField(max_length=120)
    title = MessageCharField(max_length=200)
    arguments = models.JSONField(default=list)
    values = models.JSONField(default=dict, blank=True)
    module = models.CharField(max_length=40, blank=True)
    time_limit = models.FloatField(default=600)
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    exit_code = models.IntegerField(null=True, blank=True)
    # Why it did not finish, as a sentence.
    reason = MessageCharField(max_length=1000, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    truncated = models.BooleanField(default=False)
    # Project files changed by a run that promised to change none; null if nothing was promised or
    # the run did not finish.
    changed = models.JSONField(null=True, blank=True)
    # What kept the project's folder read-only during the run, or why nothing did, as a sentence.
    protection = MessageCharField(max_length=300, blank=True)
    sandbox = models.CharField(max_length=8, choices=Sandbox, default=Sandbox.WANTED)

    objects = CommandQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.title} ({self.status})"

    def get_absolute_url(self) -> str:
        if self.preset == SQL:
            query = {"view": "graph", "mig": f"{self.values['app']}.{self.values['name']}"}
            page = reverse("inspector:migrations", args=[self.project_id])
            return f"{page}?{urlencode({**query, 'engine': self.values['engine']})}"
        return reverse("inspector:command", args=[self.project_id, self.pk])

    @property
    def label(self) -> str:
        """The translated title. A command of the project's own keeps its name."""
        return self.title if self.preset.startswith("own:") else translated(self.title)

    @property
    def output(self) -> Path:
        return settings.DATA_DIR / FOLDER / f"{self.pk}.log"

    @property
    def shown(self) -> str:
        """The command as one would type it; for display only."""
        if self.preset == ENVIRONMENT:
            return " ".join(self.arguments)
        start = f"python -m {self.module}" if self.module else "manage.py"
        return " ".join([start, *self.arguments]).replace("{export}", "…")

    def stop(self) -> None:
        """Ask a running command to end; a queued one ends at once."""
        self.ask_to_end(self.Status.STOPPED)
