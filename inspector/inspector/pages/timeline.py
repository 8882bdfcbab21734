"""A project's numbers over its scans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..models import PastScan, Project, Scan

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
    """One scan. ``before``: the scan to compare it with, if both are still stored. ``is_first``:
    no scan came before it. ``news``: differences from the previous scan as in
    ``Scan.differences``; None if unknown.
    """

    scan: PastScan
    before: PastScan | None
    is_first: bool
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


def steps(project: Project) -> list[Step]:
    """All scans with results, including those of which only the numbers are kept, newest first."""
    stored = Scan.objects.with_results().filter(project=project).in_numbers()
    numbers = {scan.number for scan in stored}
    found: list[Step] = []
    known: dict[str, int] = {}
    before: PastScan | None = None
    past = project.past_scans.exclude(number__in=numbers)
    for scan in sorted([*past, *stored], key=lambda one: one.number):
        if before is not None and before.source != scan.source:
            known = {}
        counts = []
        for name, _title in MEASURES:
            value = scan.finding_count if name == "findings" else scan.counts.get(name)
            counts.append(Count(value, value - known.get(name, value) if value is not None else 0))
            if value is not None:
                known[name] = value
        compared = before is not None and scan.compared_with == before.number
        is_stored = before is not None and {before.number, scan.number} <= numbers
        news = scan.differences if compared else None
        found.append(Step(scan, before if is_stored else None, before is None, counts, news))
        before = scan
    return found[::-1]


def lines(found: list[Step]) -> list[Line]:
    """One chart per measure, from the oldest scan to the newest. Measures with fewer than two
    values from the same source as the newest scan are left out.
    """
    result = []
    in_order = found[::-1]
    for at, (_name, title) in enumerate(MEASURES):
        told = [(s.scan.source, v) for s in in_order if (v := s.counts[at].value) is not None]
        if not told:
            continue
        source, last = told[-1]
        same = [value for other, value in told if other == source]
        if len(same) > 1:
            result.append(Line(title, same[0], last, _parts(in_order, at)))
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
        if value is None or step.scan.source != source:
            parts.append([])
        source = step.scan.source
        if value is None:
            continue
        x = EDGE + (WIDTH - 2 * EDGE) * number / (len(in_order) - 1)
        share = (value - low) / (high - low) if high > low else 0.5
        parts[-1].append(f"{x:.1f},{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share:.1f}")
    return [" ".join(part if len(part) > 1 else part * 2) for part in parts if part]
