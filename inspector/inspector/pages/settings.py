"""Settings, the project's own first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def variables(data: dict[str, Any] | None) -> list[dict[str, Any]]:
    """By name; Django settings with their default value come last."""
    found = (data or {}).get("variables") or []
    return sorted(found, key=lambda v: (v.get("changed") is False, v["name"]))


def evidence(discovered: Mapping[str, Any]) -> dict[str, Any]:
    """Which files name the chosen settings module, and which other modules are equally likely.

    ``{"named": [{"text", "file", "line"}], "tied": [{"module", "source"}]}``.
    """
    rows = discovered.get("settings_modules") or []
    chosen: dict[str, Any] = next((one for one in rows if one.get("chosen")), {})
    tied = [one for one in rows if one.get("tied") and one is not chosen]
    return {"named": chosen.get("evidence") or [], "tied": tied}
