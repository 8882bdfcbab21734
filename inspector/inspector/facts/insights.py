"""What the facts mean: findings, ranked and explained, each with the facts that it rests on."""

from __future__ import annotations

import datetime
from typing import Any

from inspector.facts import (
    insights_code,
    insights_compare,
    insights_project,
    insights_setup,
    insights_translations,
)
from inspector.facts.finding import FACTS, ORDER, Finding, Known

RULES = [
    *insights_project.RULES,
    *insights_setup.RULES,
    *insights_code.RULES,
    *insights_compare.RULES,
    *insights_translations.RULES,
]


def insights(snapshot: dict[str, Any], today: datetime.date | None = None) -> list[dict[str, Any]]:
    """Findings as in docs/snapshot.md, the most important first; the same facts, the same list."""
    known = Known(snapshot, today or datetime.datetime.now(datetime.UTC).date())
    found: list[Finding] = []
    for rule in RULES:
        found += rule(known)
    found.sort(key=lambda one: (ORDER[one.severity], one.rank))
    return [one.as_dict() for one in found]


__all__ = ["FACTS", "insights"]
