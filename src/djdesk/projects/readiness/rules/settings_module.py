"""SET1: the settings to build a user's app on, by the evidence in everything that starts the
project: settings for production come before those for development."""

from __future__ import annotations

import re
from collections.abc import Sequence

from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.settings_kinds import kind_of
from djdesk.projects.discovery.settings_modules import SettingsModule
from djdesk.projects.readiness.report import Decision

# Production at one hosting service rather than in general.
OF_A_SERVICE = re.compile(r"heroku|docker|aws|gcp|azure|stag|ci$|gitpod|travis")


def candidates(project: DiscoveredProject, given: str | None = None) -> list[SettingsModule]:
    """Suitable candidates, best first. ``given`` is the only one if set."""
    there = [one for one in project.settings_modules if one.file is not None]
    if given:
        return [one for one in there if one.module == given]
    rows = [one for one in there if kind_of(one.module) != "test" and "test" not in one.module]
    return sorted(rows or there, key=_rank)


def alike(rows: Sequence[SettingsModule]) -> list[SettingsModule]:
    """The first of ``rows``, and those with equally strong evidence: only the developer knows which
    is meant."""
    return [one for one in rows if _rank(one) == _rank(rows[0])]


def _rank(one: SettingsModule) -> tuple[int, int]:
    kind = kind_of(one.module)
    named = bool(one.evidence)
    last = one.module.rpartition(".")[2]
    if OF_A_SERVICE.search(last):
        place = 4
    elif kind == "production":
        place = 0 if named else 2
    elif kind == "development":
        place = 5
    else:
        place = 1 if named else 3
    return place, -len(one.evidence)


def decision(chosen: SettingsModule, others: Sequence[SettingsModule], refused: str) -> Decision:
    """``others``: not chosen; ``refused``: why better candidates do not work, or empty."""
    said = [
        f"{row['text']}:{row['line']}" if row["line"] else row["text"] for row in chosen.evidence
    ]
    why = f"Named by {', '.join(said[:4])}." if said else "No launcher refers to it."
    if others:
        why += f" Not chosen: {', '.join(one.module for one in others)}."
    if tied := [one.module for one in others if _rank(one) == _rank(chosen)]:
        why += f" There is as much evidence for {', '.join(tied)}."
    return Decision(
        "SET1",
        "",
        f"The settings are {chosen.module}.",
        f"{why} {refused}".strip(),
        said[0] if said else "",
        "--settings names others." if others else "",
    )
