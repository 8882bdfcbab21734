# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about costly queries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.lists import listed
from inspector.facts.finding import Finding, Known, fact
from inspector.sections.code import Query
from inspector.sections.common import Severity, data_of

Findings = Iterator[Finding]
# Code run manually or at night, with no page waiting for it.
BY_HAND = re.compile(r"(^|/)(management/commands|scripts?|bin|tools)/")


def queries(known: Known) -> Findings:
    data = data_of(known.sections.get("code"))
    rows = data.get("queries", []) if data else []
    every = [one for one in rows if one["kind"] == "loop"]
    homes = _homes(known)
    by_hand = [
        one
        for one in every
        if BY_HAND.search(one["file"] or "") or not (one["file"] or "").startswith(homes)
    ]
    served = [one for one in every if one not in by_hand]
    groups: list[tuple[Severity, list[Query]]] = [("warning", served), ("info", by_hand)]
    for severity, loops in groups:
        if not loops:
            continue
        first = loops[0]
        yield Finding(
            "queries.n-plus-one",
            severity,
            say_n(
                "{n} loop with one query per row", "{n} loops with one query per row", len(loops)
            ),
            say(
                "{code} in {where} fetches {field} of each {model} by itself.",
                code=first["text"],
                where=f"{first['file']}:{first['line']}",
                field=first["field"],
                model=first["model"],
            ),
            say(
                "The number of queries grows with the number of rows. select_related fetches the relation "
                "in the same query; where only its key is needed, {field}_id has it without one.",
                field=first["field"],
            ),
            [fact(f"{one['text']} ({one['model']}.{one['field']})", "code", one) for one in loops],
            "code",
            35 if severity == "warning" else 71,
        )
    filters = [one for one in rows if one["kind"] == "filter" and not _indexed(known, one)]
    if filters:
        names = list(dict.fromkeys(f"{one['model']}.{one['field']}" for one in filters))
        yield Finding(
            "queries.missing-index",
            "warning" if known.live("models") else "info",
            say_n(
                "{n} foreign key filtered without an index",
                "{n} foreign keys filtered without an index",
                len(names),
            ),
            say(
                "{names_list}: db_index is off, and no index or constraint begins with the column.",
                names_list=listed(names),
            ),
            say("Each of these queries reads the whole table. Leave db_index on, or add an index."),
            [
                fact(
                    say(
                        "{word}() on {field}",
                        word=one["text"],
                        field=f"{one['model']}.{one['field']}",
                    ),
                    "code",
                    one,
                )
                for one in filters
            ],
            "models",
            36,
        )


def _homes(known: Known) -> tuple[str, ...]:
    """Path prefixes of the project's packages: code beside them is a script."""
    apps = data_of(known.sections.get("apps"))
    rows = apps["apps"] if apps else []
    own = [one["path"] for one in rows if one["origin"] == "project" and one["path"]]
    if not own or "." in own:
        return ("",)
    return tuple(f"{path}/" for path in own)


def _indexed(known: Known, row: Query) -> bool:
    """Whether Django itself has an index for the field, where it was asked."""
    data = data_of(known.sections.get("models")) if known.live("models") else None
    for model in data["models"] if data else ():
        if model["label"] == row["model"]:
            fields = [one for one in model["fields"] if one["name"] == row["field"]]
            return any(one.get("index") or one.get("unique") or one.get("pk") for one in fields)
    return False


RULES: list[Callable[[Known], Findings]] = [queries]
