"""Orders facts by whose code they come from, and counts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext

RANK = {"project": 0, "outside": 1, "third-party": 2, "django": 3, "stdlib": 4}


def rank(row: Mapping[str, object]) -> int:
    """Own code first; unknown origins last."""
    return RANK.get(str(row.get("origin")), len(RANK))


def own_first[Row: Mapping[str, object]](rows: Iterable[Row] | None, *keys: str) -> list[Row]:
    """Sort by origin, then by ``keys``; the sort is stable."""
    return sorted(rows or [], key=lambda r: (rank(r), *(str(r.get(k) or "") for k in keys)))


def counts(rows: Iterable[Mapping[str, object]]) -> list[tuple[str, int]]:
    """(origin, count) for a filter, own code first."""
    found: dict[str, int] = {}
    for row in rows:
        origin = str(row.get("origin") or "unknown")
        found[origin] = found.get(origin, 0) + 1
    return sorted(found.items(), key=lambda item: RANK.get(item[0], len(RANK)))


def own(rows: Iterable[Mapping[str, object]]) -> int:
    """Number of rows from the project's own code."""
    return sum(r.get("origin") in ("project", "outside") for r in rows)


def share(mine: int, total: int) -> str:
    """Explains why a page lists more than the rail counts; empty if all rows
    are the project's own.
    """
    if mine == total:
        return ""
    numbers = {"own": _grouped(mine), "total": _grouped(total)}
    return gettext("%(own)s of %(total)s are this project's own") % numbers


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)
