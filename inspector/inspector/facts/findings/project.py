# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about the project as a whole: loading, migrations, drift, versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.lists import listed
from inspector.facts.causes.refusals import REFUSED_DATABASE, REFUSED_WRITE
from inspector.facts.finding import Finding, Known, and_more, fact
from inspector.facts.gaps import gaps
from inspector.facts.migration_facts import broken_and_unread, without_migrations
from inspector.sections.common import Severity, data_of
from inspector.sections.migrations import MigrationProblem
from inspector.sections.project import App

Findings = Iterator[Finding]
REFUSED = re.compile(f"{REFUSED_DATABASE}|{REFUSED_WRITE}")


def touched(known: Known) -> Findings:
    changed = known.snapshot.get("changed") or []
    if changed:
        yield Finding(
            "project.changed",
            "error",
            say("The scan changed the project"),
            say_n(
                "{n} file differs from before: {names_list}.",
                "{n} files differ from before: {names_list}.",
                len(changed),
                names_list=listed(changed),
            ),
            say(
                "A scan must not change a project. Either something bypassed the guard, or "
                "somebody edited these files in the meantime: compare them with your version "
                "control."
            ),
            [fact(name, "side_effects", {"file": name}) for name in changed],
            "side_effects",
            0,
        )


def loading(known: Known) -> Findings:
    section = known.sections.get("runtime")
    error = section.get("error") if section else None
    if error:
        cause = error.get("diagnosis")
        text = (cause["text"] if cause else "") or error.get("hint") or error["message"]
        # Outside a scan such a project may well load.
        of_the_scan = bool(cause and cause["kind"] in OF_THE_SCAN)
        yield Finding(
            "runtime.not-loaded",
            "error",
            say("A scan cannot load the project")
            if of_the_scan
            else say("The project does not load"),
            text,
            say(
                "Until it does, only what the source says is shown: no checks, no databases, and no routes that are made at run time."
            ),
            [fact(f"{error['type']}: " + error["message"][:300], "runtime", error)],
            "runtime",
            1,
        )


# Kinds of diagnosis that say what a scan lacks or refuses, not what is wrong in the project.
OF_THE_SCAN = {"program", "write-refused", "service", "sandbox", "missing-variable"}


def migrations(known: Known) -> Findings:
    data = data_of(known.sections.get("migrations"))
    errors, unread = broken_and_unread(data.get("errors") or [] if data else [])
    if unread:
        yield Finding(
            "migrations.unread",
            "info",
            say_n("{n} migration was not read", "{n} migrations were not read", len(unread)),
            _refusal(unread[0]),
            say(
                "They are written for another Python than the one that reads them here; what they hold is "
                "missing."
            )
            if unread[0].get("unread")
            else say(
                "Their files query the database, write or use the network while they are imported, and a "
                "scan does none of that. migrate can read them; what they hold is missing here."
            ),
            [fact(one["text"], "migrations", one) for one in unread],
            "migrations",
            63,
        )
    if errors:
        yield Finding(
            "migrations.broken",
            "error",
            say_n("{n} migration cannot be loaded", "{n} migrations cannot be loaded", len(errors)),
            errors[0]["text"],
            say(
                "Until this is fixed, migrate and makemigrations stop with an error, for every app. "
                "Bring back what is missing, or remove the file if it was never applied."
            ),
            [fact(one["text"], "migrations", one) for one in errors],
            "migrations",
            4,
        )
    for label, names in (data["conflicts"] if data else {}).items():
        app = data["apps"][label] if data else None
        if app is None:
            continue
        if app["origin"] != "project" and not known.live("migrations"):
            continue  # a package computes this instead of writing it
        rows = {one["name"]: one for one in app["migrations"]}
        yield Finding(
            f"migrations.conflict:{label}",
            "error",
            say("Migrations of {label} conflict", label=label),
            say(
                "{label} has {n} last migrations: {names_list}.",
                label=label,
                n=len(names),
                names_list=listed(names),
            ),
            say(
                "migrate refuses to run until one depends on the other: run makemigrations --merge, or "
                "renumber the one that has not been released."
            ),
            [fact(name, "migrations", rows.get(name)) for name in names],
            "migrations",
            5,
            manage="makemigrations --merge",
        )
    lost = data.get("lost_originals", []) if data else []
    if lost:
        yield Finding(
            "migrations.lost-originals",
            "info",
            say_n(
                "{n} squashed migration replaces missing ones",
                "{n} squashed migrations replace missing ones",
                len(lost),
            ),
            and_more(lost[0]["text"], len(lost)),
            say(
                "Django ignores that. Where only some of the replaced migrations are gone, one was "
                "often renamed or deleted by mistake."
            ),
            [fact(one["text"], "migrations", one) for one in lost],
            "migrations",
            61,
        )
    yield from _without_migrations(known)


def _refusal(one: MigrationProblem) -> str:
    """The problem, or rather what the scan refused, where that is its cause."""
    asked = one.get("refused")
    if not asked or REFUSED.search(one["text"]):
        return one["text"]
    name = one["text"].partition(":")[0]
    return say(
        "{name} needs {what} while it is imported, which a scan does not reach.",
        name=name,
        what=asked[0],
    )


FOR_TESTS = re.compile(r"(^|/)(tests?|test_?(app|project)s?)(/|$)")


def _without_migrations(known: Known) -> Findings:
    apps = data_of(known.sections.get("apps"))
    rows = without_migrations(known.sections)
    data = data_of(known.sections.get("migrations"))
    unpackaged = data.get("unpackaged", {}) if data else {}
    if unpackaged:
        folders = list(unpackaged.values())
        yield Finding(
            "migrations.unpackaged",
            "warning",
            say_n(
                "{n} folder of migrations without __init__.py",
                "{n} folders of migrations without __init__.py",
                len(folders),
            ),
            say(
                "There are migrations in {names_list}, and Django does not see them.",
                names_list=listed(folders),
            ),
            say(
                "Django looks for a package. Add an empty __init__.py; a .gitignore may have left it out."
            ),
            [fact(one, "migrations", {"file": one}) for one in folders],
            "migrations",
            7,
        )
    if apps and apps.get("source") == "folders":
        return  # an app that is not installed needs no migrations
    every = [one for one in rows if one["label"] not in unpackaged]
    # A test app is often created anew by each test run.
    for_tests = [one for one in every if FOR_TESTS.search(str(one["path"]))]
    others = [one for one in every if one not in for_tests]
    groups: list[tuple[Severity, list[App]]] = [("warning", others), ("info", for_tests)]
    for severity, rows in groups:
        if not rows:
            continue
        names = [one["label"] for one in rows]
        yield Finding(
            "migrations.none",
            severity,
            say_n(
                "{n} app has models and no migrations",
                "{n} apps have models and no migrations",
                len(rows),
            ),
            say("No migrations package was found in {names_list}.", names_list=listed(names)),
            say(
                "Its tables are made by migrate --run-syncdb only and never changed afterwards. Run "
                "makemigrations {label}.",
                label=" ".join(names[:4]),
            ),
            [fact(one["label"], "apps", one) for one in rows],
            "migrations",
            20,
            manage=f"makemigrations {' '.join(names)}",
        )


def labels(known: Known) -> Findings:
    """Two apps with one label, found in the source; such a project does not load."""
    data = data_of(known.sections.get("apps"))
    if data and not known.live("apps") and (rows := data.get("errors") or []):
        yield Finding(
            "apps.label",
            "error",
            say_n("{n} app with a duplicate label", "{n} apps with a duplicate label", len(rows)),
            and_more(rows[0]["text"], len(rows)),
            say("Give one of them a label of its own in its AppConfig, before it has migrations."),
            [fact(one["text"], "apps", one) for one in rows],
            "apps",
            1,
        )


def unseen(known: Known) -> Findings:
    """Gaps of the inspection, reported once: what all other findings do not know."""
    rows = [one for one in gaps(known.sections) if not one.get("told")]
    if rows:
        yield Finding(
            "source.gaps",
            "info",
            say("Not everything can be seen in the source"),
            and_more(rows[0]["text"], len(rows)),
            say(
                "Django itself knows it: trust the folder, and scan with the project's code running."
            ),
            [fact(one["text"], one["section"], one) for one in rows],
            rows[0]["section"],
            51,
        )


RULES: list[Callable[[Known], Findings]] = [
    touched,
    loading,
    labels,
    migrations,
    unseen,
]
