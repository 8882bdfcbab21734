"""Findings derived from the facts: ranked, explained, each with its facts."""

from __future__ import annotations

import datetime
from dataclasses import replace

from djdesk.messages import say, say_noop
from inspector.facts.baseline import fingerprints, left, marks_of
from inspector.facts.finding import FACTS, ORDER, Finding, Known, and_more
from inspector.facts.findings import (
    code,
    compare,
    cycles,
    databases,
    drift,
    lifecycles,
    project,
    queries,
    routes,
    setup,
    translations,
)
from inspector.facts.rows import FindingRow
from inspector.sections.scan import Snapshot

RULES = [
    *project.RULES,
    *databases.RULES,
    *lifecycles.RULES,
    *drift.RULES,
    *routes.RULES,
    *setup.RULES,
    *code.RULES,
    *queries.RULES,
    *cycles.RULES,
    *compare.RULES,
    *translations.RULES,
]


# Titles for several findings of the same kind.
TOGETHER = {
    "drift": say_noop("Models of {n} apps differ from their migrations"),
    "apps.cycle": say_noop("{n} import cycles between apps"),
    "migrations.conflict": say_noop("Migrations of {n} apps conflict"),
    "migrations.pending": say_noop("{n} databases lack migrations"),
    "databases.none": say_noop("{n} databases do not exist yet"),
    "checks.deploy": say_noop("{n} settings modules have deployment warnings"),
}


def findings_of(
    snapshot: Snapshot, today: datetime.date | None = None, facts: int = FACTS
) -> list[FindingRow]:
    """Findings as in docs/snapshot.md, most important first; the same facts give the same list.

    ``facts``: maximum number of facts per finding. Findings in ``snapshot["dismissed"]`` (format of
    `baseline.named`) are left out, except for their new facts.
    """
    known = Known(snapshot, today or datetime.datetime.now(datetime.UTC).date())
    found: list[Finding] = []
    for rule in RULES:
        found += rule(known)
    rows = folded(found)
    rows.sort(key=lambda one: (ORDER[one.severity], one.rank))
    found_rows = [one.as_dict(facts, known.start, known.python) for one in rows]
    dismissed = fingerprints(snapshot.get("dismissed") or [])
    return [row for one in found_rows if (row := left(one, dismissed)) is not None]


def new_first(found: list[FindingRow], before: list[FindingRow]) -> list[FindingRow]:
    """Findings that ``before``, those of an earlier scan, does not have get ``new`` and come first
    within their severity: the last change is probably their cause.
    """
    known = {mark for one in before for mark in marks_of(one)}
    rows: list[FindingRow] = [
        {**one, "new": True} if known.isdisjoint(marks_of(one)) else one for one in found
    ]
    return sorted(rows, key=lambda one: (ORDER[one["severity"]], not one.get("new")))


def folded(found: list[Finding]) -> list[Finding]:
    """One finding per kind and severity, with all facts."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.id.partition(":")[0], one.severity), []).append(one)
    rows = []
    for (kind, _), group in groups.items():
        first = min(group, key=lambda one: one.rank)
        if len(group) > 1:
            title = say("{first_text}, and {n} more", first_text=first.title, n=len(group) - 1)
            if kind in TOGETHER:
                title = say(TOGETHER[kind], n=len(group))
            about = first.id.partition(":")[2]
            text = and_more(f"{about}: " + first.text, len(group))
            facts = [fact for one in group for fact in one.facts]
            manage = _together([one.manage for one in group])
            first = replace(first, id=kind, title=title, text=text, facts=facts, manage=manage)
        rows.append(first)
    return rows


def _together(commands: list[str]) -> str:
    """One command for several findings: if only the apps differ, with all apps."""
    names = {one.partition(" ")[0] for one in commands}
    if len(names) != 1 or any("--" in one for one in commands):
        return commands[0] if len(set(commands)) == 1 else ""
    (name,) = names
    return " ".join([name, *dict.fromkeys(word for one in commands for word in one.split()[1:])])


__all__ = ["FACTS", "findings_of", "new_first"]
