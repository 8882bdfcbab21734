# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about databases: missing ones, and migrations that are not applied to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.lists import listed
from inspector.facts.finding import Finding, Known, fact
from inspector.facts.migration_facts import losing
from inspector.facts.rows import Fact
from inspector.sections.common import data_of
from inspector.sections.migrations import Migration, Migrations

Findings = Iterator[Finding]


def _file_of(data: Migrations | None, full: str) -> Migration | None:
    label, _, name = full.partition(".")
    app = data["apps"].get(label) if data else None
    rows = app["migrations"] if app else []
    return next((one for one in rows if one["name"] == name), None)


def _migrate(alias: str) -> str:
    return "migrate" if alias == "default" else f"migrate --database {alias}"


SERVER = re.compile(
    r"(^|_)(DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB)_?(SERVICE_\w+|ENGINE|HOST)$"
)


def _of_a_server(known: Known) -> list[str]:
    """Variables in the settings with which developers choose a database server."""
    settings = data_of(known.sections.get("settings"))
    rows = settings["env"] if settings else []
    return [one["name"] for one in rows if one["set"] is False and SERVER.search(one["name"])]


def databases(known: Known) -> Findings:
    data = data_of(known.sections.get("migrations"))
    settings = data_of(known.sections.get("settings"))
    found = data_of(known.sections.get("databases"))
    variables = settings["variables"] if settings else []
    if any(one["name"] == "DATABASES" and one.get("assumed") for one in variables):
        return  # the database is a placeholder of the inspection
    for alias, row in (found["databases"] if found else {}).items():
        pending = row["pending"] or []
        if row["state"] == "missing":
            other = _of_a_server(known)
            yield Finding(
                f"databases.none:{alias}",
                "info" if other else "warning",
                say("There is no database yet"),
                say_n(
                    "The file of the database “{alias}” does not exist. {n} migration will create its tables.",
                    "The file of the database “{alias}” does not exist. {n} migrations will create its tables.",
                    len(pending),
                    alias=alias,
                )
                if pending
                else say("The file of the database “{alias}” does not exist.", alias=alias),
                say(
                    "{names_list} can name another database, and a scan runs without your variables. If this is the one, run migrate.",
                    names_list=listed(other),
                )
                if other
                else say("Run migrate: until then every page that asks the database fails."),
                [fact(alias, "databases", row)],
                "databases",
                2,
                manage=_migrate(alias),
            )
        # Tables without a table of migrations belong to something else than Django.
        bare = row["state"] == "empty" and not row["unclaimed_tables"]
        if pending and (row["state"] == "ok" or bare):
            yield Finding(
                f"migrations.pending:{alias}",
                "warning",
                say_n("{n} unapplied migration", "{n} unapplied migrations", len(pending)),
                say(
                    "The database {alias} lacks {names_list}.",
                    alias=alias,
                    names_list=listed(pending),
                ),
                say(
                    "The code expects tables and columns that do not exist. Run migrate before "
                    "you start the project."
                ),
                [fact(name, "migrations", _file_of(data, name)) for name in pending],
                "databases",
                3,
                manage=_migrate(alias),
            )
        # Those of an app that is not installed here may belong to other settings.
        there = data["apps"] if data else {}
        ghosts = [name for name in row["ghosts"] if name.partition(".")[0] in there]
        if ghosts:
            yield Finding(
                f"migrations.ghost:{alias}",
                "warning",
                say_n(
                    "{n} applied migration without a file",
                    "{n} applied migrations without a file",
                    len(ghosts),
                ),
                say(
                    "The database {alias} remembers {names_list}.",
                    alias=alias,
                    names_list=listed(ghosts),
                ),
                say(
                    "They were applied from another branch or deleted since; the tables may differ from "
                    "what the remaining files make. Go back to the branch that has them, or migrate back "
                    "there before switching."
                ),
                [fact(name, "databases") for name in ghosts],
                "databases",
                11,
            )
        if row["missing_tables"]:
            yield Finding(
                f"databases.missing-tables:{alias}",
                "error",
                say_n("{n} table missing", "{n} tables missing", len(row["missing_tables"])),
                say(
                    "Applied migrations should have made {names_list} in {alias}.",
                    names_list=listed(row["missing_tables"]),
                    alias=alias,
                ),
                say(
                    "Queries on these models fail. A migration was faked, or a table was dropped by hand."
                ),
                [fact(name, "databases") for name in row["missing_tables"]],
                "databases",
                8,
            )
    yield from _risky(known, data)


def _losing(name: str, kind: str, count: int) -> str:
    if kind == "RemoveField":
        return say_n(
            "{name} removes a field", "{name} removes a field, {n} times", count, name=name
        )
    return say_n("{name} deletes a model", "{name} deletes a model, {n} times", count, name=name)


def _risky(known: Known, data: Migrations | None) -> Findings:
    """Pending migrations only, because applied ones cannot be changed any more."""
    pending: set[str] | None = None
    databases = data_of(known.sections.get("databases"))
    for row in (databases["databases"] if databases else {}).values():
        if row["pending"] is not None and row["state"] == "ok":
            pending = (pending or set()) | set(row["pending"])
    if pending is None:
        return
    stuck, lost = [], []
    for label, app in (data["apps"] if data else {}).items():
        for one in app["migrations"] if app["origin"] == "project" else []:
            if f"{label}.{one['name']}" not in pending:
                continue
            for op in one["irreversible"]:
                place = {"file": one["file"], "line": op["line"]}
                text = f"{label}.{one['name']}: {op['op']} {op['what']}"
                stuck.append(fact(text, "migrations", place))
            for kind in ("RemoveField", "DeleteModel"):
                count, line = losing(one, kind)
                if count:
                    text = _losing(f"{label}.{one['name']}", kind, count)
                    place = {"file": one["file"], "line": line}
                    lost.append(fact(text, "migrations", place))
    if lost:
        yield Finding(
            "migrations.data-loss",
            "warning",
            say_n(
                "{n} unapplied migration that removes data",
                "{n} unapplied migrations that remove data",
                len(lost),
            ),
            _first(lost),
            say(
                "Migrating backwards does not bring back the data of a dropped column or table. "
                "Make a backup first, and remove the field from the code one release earlier."
            ),
            lost,
            "migrations",
            25,
        )
    if stuck:
        yield Finding(
            "migrations.irreversible",
            "info",
            say_n(
                "{n} unapplied operation cannot be reversed",
                "{n} unapplied operations cannot be reversed",
                len(stuck),
            ),
            _first(stuck),
            say(
                "migrate cannot be reversed past them. Where nothing has to be undone, use "
                "RunPython.noop or RunSQL.noop."
            ),
            stuck,
            "migrations",
            26,
        )


def _first(rows: list[Fact]) -> str:
    text = rows[0]["text"]
    if len(rows) == 1:
        return str(text + ".")
    return say("{first_text}, and {n} more.", first_text=text, n=len(rows) - 1)


RULES: list[Callable[[Known], Findings]] = [databases]
