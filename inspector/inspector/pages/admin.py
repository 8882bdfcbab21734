"""The admin sites, and the project's models that are in none of them."""

from __future__ import annotations

from typing import Any

from .origins import own_first, rank


def sites(
    admin: dict[str, Any] | None, models: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The sites with their rows, own models first.

    A row's ``origin`` is that of its admin class, which is Django's if a project's model is
    registered without one. ``model_origin`` is the model's.
    """
    origins = {m["label"].lower(): m["origin"] for m in (models or {}).get("models") or []}
    found = []
    for site in (admin or {}).get("sites") or []:
        rows = [
            row | {"model_origin": origins.get((row.get("model") or "").lower(), row.get("origin"))}
            for row in own_first(site.get("registered"), "model")
        ]
        rows.sort(key=lambda row: (rank({"origin": row["model_origin"]}), row.get("model") or ""))
        found.append(site | {"registered": rows})
    return found


def not_shown(admin: dict[str, Any] | None, models: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The project's own models that no site has, either registered or as an inline."""
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
