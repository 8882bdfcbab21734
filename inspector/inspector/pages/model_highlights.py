"""Highlights among the models, shown while none is selected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from inspector.sections.models import Model, Models, Relation

SHOWN = 12


@dataclass(frozen=True)
class Weight:
    """One of the project's models with its numbers of fields and of
    relations in both directions.
    """

    model: Model
    fields: int
    outgoing: int
    incoming: int


@dataclass(frozen=True)
class ModelHighlights:
    connected: list[Weight]
    wide: list[Weight]


def model_highlights(data: Models | None) -> ModelHighlights | None:
    """None if the project has no models, or too few to highlight some."""
    models = [m for m in (data["models"] if data else []) if not m.get("auto_created")]
    own = [m for m in models if m["origin"] == "project"]
    if len(own) < 3:
        return None
    pointed = Counter(
        target.lower() for m in models for target in {r["to"] or "" for r in _relations(m)}
    )
    weights = [
        Weight(m, len(m["fields"]), len(_relations(m)), pointed[m["label"].lower()]) for m in own
    ]
    joined = [w for w in weights if w.incoming or w.outgoing]
    joined.sort(key=lambda w: (-w.incoming, -w.outgoing, w.model["label"]))
    wide = sorted(weights, key=lambda w: (-w.fields, w.model["label"]))
    return ModelHighlights(joined[:SHOWN], wide[:SHOWN])


def _relations(model: Model) -> list[Relation]:
    return [f["rel"] for f in model["fields"] if "rel" in f]
