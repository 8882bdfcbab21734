"""The home page's list of recent activity in all projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import pgettext

from ..models import Command, Export, Scan

SHOWN = 10
PROJECT = ("project", "project__name")
LISTED = {"project__removed__isnull": True}


@dataclass(frozen=True)
class Event:
    """One line. ``outcome``: a status; ``label``: its text; ``tone``: ok, warning, error, or active
    while it runs. ``project``: a primary key.
    """

    key: str
    icon: str
    what: str
    project: int
    project_name: str
    url: str
    when: datetime
    outcome: str
    label: str
    tone: str


def recent() -> list[Event]:
    """The latest events of all kinds, newest first."""
    found = [event for source in SOURCES for event in source()]
    return sorted(found, key=lambda event: event.when, reverse=True)[:SHOWN]


def version(events: list[Event]) -> str:
    """A version string that changes with the list."""
    return " ".join(f"{event.key}{event.outcome}" for event in events)


def _scans() -> Iterable[Event]:
    columns = ("pk", "status", "queued", "finished", *PROJECT)
    asked_for = Scan.objects.filter(watched=False, **LISTED).select_related("project")
    for scan in asked_for.only(*columns).order_by("-pk")[:SHOWN]:
        yield Event(
            key=f"scan-{scan.pk}",
            icon="search",
            what=pgettext("noun", "Scan"),
            project=scan.project_id,
            project_name=scan.project.name,
            url=f"{reverse('inspector:runs', args=[scan.project_id])}#run-{scan.pk}",
            when=scan.finished or scan.queued,
            outcome=scan.status,
            label=scan.get_status_display(),
            tone=TONES.get(scan.status, "active"),
        )


def _commands() -> Iterable[Event]:
    columns = ("pk", "preset", "title", "status", "queued", "finished", *PROJECT)
    runs = Command.objects.runs().filter(**LISTED).select_related("project").only(*columns)
    for run in runs.order_by("-pk")[:SHOWN]:
        yield Event(
            key=f"command-{run.pk}",
            icon="terminal",
            what=run.label,
            project=run.project_id,
            project_name=run.project.name,
            url=run.get_absolute_url(),
            when=run.finished or run.queued,
            outcome=run.status,
            label=run.get_status_display(),
            tone=TONES.get(run.status, "active"),
        )


def _exports() -> Iterable[Event]:
    columns = ("pk", "kind", "name", "status", "queued", "finished", *PROJECT)
    made = Export.objects.filter(**LISTED).select_related("project").only(*columns)
    for export in made.order_by("-pk")[:SHOWN]:
        yield Event(
            key=f"export-{export.pk}",
            icon="exports",
            what=str(export.title),
            project=export.project_id,
            project_name=export.project.name,
            url=export.get_absolute_url(),
            when=export.finished or export.queued,
            outcome=export.status,
            label=export.get_status_display(),
            tone=TONES.get(export.status, "active"),
        )


SOURCES: tuple[Callable[[], Iterable[Event]], ...] = (_scans, _commands, _exports)
# Final statuses of all kinds; any other is still active.
TONES = {
    "complete": "ok",
    "done": "ok",
    "partial": "warning",
    "cancelled": "warning",
    "stopped": "warning",
    "interrupted": "warning",
    "time": "error",
    "failed": "error",
}
