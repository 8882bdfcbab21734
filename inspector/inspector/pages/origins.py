"""Orders facts by whose code they come from, and counts them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

RANK = {"project": 0, "outside": 1, "third-party": 2, "django": 3, "stdlib": 4}


def rank(row: dict[str, Any]) -> int:
    """Own code first; unknown origins last."""
    return RANK.get(row.get("origin") or "", len(RANK))


def own_first(rows: Iterable[dict[str, Any]] | None, *keys: str) -> list[dict[str, Any]]:
    """Sort by origin, then by ``keys``; the sort is stable."""
    return sorted(rows or [], key=lambda r: (rank(r), *(str(r.get(k) or "") for k in keys)))


def counts(rows: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """(origin, count) for a filter, own code first."""
    found: dict[str, int] = {}
    for row in rows:
        origin = row.get("origin") or "unknown"
        found[origin] = found.get(origin, 0) + 1
    return sorted(found.items(), key=lambda item: RANK.get(item[0], len(RANK)))


def own(rows: Iterable[dict[str, Any]]) -> int:
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
