"""Models by app, and details of one model with its relations in both directions."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.sections.models import Base, Field, Model, Models


@dataclass
class AppGroup:
    """An app's models by name; ``origin`` is that of the majority."""

    label: str
    origin: str = "project"
    models: list[Model] = field(default_factory=list)


@dataclass(frozen=True)
class Incoming:
    """A relation from another model to this one."""

    model: str
    field: str
    kind: str
    on_delete: str
    accessor: str
    known: bool = True


@dataclass(frozen=True)
class Detail:
    """One model; ``known``: labels that have a page."""

    model: Model
    rows: list[tuple[Field, bool]]
    incoming: list[Incoming]
    bases: list[tuple[Base, bool]]


def by_app(data: Models | None) -> list[AppGroup]:
    """Own apps first, then third-party apps, then Django's; by label within each."""
    groups: dict[str, AppGroup] = {}
    for model in data["models"] if data else []:
        group = groups.setdefault(model["app"], AppGroup(model["app"], model["origin"]))
        group.models.append(model)
    for group in groups.values():
        group.models.sort(key=lambda m: m["name"].lower())
    rank = {"project": 0, "outside": 1, "third-party": 2}
    return sorted(groups.values(), key=lambda g: (rank.get(g.origin, 3), g.label))


def own(groups: list[AppGroup]) -> int:
    """Number of models that the project defines itself, as shown in the rail and the overview."""
    mine = (group.models for group in groups if group.origin == "project")
    return sum(not model.get("auto_created") for models in mine for model in models)


def detail(data: Models | None, label: str) -> Detail | None:
    """The model with that label, or None. Labels are case-insensitive, as in Django."""
    models = {m["label"].lower(): m for m in data["models"]} if data else {}
    model = models.get(label.lower())
    if model is None:
        return None
    rows = [(f, "rel" in f and (f["rel"]["to"] or "").lower() in models) for f in model["fields"]]
    bases = [(b, (b["label"] or "").lower() in models) for b in model["bases"]]
    return Detail(model, rows, _incoming(models, model["label"]), bases)


def _incoming(models: dict[str, Model], label: str) -> list[Incoming]:
    found = []
    for other in models.values():
        if other.get("auto_created"):
            continue  # the many-to-many field itself is listed
        for written in other["fields"]:
            rel = written.get("rel")
            if rel is None or (rel["to"] or "").lower() != label.lower():
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
