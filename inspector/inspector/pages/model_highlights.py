"""Highlights among the models, shown while none is selected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

SHOWN = 12


@dataclass(frozen=True)
class Weight:
    """One of the project's models with its numbers of fields and of
    relations in both directions.
    """

    model: dict[str, Any]
    fields: int
    outgoing: int
    incoming: int


@dataclass(frozen=True)
class ModelHighlights:
    connected: list[Weight]
    wide: list[Weight]


def model_highlights(data: dict[str, Any] | None) -> ModelHighlights | None:
    """None if the project has no models, or too few to highlight some."""
    models = [m for m in (data or {}).get("models") or [] if not m.get("auto_created")]
    own = [m for m in models if m["origin"] == "project"]
    if len(own) < 3:
        return None
    pointed = Counter(
        target.lower() for m in models for target in {r.get("to") or "" for r in _relations(m)}
    )
    weights = [
        Weight(m, len(m.get("fields") or []), len(_relations(m)), pointed[m["label"].lower()])
        for m in own
    ]
    joined = [w for w in weights if w.incoming or w.outgoing]
    joined.sort(key=lambda w: (-w.incoming, -w.outgoing, w.model["label"]))
    wide = sorted(weights, key=lambda w: (-w.fields, w.model["label"]))
    return ModelHighlights(joined[:SHOWN], wide[:SHOWN])


def _relations(model: dict[str, Any]) -> list[dict[str, Any]]:
    return [f["rel"] for f in model.get("fields") or [] if f.get("rel")]
