"""The numbers of a scan, kept for the timeline after the scan itself is deleted."""

from __future__ import annotations

from django.db import models

from djdesk.desktop.message_fields import MessageJSONField

from .project import Project

KEPT = 500  # per project; a row is about 1 kB


class PastScanQuerySet(models.QuerySet["PastScan"]):
    def forget_old(self, project: Project) -> None:
        """Delete all but the newest."""
        rows = self.filter(project=project)
        kept = rows.order_by("-number").values_list("pk", flat=True)[:KEPT]
        rows.exclude(pk__in=list(kept)).delete()


class PastScan(models.Model):
    """``number``: the scan's primary key. ``compared_with``: primary key of the scan that
    ``differences`` refers to; None if unknown. ``counts``: from ``Scan.summary``. ``git``:
    discovery's result for the checkout. ``source``: ``live`` or ``static``.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="past_scans")
    number = models.PositiveBigIntegerField()
    finished = models.DateTimeField(null=True)
    source = models.CharField(max_length=8)
    git = models.JSONField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    finding_count = models.PositiveIntegerField(null=True)
    compared_with = models.PositiveBigIntegerField(null=True)
    differences = MessageJSONField(default=list, blank=True)

    objects = PastScanQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_row_per_past_scan")
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.number}"
