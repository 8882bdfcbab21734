"""The home page's list: each project with its newest scan and its last result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet

from ..models import Project, Scan
from .activity import Event, version

# Large columns of a scan that the list does not show.
NOT_SHOWN = ("changed", "findings", "differences", "error", "connect_to")


@dataclass(frozen=True)
class Row:
    """One line of the list. ``result``: the last scan with results."""

    project: Project
    scan: Scan | None
    result: Scan | None

    @property
    def counts(self) -> dict[str, Any]:
        return (self.result.summary.get("counts") or {}) if self.result else {}

    @property
    def problems(self) -> dict[str, int]:
        """Number of findings by severity in the last result, as on its overview."""
        return self.result.problems if self.result else {}

    @property
    def interpreter(self) -> dict[str, Any]:
        for scan in (self.scan, self.result):
            for found in (scan.discovered.get("interpreters") or []) if scan else []:
                if found.get("chosen"):
                    return found
        return {}

    @property
    def django(self) -> str:
        for scan in (self.scan, self.result):
            if scan and scan.discovered.get("django_hint"):
                return scan.discovered["django_hint"]
        return ""


def home_rows() -> list[Row]:
    """All projects, most recently opened first. Always two queries."""
    projects = list(Project.objects.all())
    newest: dict[int, Scan] = {}
    results: dict[int, Scan] = {}
    wanted = Q(pk__in=_newest(Scan.objects.shown())) | Q(
        pk__in=_newest(Scan.objects.with_results())
    )
    # Newest first: if a project has two, the other one is its last result.
    for scan in Scan.objects.filter(wanted).order_by("-pk").defer(*NOT_SHOWN):
        newest.setdefault(scan.project_id, scan)
        if scan.status in Scan.RESULTS:
            results.setdefault(scan.project_id, scan)
    return [Row(w, newest.get(w.pk), results.get(w.pk)) for w in projects]


def _newest(scans: QuerySet[Scan]) -> QuerySet[Any]:
    """Primary keys of the newest of these scans per project."""
    return scans.order_by().values("project").annotate(newest=Max("pk")).values("newest")


SORTS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: row.project.name.casefold(),
    "problems": lambda row: (-row.problems.get("error", 0), -row.problems.get("warning", 0)),
}


def in_order(rows: list[Row], sort: str) -> list[Row]:
    """Sort by ``name`` or ``problems``; otherwise keep the order, most recently opened first."""
    return sorted(rows, key=SORTS[sort]) if sort in SORTS else rows


def home_versions(rows: list[Row], events: list[Event]) -> dict[str, str]:
    """Versions of the two fragments of the home page."""
    return {"projects": home_version(rows), "activity": version(events)}


def home_version(rows: list[Row]) -> str:
    return " ".join(
        f"{r.project.pk}:{r.project.name}:{r.scan.pk if r.scan else 0}:"
        f"{r.scan.status if r.scan else ''}"
        for r in rows
    )
