"""The admin sites, and the project's models that are in none of them."""

from __future__ import annotations

from typing import TypedDict

from inspector.sections.behaviour import Admin, Registered
from inspector.sections.common import Origin
from inspector.sections.models import Model, Models

from .origins import own_first, rank


class Row(Registered):
    """``model_origin``: whose the model is; ``origin`` is that of its admin class."""

    model_origin: Origin | None


Site = TypedDict("Site", {"class": str, "name": str, "registered": list[Row]})


def sites(admin: Admin | None, models: Models | None = None) -> list[Site]:
    """The sites with their rows, own models first.

    The admin class is Django's if a project's model is registered without one.
    """
    origins = {m["label"].lower(): m["origin"] for m in (models["models"] if models else [])}
    found: list[Site] = []
    for site in admin["sites"] if admin else []:
        rows: list[Row] = [
            {**row, "model_origin": origins.get(row["model"].lower(), row["origin"])}
            for row in own_first(site["registered"], "model")
        ]
        rows.sort(key=lambda row: (rank({"origin": row["model_origin"]}), row["model"]))
        found.append({"class": site["class"], "name": site["name"], "registered": rows})
    return found


def not_shown(admin: Admin | None, models: Models | None) -> list[Model]:
    """The project's own models that no site has, either registered or as an inline."""
    shown: set[str] = set()
    for site in admin["sites"] if admin else []:
        for row in site["registered"]:
            shown.add(row["model"].lower())
            shown |= {(i["model"] or "").lower() for i in row["inlines"]}
    return sorted(
        (
            m
            for m in (models["models"] if models else [])
            if m["origin"] == "project"
            and not m.get("auto_created")
            and m["label"].lower() not in shown
        ),
        key=lambda m: m["label"],
    )
