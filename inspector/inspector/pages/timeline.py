"""A project over its kept scans: what it counted in each, and how that went up and down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..models import Scan, Section, Workspace
from .rows import problems

# (name, title), in the order of the columns.
MEASURES: tuple[tuple[str, Any], ...] = (
    ("models", _("Models")),
    ("fields", _("Fields")),
    ("migrations", _("Migrations")),
    ("routes", _("URLs")),
    ("drift", _("Drift")),
    ("findings", _("Findings")),
)
# Of the little chart, in its own units.
WIDTH, HEIGHT, EDGE = 300, 48, 4


@dataclass(frozen=True)
class Count:
    """``value`` is None where the scan did not tell; ``change`` since the last one that did, 0
    where that one read only the files and this one did not, or the other way round."""

    value: int | None
    change: int = 0


@dataclass(frozen=True)
class Step:
    """One scan. ``before`` is the scan that it is compared with; None for the first one kept.
    ``source`` is ``live`` or ``static``. ``news``: what differs from ``before``, as
    ``Scan.differences`` has it; None if that is not known."""

    scan: Scan
    before: Scan | None
    source: str
    counts: list[Count]
    news: list[dict[str, Any]] | None


@dataclass(frozen=True)
class Line:
    """One measure as a picture: ``parts`` are the points of its lines, broken where a scan did not
    tell, and between static and live ones; ``last`` is the newest number known, ``first`` the
    oldest one of the same source."""

    title: Any
    first: int
    last: int
    parts: list[str]


def steps(workspace: Workspace) -> list[Step]:
    """All kept scans with results, the newest first."""
    scans = Scan.objects.with_results().filter(workspace=workspace)
    scans = scans.defer("insights", "changed", "error", "ask", "stage").order_by("pk")
    live = Section.objects.found(scan__workspace=workspace, source="live", ok=True)
    ran = set(live.order_by().values_list("scan_id", flat=True).distinct())
    found: list[Step] = []
    known: dict[str, int] = {}
    before: Scan | None = None
    for scan in scans:
        numbers = _numbers(scan)
        source = "live" if scan.pk in ran else "static"
        if found and found[-1].source != source:
            known = {}
        counts = []
        for name, _title in MEASURES:
            value = numbers[name]
            counts.append(Count(value, value - known.get(name, value) if value is not None else 0))
            if value is not None:
                known[name] = value
        compared = before is not None and scan.compared_with_id == before.pk
        found.append(Step(scan, before, source, counts, scan.differences if compared else None))
        before = scan
    return found[::-1]


def _numbers(scan: Scan) -> dict[str, int | None]:
    counts = scan.summary.get("counts") or {}
    findings = sum(problems(scan).values()) if scan.summary else None
    return {name: counts.get(name) for name, _title in MEASURES} | {"findings": findings}


def lines(found: list[Step]) -> list[Line]:
    """A picture of each measure, from the oldest scan to the newest, one step each; none with fewer
    than two scans, and none of what no two scans told."""
    result = []
    in_order = found[::-1]
    for at, (_name, title) in enumerate(MEASURES):
        told = [(s.source, v) for s in in_order if (v := s.counts[at].value) is not None]
        if len(told) < 2:
            continue
        source, last = told[-1]
        first = next(value for other, value in told if other == source)
        result.append(Line(title, first, last, _parts(in_order, at)))
    return result


def _parts(in_order: list[Step], at: int) -> list[str]:
    """Points of SVG polylines, at half the height if nothing changes. One value alone is a dot."""
    told = [value for step in in_order if (value := step.counts[at].value) is not None]
    low, high = min(told), max(told)
    parts: list[list[str]] = [[]]
    source = ""
    for number, step in enumerate(in_order):
        value = step.counts[at].value
        if value is None or step.source != source:
            parts.append([])
        source = step.source
        if value is None:
            continue
        x = EDGE + (WIDTH - 2 * EDGE) * number / (len(in_order) - 1)
        share = (value - low) / (high - low) if high > low else 0.5
        parts[-1].append(f"{x:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share:.1f}")
    return [" ".join(part if len(part) > 1 else part * 2) for part in parts if part]
