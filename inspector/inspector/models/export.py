"""One file in the exports folder, made from a scan or written by a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djdesk.desktop.message_fields import MessageCharField

from .project import Project
from .scan import Scan
from .work import Work


class ExportQuerySet(models.QuerySet["Export"]):
    def active(self) -> ExportQuerySet:
        return self.filter(status__in=Export.ACTIVE)

    def adopt(self, project: Project, path: Path, when: Any) -> Export:
        """Add a file that a command wrote into the exports folder."""
        return self.create(
            project=project,
            kind="data",
            name=path.name,
            size=path.stat().st_size,
            status=Export.Status.DONE,
            started=when,
            finished=timezone.now(),
        )


class ExportManager(models.Manager.from_queryset(ExportQuerySet)):  # type: ignore[misc]
    """Exports that have not been removed."""

    def get_queryset(self) -> ExportQuerySet:
        queryset: ExportQuerySet = super().get_queryset().filter(removed__isnull=True)
        return queryset


class Export(Work):
    """``name``: file name in the exports folder of the data folder. ``scanned`` remains when
    ``scan`` is deleted, since only the newest scans are kept.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        INTERRUPTED = "interrupted", _("Interrupted")

    project = models.ForeignKey(Project, models.CASCADE, related_name="exports")
    scan = models.ForeignKey(Scan, models.SET_NULL, null=True, blank=True, related_name="exports")
    compared_with = models.ForeignKey(
        Scan, models.SET_NULL, null=True, blank=True, related_name="compared_exports"
    )
    scanned = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    own_only = models.BooleanField(default=False)
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    stage = MessageCharField(max_length=200, blank=True)
    progress = models.FloatField(null=True, blank=True)
    # Why there is no file, as a sentence.
    reason = MessageCharField(max_length=1000, blank=True)

    # When the user removed it (see `removal`).
    removed = models.DateTimeField(null=True, blank=True)

    objects = ExportManager()
    everything = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.status})"

    def get_absolute_url(self) -> str:
        return reverse("inspector:export", args=[self.project_id, self.pk])

    @property
    def title(self) -> str:
        from ..exports.kinds import OFFERS

        offer = OFFERS.get(self.kind)
        return str(offer.title if offer else _("Data written by a command"))

    @property
    def path(self) -> Path:
        from ..exports.folder import path_of

        return path_of(self.name)

    @property
    def is_there(self) -> bool:
        """Whether the file still exists."""
        from ..exports.folder import is_there

        return self.status == self.Status.DONE and is_there(self.name)

    def end(self, status: Any, **values: Any) -> bool:
        return super().end(status, stage="", progress=None, **values)

    def cancel(self) -> None:
        """Ask a running export to end; a queued one ends at once."""
        self.ask_to_end(self.Status.CANCELLED)
