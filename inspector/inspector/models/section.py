"""One section of a scan's snapshot, from one source."""

from __future__ import annotations

from typing import Any

from django.db import models

from djdesk.desktop.message_fields import MessageJSONField

from .scan import Scan

# Computed after a scan has ended, and not part of its snapshot.
AFTERWARDS = ("readiness",)


class SectionQuerySet(models.QuerySet):
    def found(self, **wanted: Any) -> SectionQuerySet:
        """Sections that scans found, without those computed afterwards."""
        return self.filter(**wanted).exclude(name__in=AFTERWARDS)


class Section(models.Model):
    """``data`` has the structure described in docs/snapshot.md; ``error`` is ``{type,
    message, trace, hint}``.
    """

    class Source(models.TextChoices):
        STATIC = "static", "Static"
        LIVE = "live", "Live"

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="sections")
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=8, choices=Source)
    ok = models.BooleanField()
    seconds = models.FloatField(default=0)
    data = MessageJSONField(null=True, blank=True)
    error = MessageJSONField(null=True, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scan", "name", "source"], name="one_section_per_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.source})"

    def as_event(self) -> dict[str, Any]:
        """The section as the engine's ``section`` event (docs/engine.md)."""
        event = {
            "event": "section",
            "name": self.name,
            "source": self.source,
            "ok": self.ok,
            "seconds": self.seconds,
        }
        return event | ({"data": self.data} if self.ok else {"error": self.error})
