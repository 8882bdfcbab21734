"""Whose code a fact comes from: the order in which a reader wants it, and how many of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

RANK = {"project": 0, "outside": 1, "third-party": 2, "django": 3, "stdlib": 4}


def rank(row: dict[str, Any]) -> int:
    """The project's own first; unknown ones last."""
    return RANK.get(row.get("origin") or "", len(RANK))


def own_first(rows: Iterable[dict[str, Any]] | None, *keys: str) -> list[dict[str, Any]]:
    """By whose code it is, then by ``keys``; rows that are equal stay in their order."""
    return sorted(rows or [], key=lambda r: (rank(r), *(str(r.get(k) or "") for k in keys)))


def counts(rows: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """(origin, how many) for a filter, the project's own first."""
    found: dict[str, int] = {}
    for row in rows:
        origin = row.get("origin") or "unknown"
        found[origin] = found.get(origin, 0) + 1
    return sorted(found.items(), key=lambda item: RANK.get(item[0], len(RANK)))


def own(rows: Iterable[dict[str, Any]]) -> int:
    """How many are the project's."""
    return sum(r.get("origin") in ("project", "outside") for r in rows)


def share(mine: int, total: int) -> str:
    """Why a page lists more than the rail counts; empty when all of it is the project's own."""
    if mine == total:
        return ""
    numbers = {"own": _grouped(mine), "total": _grouped(total)}
    return gettext("%(own)s of %(total)s are this project's own") % numbers


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)
