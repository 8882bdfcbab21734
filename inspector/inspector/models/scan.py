"""One inspection of a project: its status and its results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from djdesk.desktop.message_fields import MessageCharField, MessageJSONField
from djdesk.messages import say

from .past_scan import PastScan
from .project import Project
from .work import Work

KEPT = 20  # scans per project
KEPT_WATCHED = 5  # of them, scans started by a changed file


class ScanQuerySet(models.QuerySet["Scan"]):
    def active(self) -> ScanQuerySet:
        return self.filter(status__in=Scan.ACTIVE)

    def with_results(self) -> ScanQuerySet:
        """Finished scans with results."""
        return self.filter(status__in=Scan.RESULTS)

    def shown(self) -> ScanQuerySet:
        """Without unnoticed scans: one started by a changed file appears only if it found
        something or failed.
        """
        return self.exclude(watched=True, status__in=Scan.UNSHOWN)

    def in_numbers(self) -> list[PastScan]:
        """The numbers of each scan, oldest first; not saved."""
        scans = list(
            self.defer("findings", "changed", "error", "connect_to", "stage").order_by("pk")
        )
        sections = self.model._meta.get_field("sections").related_model.objects
        live = sections.found(scan__in=[scan.pk for scan in scans], source="live", ok=True)
        ran = set(live.order_by().values_list("scan_id", flat=True).distinct())
        return [scan.numbers(live=scan.pk in ran) for scan in scans]

    def forget_old(self, project: Project) -> None:
        """Delete all but the newest scans; their numbers are kept for the timeline."""
        for watched, most in ((False, KEPT), (True, KEPT_WATCHED)):
            scans = self.filter(project=project, watched=watched)
            kept = list(scans.order_by("-pk").values_list("pk", flat=True)[:most])
            old = scans.exclude(pk__in=kept)
            with transaction.atomic():
                PastScan.objects.bulk_create(old.with_results().in_numbers(), ignore_conflicts=True)
                old.delete()
        PastScan.objects.forget_old(project)


class Scan(Work):
    """``revision`` increases with every change that a page can show. ``error``: ``{message, hint?,
    trace?}``. ``discovered``: result of discovery. ``summary``: from ``facts.summarize``.
    ``findings``: from ``facts.findings_of``.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("scan", "Waiting")
        RUNNING = "running", pgettext_lazy("scan", "Running")
        COMPLETE = "complete", pgettext_lazy("scan", "Complete")
        PARTIAL = "partial", pgettext_lazy("scan", "Partly complete")
        FAILED = "failed", pgettext_lazy("scan", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("scan", "Cancelled")
        INTERRUPTED = "interrupted", pgettext_lazy("scan", "Interrupted")

    RESULTS = (Status.COMPLETE, Status.PARTIAL)
    # States in which a scan started by a changed file is hidden.
    UNSHOWN = (Status.QUEUED, Status.RUNNING, Status.CANCELLED, Status.INTERRUPTED)

    project = models.ForeignKey(Project, models.CASCADE, related_name="scans")
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    stage = MessageCharField(max_length=500, blank=True)
    progress = models.FloatField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    # Queue another scan after this one: the choices it was started with have changed.
    again = models.BooleanField(default=False)
    trusted = models.BooleanField(default=False)
    # Whether a changed file started it, and the state of the files when it started (`scans.tree`).
    watched = models.BooleanField(default=False)
    tree = models.CharField(max_length=64, blank=True)
    # Aliases of server databases to connect to, in this scan only.
    connect_to = models.JSONField(default=list, blank=True)

    # Run the project with the guard alone, in this scan only.
    without_sandbox = models.BooleanField(default=False)

    error = MessageJSONField(null=True, blank=True)
    discovered = MessageJSONField(default=dict, blank=True)
    summary = MessageJSONField(default=dict, blank=True)
    changed = models.JSONField(default=list, blank=True)
    findings = MessageJSONField(default=list, blank=True)
    # Differences from ``compared_with``, the previous scan with results; see pages.history.counted.
    differences = MessageJSONField(default=list, blank=True)
    compared_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False
    )

    objects = ScanQuerySet.as_manager()

    class Meta(Work.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=["queued", "running"]),
                name="one_active_scan_per_project",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.pk} {self.status}"

    @property
    def problems(self) -> dict[str, int]:
        """Number of findings by severity."""
        if "attention" in self.summary:
            return self.summary["attention"]
        return Counter(one["severity"] for one in self.summary.get("warnings") or [])

    @property
    def finding_count(self) -> int | None:
        """Total number of findings; None before there are any results."""
        return sum(self.problems.values()) if self.summary else None

    def numbers(self, *, live: bool) -> PastScan:
        """The numbers to keep when the scan is deleted; not saved. ``live``:
        the project was run.
        """
        return PastScan(
            project_id=self.project_id,
            number=self.pk,
            finished=self.finished,
            source="live" if live else "static",
            git=self.discovered.get("git"),
            counts=self.summary.get("counts") or {},
            finding_count=self.finding_count,
            compared_with=self.summary.get("compared_with") or self.compared_with_id,
            differences=self.differences,
        )

    def write(self, states: Iterable[str], **values: Any) -> bool:
        return super().write(states, revision=F("revision") + 1, **values)

    def change(self, **values: Any) -> bool:
        """Write ``values`` and increase the revision; False if the scan has already ended."""
        if not self.write(self.ACTIVE, **values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def begin(self, **values: Any) -> bool:
        return super().begin(stage=say("Starting"), **values)

    def end(self, status: Any, error: Mapping[str, Any] | None = None, **values: Any) -> bool:
        return super().end(status, error=error, stage="", progress=None, **values)

    def cancel(self) -> None:
        """Ask a running scan to end; a queued one ends at once."""
        self.ask_to_end(self.Status.CANCELLED, stage=say("Cancelling"))
