"""Templates with their users; problems come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .origins import rank

SHOWN = 2000  # rows; more would take long to render, and the filter finds them by name


@dataclass(frozen=True)
class Row:
    """``used_by``: number of templates and places in the code that name it; None if unknown."""

    template: dict[str, Any]
    used_by: int | None
    unused: bool


def rows(data: dict[str, Any] | None) -> list[Row]:
    """Own templates first, by name."""
    data = data or {}
    used: dict[str, int] = {}
    for edge in data.get("edges") or []:
        used[edge["target"]] = used.get(edge["target"], 0) + 1
    for reference in data.get("references") or []:
        used[reference["name"]] = used.get(reference["name"], 0) + 1
    unused = {u["name"] for u in data.get("unused") or []}
    found = [
        Row(
            t, used.get(t["name"], 0) if t.get("origin") == "project" else None, t["name"] in unused
        )
        for t in data.get("templates") or []
    ]
    return sorted(found, key=lambda r: (rank(r.template), r.template["name"]))
