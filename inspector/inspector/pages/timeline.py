"""A project's numbers over its stored scans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..models import Scan, Section, Workspace
from .rows import problems

# (name, title), in column order.
MEASURES: tuple[tuple[str, Any], ...] = (
    ("models", _("Models")),
    ("fields", _("Fields")),
    ("migrations", _("Migrations")),
    ("routes", _("URLs")),
    ("drift", _("Drift")),
    ("findings", _("Findings")),
)
# Size of the small chart, in SVG units.
WIDTH, HEIGHT, EDGE = 300, 48, 4


@dataclass(frozen=True)
class Count:
    """``value``: None if the scan does not have it. ``change``: difference from the last scan that
    has it, or 0 if one of the two was static and the other live.
    """

    value: int | None
    change: int = 0


@dataclass(frozen=True)
class Step:
    """One scan. ``before``: the scan it is compared with, None for the oldest. ``source``:
    ``live`` or ``static``. ``news``: differences from ``before`` as in
    ``Scan.differences``, None if unknown.
    """

    scan: Scan
    before: Scan | None
    source: str
    counts: list[Count]
    news: list[dict[str, Any]] | None


@dataclass(frozen=True)
class Line:
    """A chart of one measure. ``parts``: points of its lines, interrupted where a scan lacks the
    value and between static and live scans. ``last``: newest known number. ``first``: oldest number
    from the same source.
    """

    title: Any
    first: int
    last: int
    parts: list[str]


def steps(workspace: Workspace) -> list[Step]:
    """All stored scans with results, newest first."""
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
    """One chart per measure, from the oldest scan to the newest. Empty with fewer than two scans;
    measures known in fewer than two scans are left out.
    """
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
    """Points of SVG polylines, at half height if the value never changes. A
    single value is a dot.
    """
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
