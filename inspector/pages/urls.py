"""Routes, the ones that answer requests, in the order of the URLconf."""

from __future__ import annotations

from typing import Any


def routes(data: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Routes without the includes that only lead to them."""
    return [r for r in (data or {}).get("routes") or [] if r.get("kind") != "include"]


def origins(routes: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """(origin, how many), the most frequent first; for the filter."""
    found: dict[str, int] = {}
    for route in routes:
        origin = route.get("origin") or "unknown"
        found[origin] = found.get(origin, 0) + 1
    return sorted(found.items(), key=lambda item: -item[1])
