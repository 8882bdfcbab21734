# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about the project as a whole: loading, migrations, drift, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from inspector.facts.finding import Finding, Known, fact, listed, many
from inspector.facts.lifecycles import life

Findings = Iterator[Finding]
Row = dict[str, Any]


def touched(known: Known) -> Findings:
    changed = known.snapshot.get("changed") or []
    if changed:
        yield Finding(
            "project.changed",
            "error",
            "The inspection changed the project",
            f"{many(len(changed), 'file')} differ from before: {listed(changed)}.",
            "An inspection must leave a project as it is. Something went around the guard, or "
            "somebody worked on these files meanwhile: compare them with your version control.",
            [fact(name, "side_effects", {"file": name}) for name in changed],
            "side_effects",
            0,
        )


def loading(known: Known) -> Findings:
    section = known.sections.get("runtime")
    error = section.get("error") if section else None
    if error:
        text = (error.get("diagnosis") or {}).get("text") or error.get("hint") or error["message"]
        yield Finding(
            "runtime.not-loaded",
            "error",
            "The project does not load",
            text,
            "Only what the source tells is shown until it does: no checks, no databases, and "
            "routes that are made at run time are missing.",
            [fact(f"{error['type']}: {error['message'][:300]}", "runtime", error)],
            "runtime",
            1,
        )


def migrations(known: Known) -> Findings:
    data = known.data("migrations")
    for label, names in (data or {}).get("conflicts", {}).items():
        rows = {one["name"]: one for one in (data or {})["apps"][label]["migrations"]}
        yield Finding(
            f"migrations.conflict:{label}",
            "error",
            f"Migrations of {label} conflict",
            f"{label} has {len(names)} last migrations: {listed(names)}.",
            "migrate refuses to run until one depends on the other: run makemigrations --merge, or "
            "renumber the one that has not been released.",
            [fact(name, "migrations", rows.get(name)) for name in names],
            "migrations",
            5,
        )
    for label in (data or {}).get("no_migrations_with_models", []):
        if _own_app(known, label):
            yield Finding(
                f"migrations.none:{label}",
                "warning",
                f"{label} has models and no migrations",
                f"No migrations package was found in {label}.",
                "Its tables are made by migrate --run-syncdb only and never changed afterwards. Run "
                f"makemigrations {label}.",
                [fact(label, "apps")],
                "migrations",
                20,
            )
    yield from _databases(known, data)


def _own_app(known: Known, label: str) -> bool:
    apps = known.data("apps") or {"apps": []}
    return any(one["label"] == label and one["origin"] == "project" for one in apps["apps"])


def _file_of(data: Row | None, full: str) -> Row | None:
    label, _, name = full.partition(".")
    rows = ((data or {}).get("apps", {}).get(label) or {}).get("migrations", [])
    return next((one for one in rows if one["name"] == name), None)


def _databases(known: Known, data: Row | None) -> Findings:
    for alias, row in (known.data("databases") or {}).get("databases", {}).items():
        pending = row["pending"] or []
        if pending and row["state"] == "ok":
            yield Finding(
                f"migrations.pending:{alias}",
                "warning",
                f"{many(len(pending), 'migration')} not applied",
                f"The database {alias} lacks {listed(pending)}.",
                "The code expects tables and columns that are not there. Run migrate before you "
                "start the project.",
                [fact(name, "migrations", _file_of(data, name)) for name in pending],
                "databases",
                10,
            )
        ghosts = row["ghosts"]
        if ghosts:
            yield Finding(
                f"migrations.ghost:{alias}",
                "warning",
                f"{many(len(ghosts), 'applied migration')} without a file",
                f"The database {alias} remembers {listed(ghosts)}.",
                "They were applied from another branch or deleted since; the tables may differ from "
                "what the remaining files make. Go back to the branch that has them, or migrate back "
                "there before switching.",
                [fact(name, "databases") for name in ghosts],
                "databases",
                11,
            )
        if row["missing_tables"]:
            yield Finding(
                f"databases.missing-tables:{alias}",
                "error",
                f"{many(len(row['missing_tables']), 'table')} missing",
                f"Applied migrations should have made {listed(row['missing_tables'])} in {alias}.",
                "Queries on these models fail. A migration was faked, or a table was dropped by hand.",
                [fact(name, "databases") for name in row["missing_tables"]],
                "databases",
                8,
            )
    yield from _risky(known, data)


LOSING = {"RemoveField": "removes a field", "DeleteModel": "deletes a model"}


def _risky(known: Known, data: Row | None) -> Findings:
    """Pending ones where a database could be read; all of the project's otherwise."""
    pending: set[str] | None = None
    for row in (known.data("databases") or {}).get("databases", {}).values():
        if row["pending"] is not None and row["state"] == "ok":
            pending = (pending or set()) | set(row["pending"])
    stuck, losing = [], []
    for label, app in (data or {}).get("apps", {}).items():
        for one in app["migrations"] if app["origin"] == "project" else []:
            if pending is not None and f"{label}.{one['name']}" not in pending:
                continue
            for op in one["irreversible"]:
                place = {"file": one["file"], "line": op["line"]}
                text = f"{label}.{one['name']}: {op['op']} {op['what']}"
                stuck.append(fact(text, "migrations", place))
            for kind, words in LOSING.items():
                if count := one["op_kinds"].get(kind):
                    text = f"{label}.{one['name']} {words}" + (
                        f", {count} times" if count > 1 else ""
                    )
                    losing.append(fact(text, "migrations", one))
    which = "waiting " if pending is not None else ""
    if losing:
        yield Finding(
            "migrations.data-loss",
            "warning" if pending is not None else "info",
            f"{many(len(losing), f'{which}migration')} that remove data",
            f"{losing[0]['text']}" + (f", and {len(losing) - 1} more." if len(losing) > 1 else "."),
            "What a dropped column or table held cannot be brought back by migrating backwards. Make "
            "a backup first, and remove the field from the code one release earlier.",
            losing,
            "migrations",
            25,
        )
    if stuck:
        yield Finding(
            "migrations.irreversible",
            "warning" if pending is not None else "info",
            f"{many(len(stuck), f'{which}operation')} without a way back",
            f"{stuck[0]['text']}" + (f", and {len(stuck) - 1} more." if len(stuck) > 1 else "."),
            "migrate cannot go back behind them. Where nothing has to be undone, "
            "RunPython.noop or RunSQL.noop says so.",
            stuck,
            "migrations",
            26,
        )


def drift(known: Known) -> Findings:
    data = known.data("drift")
    if data is None:
        return
    if data["overridden"]:
        yield from _own_makemigrations(data)
        return
    for label, row in data["apps"].items():
        ops = row["ops"]
        foreign = row["origin"] != "project"
        why = (
            "The database will not have what the models say. Run makemigrations "
            f"{label} and look at what it writes."
        )
        if foreign:
            why = (
                "A third-party app's models and migrations differ, often because DEFAULT_AUTO_FIELD or "
                "the package's version changed. Do not make migrations inside an installed package; set "
                "the app's default_auto_field instead."
            )
        yield Finding(
            f"drift:{label}",
            "info" if foreign else "warning",
            f"Models of {label} changed without a migration",
            f"{many(len(ops), 'change')}: {listed([one['text'] for one in ops], 3)}.",
            why,
            [fact(one["text"], "models", one) for one in ops],
            "drift",
            12,
        )


def _own_makemigrations(data: Row) -> Findings:
    """Differences are expected there: one note instead of a finding for each app."""
    ops = [(label, one) for label, row in data["apps"].items() for one in row["ops"]]
    if ops:
        yield Finding(
            "drift.overridden",
            "info",
            f"{many(len(ops), 'difference')} that this project may ignore on purpose",
            f"{data['overridden'][0]}. Django's own makemigrations would write "
            f"{many(len(ops), 'operation')} in {many(len(data['apps']), 'app')}.",
            "A makemigrations of one's own usually leaves out what does not change the database. Run "
            "the project's own command with --check to know.",
            [fact(f"{label}: {one['text']}", "drift", one) for label, one in ops],
            "drift",
            64,
        )


def lifecycles(known: Known) -> Findings:
    runtime = known.data("runtime") or {}
    project = known.snapshot["project"] or {}
    chosen: Row = next((one for one in project.get("interpreters", []) if one["chosen"]), {})
    for what, title, version in (
        ("django", "Django", runtime.get("django") or project.get("django_hint")),
        ("python", "Python", runtime.get("python") or chosen.get("python")),
    ):
        found = life(what, version, known.today)
        if found is None or found.state == "supported":
            continue
        over = found.state == "ended"
        verb = "got its last security fix in" if over else "gets its last security fix in"
        newer = f" {title} {found.newer} is supported." if found.newer else ""
        yield Finding(
            f"lifecycle.{what}",
            ("error" if what == "django" else "warning") if over else "info",
            f"{title} {found.version} {'is no longer supported' if over else 'ends soon'}",
            f"{title} {found.version} {verb} {found.month}.",
            f"Holes that are found from then on stay open.{newer}",
            [
                fact(f"This project runs {title} {version}", "runtime"),
                fact(f"Dates of {found.as_of}, from {found.source}", "runtime"),
            ],
            "runtime",
            15,
        )


RULES: list[Callable[[Known], Findings]] = [touched, loading, migrations, drift, lifecycles]
