"""Settings, the project's own words first."""

from __future__ import annotations

from typing import Any


def variables(data: dict[str, Any] | None) -> list[dict[str, Any]]:
    """By name; the ones that Django knows and that are at their default come last."""
    found = (data or {}).get("variables") or []
    return sorted(found, key=lambda v: (v.get("changed") is False, v["name"]))
