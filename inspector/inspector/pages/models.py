"""Models by app, and everything about one of them, both directions of its relations included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Model = dict[str, Any]


@dataclass
class AppGroup:
    """An app's models in the order of their names; ``origin`` is that of most of them."""

    label: str
    origin: str = "project"
    models: list[Model] = field(default_factory=list)


@dataclass(frozen=True)
class Incoming:
    """A relation of another model that points here."""

    model: str
    field: str
    kind: str
    on_delete: str
    accessor: str
    known: bool = True


@dataclass(frozen=True)
class Detail:
    """One model; ``known`` holds the labels that have a page of their own."""

    model: Model
    rows: list[tuple[Model, bool]]
    incoming: list[Incoming]
    bases: list[tuple[dict[str, Any], bool]]


def by_app(data: dict[str, Any] | None) -> list[AppGroup]:
    """The project's own apps first, then third-party ones, then Django's; by label in each."""
    groups: dict[str, AppGroup] = {}
    for model in (data or {}).get("models") or []:
        group = groups.setdefault(model["app"], AppGroup(model["app"], model["origin"]))
        group.models.append(model)
    for group in groups.values():
        group.models.sort(key=lambda m: m["name"].lower())
    rank = {"project": 0, "outside": 1, "third-party": 2}
    return sorted(groups.values(), key=lambda g: (rank.get(g.origin, 3), g.label))


def own(groups: list[AppGroup]) -> int:
    """How many models this project defines itself, as the rail and the overview count them."""
    mine = (group.models for group in groups if group.origin == "project")
    return sum(not model.get("auto_created") for models in mine for model in models)


def detail(data: dict[str, Any] | None, label: str) -> Detail | None:
    """The model of that label, or None. Labels are compared as Django does, without case."""
    models = {m["label"].lower(): m for m in (data or {}).get("models") or []}
    model = models.get(label.lower())
    if model is None:
        return None
    rows = [
        (f, ((f.get("rel") or {}).get("to") or "").lower() in models)
        for f in model.get("fields") or []
    ]
    bases = [(b, (b.get("label") or "").lower() in models) for b in model.get("bases") or []]
    return Detail(model, rows, _incoming(models, model["label"]), bases)


def _incoming(models: dict[str, Model], label: str) -> list[Incoming]:
    found = []
    for other in models.values():
        if other.get("auto_created"):
            continue  # the many-to-many field itself is listed
        for written in other.get("fields") or []:
            rel = written.get("rel") or {}
            if (rel.get("to") or "").lower() != label.lower():
                continue
            default = other["name"].lower()
            if rel["kind"] not in ("o2o", "generic-relation"):
                default += "_set"
            found.append(
                Incoming(
                    model=other["label"],
                    field=written["name"],
                    kind=rel["kind"],
                    on_delete=rel.get("on_delete") or "",
                    accessor=rel.get("related_name") or default,
                )
            )
    return sorted(found, key=lambda i: (i.model.lower(), i.field))
