"""The home page's list: each workspace with its newest scan and what the last result was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from ..models import Scan, Workspace
from .activity import Event, version


@dataclass(frozen=True)
class Row:
    """One line of the list. ``result`` is the last scan that brought something."""

    workspace: Workspace
    scan: Scan | None
    result: Scan | None

    @property
    def counts(self) -> dict[str, Any]:
        return (self.result.summary.get("counts") or {}) if self.result else {}

    @property
    def problems(self) -> dict[str, int]:
        """Number of insights by severity, of the last result: what its overview lists."""
        summary = self.result.summary if self.result else {}
        if "attention" in summary:
            return summary["attention"]
        return Counter(warning["severity"] for warning in summary.get("warnings") or [])

    @property
    def interpreter(self) -> dict[str, Any]:
        for scan in (self.scan, self.result):
            for found in (scan.project.get("interpreters") or []) if scan else []:
                if found.get("chosen"):
                    return found
        return {}

    @property
    def django(self) -> str:
        for scan in (self.scan, self.result):
            if scan and scan.project.get("django_hint"):
                return scan.project["django_hint"]
        return ""


def home_rows() -> list[Row]:
    """All workspaces, the one opened last first; three queries whatever their number."""
    workspaces = list(Workspace.objects.all())
    newest = _newest(Scan.objects.all())
    results = _newest(Scan.objects.with_results())
    return [Row(w, newest.get(w.pk), results.get(w.pk)) for w in workspaces]


def _newest(scans: QuerySet[Scan]) -> dict[int, Scan]:
    """The newest of these scans, by workspace."""
    ids = scans.order_by().values("workspace").annotate(newest=Max("pk")).values("newest")
    return {
        s.workspace_id: s
        for s in Scan.objects.filter(pk__in=ids).defer("changed", "insights", "differences")
    }


SORTS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: row.workspace.name.casefold(),
    "problems": lambda row: (-row.problems.get("error", 0), -row.problems.get("warning", 0)),
}


def in_order(rows: list[Row], sort: str) -> list[Row]:
    """By ``name`` or ``problems``; by anything else as they come, the one opened last first."""
    return sorted(rows, key=SORTS[sort]) if sort in SORTS else rows


def home_versions(rows: list[Row], events: list[Event]) -> dict[str, str]:
    """What the two fragments of the home page are made from."""
    return {"workspaces": home_version(rows), "activity": version(events)}


def home_version(rows: list[Row]) -> str:
    return " ".join(
        f"{r.workspace.pk}:{r.workspace.name}:{r.scan.pk if r.scan else 0}:"
        f"{r.scan.status if r.scan else ''}"
        for r in rows
    )
