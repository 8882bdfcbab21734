"""What the admin shows, and which of the project's models it does not."""

from __future__ import annotations

from typing import Any

from .origins import own_first


def sites(data: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The sites with their rows, the project's own admin classes first."""
    found = []
    for site in (data or {}).get("sites") or []:
        rows = own_first(site.get("registered"), "model")
        found.append(site | {"registered": rows})
    return found


def not_shown(admin: dict[str, Any] | None, models: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The project's own models that no site has, neither by themselves nor as an inline."""
    shown: set[str] = set()
    for site in (admin or {}).get("sites") or []:
        for row in site.get("registered") or []:
            shown.add((row.get("model") or "").lower())
            shown |= {(i.get("model") or "").lower() for i in row.get("inlines") or []}
    return sorted(
        (
            m
            for m in (models or {}).get("models") or []
            if m.get("origin") == "project"
            and not m.get("auto_created")
            and m["label"].lower() not in shown
        ),
        key=lambda m: m["label"],
    )
