# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about models that differ from their migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.lists import listed
from inspector.facts.finding import Finding, Known, fact
from inspector.sections.common import data_of
from inspector.sections.migrations import Drift, DriftApp

Findings = Iterator[Finding]


def drift(known: Known) -> Findings:
    data = data_of(known.sections.get("drift"))
    if data is None:
        return
    if data["overridden"]:
        yield from _own_makemigrations(data)
        return
    bare = _without_migrations(known, data)
    if bare:
        yield _empty(bare)
    for label, row in data["apps"].items():
        if label in bare:
            continue
        ops = row["ops"]
        foreign = row["origin"] != "project"
        why = say(
            "The database will not have what the models say. Run makemigrations "
            "{label} and look at what it writes.",
            label=label,
        )
        if foreign:
            why = say(
                "A third-party app's models and migrations differ, often because DEFAULT_AUTO_FIELD or "
                "the package's version changed. Do not make migrations inside an installed package; set "
                "the app's default_auto_field instead."
            )
        seen = known.live("drift")
        if not seen and not foreign:
            why = say(
                "Only the source was compared. makemigrations --check {label} says for certain.",
                label=label,
            )
        harmless = all(one.get("state_only") for one in ops)
        if harmless and seen and not foreign:
            why = say(
                "None of it changes the database: choices, texts and options of models, or models that Django makes no table for. The next makemigrations records it."
            )
        yield Finding(
            f"drift:{label}",
            "info" if foreign or harmless or not seen else "warning",
            say("Models of {label} changed without a migration", label=label)
            if seen
            else say("Models of {label} seem to have changed without a migration", label=label),
            say_n(
                "{n} change: {names_list}.",
                "{n} changes: {names_list}.",
                len(ops),
                names_list=listed([one["text"] for one in ops], 3),
            ),
            why,
            [fact(one["text"], "models", one) for one in ops],
            "drift",
            12,
            manage="" if foreign or harmless or not seen else f"makemigrations {label}",
        )


def _without_migrations(known: Known, data: Drift) -> dict[str, DriftApp]:
    """Own apps with an empty migrations package: nothing can have changed yet."""
    migrations = data_of(known.sections.get("migrations"))
    if migrations is None:
        return {}
    return {
        label: row
        for label, row in data["apps"].items()
        if row["origin"] == "project"
        and label not in migrations["unmigrated"]
        and label not in data["incomplete"]
        and not (label in migrations["apps"] and migrations["apps"][label]["migrations"])
        and any(one["op"] == "CreateModel" and not one.get("state_only") for one in row["ops"])
    }


def _empty(found: dict[str, DriftApp]) -> Finding:
    names = list(found)
    models = [(one, label) for label in names for one in found[label]["ops"] if one["model"]]
    first = {label: one for one, label in reversed(models)}
    return Finding(
        "migrations.empty",
        "warning",
        say_n(
            "{n} app has models and no migration yet",
            "{n} apps have models and no migration yet",
            len(names),
        ),
        say("The migrations package is empty in {names_list}.", names_list=listed(names)),
        say(
            "migrate makes no tables for them. Run makemigrations, and commit what it writes: where a "
            ".gitignore leaves migrations out, every copy makes its own, and no database fits another copy."
        ),
        [fact(label, "drift", first.get(label)) for label in names],
        "migrations",
        12,
        manage=f"makemigrations {' '.join(names)}",
    )


def _own_makemigrations(data: Drift) -> Findings:
    """Differences are expected there: one note instead of one finding per app."""
    # The purpose of such a command is to leave out changes that affect no database.
    ops = [
        (label, one)
        for label, row in data["apps"].items()
        for one in row["ops"]
        if row["origin"] == "project" and not one.get("state_only")
    ]
    if ops:
        yield Finding(
            "drift.overridden",
            "info",
            say_n(
                "{n} difference that this project may ignore on purpose",
                "{n} differences that this project may ignore on purpose",
                len(ops),
            ),
            say(
                "{why_text}. Django's own makemigrations would write {operations_text} in {apps_text}.",
                why_text=data["overridden"][0],
                operations_text=say_n("{n} operation", "{n} operations", len(ops)),
                apps_text=say_n("{n} app", "{n} apps", len({label for label, _ in ops})),
            ),
            say(
                "A custom makemigrations usually leaves out what does not change the database. Run "
                "the project's own command with --check to know."
            ),
            [fact(f"{label}: " + one["text"], "drift", one) for label, one in ops],
            "drift",
            64,
        )


RULES: list[Callable[[Known], Findings]] = [drift]
