"""Counts and warnings of a snapshot, for the overview and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypedDict

from djdesk.messages import joined, say, say_n, say_noop
from inspector.facts.about import About, about
from inspector.facts.migration_facts import broken_and_unread, without_migrations
from inspector.facts.rows import Warned
from inspector.sections.checks import Message
from inspector.sections.common import Severity, data_of
from inspector.sections.scan import Snapshot, by_name

ORDER = {"error": 0, "warning": 1, "info": 2}
LISTED = 20
# Severity of a message by its level.
LEVEL: dict[str, Severity] = {
    "critical": "error",
    "error": "error",
    "warning": "warning",
    "info": "info",
    "debug": "info",
}


class Levels(TypedDict):
    """Messages of Django's checks. ``deploy``: those of `check --deploy`, of any level."""

    error: int
    warning: int
    info: int
    deploy: int


class Counts(TypedDict):
    """Numbers; None if the section is missing or its count is unknown."""

    apps: int | None
    project_apps: int | None
    models: int | None
    fields: int | None
    relations: int | None
    migrations: int | None
    pending: int | None
    drift: int | None
    routes: int | None
    unresolved_routes: int | None
    checks: Levels | None
    dependencies: int | None
    files: int | None
    lines: int | None


class Summary(TypedDict):
    """What the overview shows."""

    counts: Counts
    about: About
    warnings: list[Warned]


def summarize(snapshot: Snapshot) -> Summary:
    warnings = [warning for rule in RULES for warning in rule(snapshot)]
    warnings.sort(key=lambda one: ORDER[one["severity"]])
    return {"counts": counts(snapshot), "about": about(snapshot), "warnings": warnings}


def counts(snapshot: Snapshot) -> Counts:
    result: Counts = {
        "apps": None,
        "project_apps": None,
        "models": None,
        "fields": None,
        "relations": None,
        "migrations": None,
        "pending": None,
        "drift": None,
        "routes": None,
        "unresolved_routes": None,
        "checks": None,
        "dependencies": None,
        "files": None,
        "lines": None,
    }
    if apps_data := data_of(snapshot["sections"].get("apps")):
        result["apps"] = len(apps_data["apps"])
        result["project_apps"] = sum(one["origin"] == "project" for one in apps_data["apps"])
    if models_data := data_of(snapshot["sections"].get("models")):
        own = [
            one
            for one in models_data["models"]
            if one["origin"] == "project" and not one.get("auto_created")
        ]
        result["models"] = len(own)
        result["fields"] = sum(len(one["fields"]) for one in own)
        result["relations"] = sum("rel" in field for one in own for field in one["fields"])
    if migrations_data := data_of(snapshot["sections"].get("migrations")):
        result["migrations"] = sum(
            len(one["migrations"])
            for one in migrations_data["apps"].values()
            if one["origin"] == "project"
        )
    if (drift_data := data_of(snapshot["sections"].get("drift"))) and not drift_data["overridden"]:
        result["drift"] = sum(
            len(one["ops"]) for one in drift_data["apps"].values() if one["origin"] == "project"
        )
    if databases_data := data_of(snapshot["sections"].get("databases")):
        lists = [
            one["pending"]
            for one in databases_data["databases"].values()
            if one["pending"] is not None
        ]
        result["pending"] = len({name for names in lists for name in names}) if lists else None
    if urls_data := data_of(snapshot["sections"].get("urls")):
        result["unresolved_routes"] = len(urls_data["unresolved"])
        routes = sum(one["kind"] == "route" for one in urls_data["routes"])
        # Includes that could not be followed do not mean a project without URLs.
        result["routes"] = routes or (None if urls_data["unresolved"] else 0)
    if checks_data := data_of(snapshot["sections"].get("checks")):
        levels: Levels = {"error": 0, "warning": 0, "info": 0, "deploy": 0}
        for one in checks_data["messages"]:
            if one["silenced"]:
                continue
            if one["deploy"]:
                levels["deploy"] += 1
            else:
                levels[LEVEL[one["level"]]] += 1
        result["checks"] = levels
    if dependencies_data := data_of(snapshot["sections"].get("dependencies")):
        result["dependencies"] = len({one["name"].lower() for one in dependencies_data["declared"]})
    if code_data := data_of(snapshot["sections"].get("code")):
        result["files"], result["lines"] = code_data["files"], code_data["lines"]
    return result


def _warning(
    severity: Severity, text: str, section: str, file: str | None = None, line: int | None = None
) -> Warned:
    return {"severity": severity, "text": text, "section": section, "file": file, "line": line}


Warnings = Iterator[Warned]


def _touched(snapshot: Snapshot) -> Warnings:
    changed = snapshot.get("changed") or []
    if changed:
        text = say_n(
            "{n} file of the project changed during the scan: {names}",
            "{n} files of the project changed during the scan: {names}",
            len(changed),
            names=", ".join(changed[:5]),
        )
        yield _warning("error", text, "side_effects", changed[0])


def _failed(snapshot: Snapshot) -> Warnings:
    for name, section in by_name(snapshot["sections"]).items():
        error = section.get("error") or section.get("live_error")
        if not error:
            continue
        if name == "runtime":
            text = say("Not loaded: {why_text}", why_text=error.get("hint") or error["message"])
        else:
            text = say(
                "The {source} section {name} failed: {why_text}",
                source="live" if section.get("live_error") else section["source"],
                name=name,
                why_text=error["message"][:200],
            )
        yield _warning("error", text, name, error.get("file"), error.get("line"))


def _interpreter(snapshot: Snapshot) -> Warnings:
    project = snapshot["project"]
    interpreters = project.get("interpreters", []) if project else []
    chosen = [one for one in interpreters if one["chosen"]]
    if not chosen:
        found = len(interpreters)
        text = say("No interpreter was found for this project: only static facts are shown.")
        if found:
            text = say_n(
                "None of {n} interpreter found has Django: only static facts are shown.",
                "None of {n} interpreters found has Django: only static facts are shown.",
                found,
            )
        yield _warning("warning", text, "runtime")
    elif chosen[0]["missing"]:
        names = chosen[0]["missing"]
        text = say_n(
            "{n} declared package missing from the environment: {names}",
            "{n} declared packages missing from the environment: {names}",
            len(names),
            names=", ".join(names[:8]),
        )
        yield _warning("warning", text, "dependencies")


def limits(snapshot: Snapshot) -> list[Warned]:
    """Warnings that are not findings: what could not be read or failed on the way."""
    rows = [one for one in _failed(snapshot) if one["section"] != "runtime"]
    missing = [one for one in _interpreter(snapshot) if one["section"] == "runtime"]
    return rows + ([] if "runtime" in snapshot["sections"] else missing)


def _migrations(snapshot: Snapshot) -> Warnings:
    data = data_of(snapshot["sections"].get("migrations"))
    if data is None:
        return
    for label, names in data["conflicts"].items():
        text = say(
            "Conflicting migrations in {label}: {names}", label=label, names=", ".join(names)
        )
        rows = data["apps"][label]["migrations"] if label in data["apps"] else []
        file = next((one["file"] for one in rows if one["name"] == names[-1]), None)
        yield _warning("error", text, "migrations", file)
    for app in without_migrations(snapshot["sections"]):
        text = say("{label} has models but no migrations", label=app["label"])
        yield _warning("warning", text, "migrations")
    broken, _ = broken_and_unread(data["errors"])
    for one in broken[:LISTED]:
        yield _warning("error", one["text"], "migrations", one["file"], one["line"])


def _pending(snapshot: Snapshot) -> Warnings:
    data = data_of(snapshot["sections"].get("databases"))
    for alias, row in (data["databases"] if data else {}).items():
        if row["pending"]:
            names = ", ".join(sorted({name.partition(".")[0] for name in row["pending"]})[:6])
            severity: Severity = "info" if row["state"] == "missing" else "warning"
            text = _unapplied(len(row["pending"]), alias, names)
            if row["state"] == "missing":
                text = say("{first_text}; the database file does not exist yet", first_text=text)
            yield _warning(severity, text, "databases")
        if row["ghosts"]:
            text = say_n(
                "{n} applied migration without a file: {names}",
                "{n} applied migrations without a file: {names}",
                len(row["ghosts"]),
                names=", ".join(row["ghosts"][:5]),
            )
            yield _warning("warning", text, "databases")
        if row["missing_tables"]:
            text = say_n(
                "{n} table missing from {alias}: {names}",
                "{n} tables missing from {alias}: {names}",
                len(row["missing_tables"]),
                alias=alias,
                names=", ".join(row["missing_tables"][:5]),
            )
            yield _warning("error", text, "databases")


def _unapplied(count: int, alias: str, names: str) -> str:
    if alias == "default":
        return say_n(
            "{n} unapplied migration ({names})",
            "{n} unapplied migrations ({names})",
            count,
            names=names,
        )
    return say_n(
        "{n} unapplied migration in the database {alias} ({names})",
        "{n} unapplied migrations in the database {alias} ({names})",
        count,
        alias=alias,
        names=names,
    )


def _checks(snapshot: Snapshot) -> Warnings:
    data = data_of(snapshot["sections"].get("checks"))
    if data is None:
        return
    shown = 0
    foreign: dict[str, list[Message]] = {}
    for one in data["messages"]:
        if one["silenced"] or one["deploy"] or one["level"] in {"info", "debug"}:
            continue
        severity: Severity = "error" if one["level"] in {"error", "critical"} else "warning"
        if severity == "warning" and one["origin"] in {"third-party", "django"}:
            foreign.setdefault(one["id"], []).append(one)
            continue
        if shown < LISTED:
            about = f"{one['obj']}: " if one["obj"] else ""
            text = f"{one['id'] or 'check'} {about}{one['msg']}"
            yield _warning(severity, text, "checks", one["file"], one["line"])
        shown += 1
    if shown > LISTED:
        text = say_n("{n} more check finding", "{n} more check findings", shown - LISTED)
        yield _warning("info", text, "checks")
    for number, rows in foreign.items():
        text = say_n(
            "{n} finding {number} in third-party apps: {message}",
            "{n} findings {number} in third-party apps: {message}",
            len(rows),
            number=number,
            message=rows[0]["msg"],
        )
        yield _warning("info", text, "checks", rows[0]["file"], rows[0]["line"])
    for check in data["failed"]:
        text = say("The check {name} failed: {why}", name=check["check"], why=check["message"])
        yield _warning("warning", text, "checks")


def _code(snapshot: Snapshot) -> Warnings:
    data = data_of(snapshot["sections"].get("code"))
    for one in (data["unparsable"] if data else [])[:LISTED]:
        text = say("{file} cannot be parsed: {why_text}.", file=one["file"], why_text=one["text"])
        text = joined([text, one["hint"]])
        yield _warning("warning", text, "code", one["file"], one["line"])


def _unresolved(snapshot: Snapshot) -> Warnings:
    for name in ("apps", "urls"):
        data = data_of(by_name(snapshot["sections"]).get(name))
        count = len(data["unresolved"]) if data else 0
        if count and data:
            first = data["unresolved"][0]
            text = say_n(
                "{n} part of the {what} known only when the code runs",
                "{n} parts of the {what} known only when the code runs",
                count,
                what="INSTALLED_APPS" if name == "apps" else "URLs",
            )
            yield _warning("info", text, name, first["file"], first["line"])
    for name in ("urls", "models", "settings", "migrations"):
        data = data_of(by_name(snapshot["sections"]).get(name))
        for one in (data["errors"] if data else [])[:LISTED]:
            yield _warning("warning", one["text"], name, one["file"], one["line"])


def _settings(snapshot: Snapshot) -> Warnings:
    data = data_of(snapshot["sections"].get("settings"))
    if data is None:
        return
    required = [one["name"] for one in data["env"] if one["required"] and not one["set"]]
    runtime = snapshot["sections"].get("runtime")
    if required and not (runtime and runtime["ok"]):
        text = say_n(
            "{n} required environment variable: {names}",
            "{n} required environment variables: {names}",
            len(required),
            names=", ".join(required[:8]),
        )
        yield _warning("info", text, "settings")


def _effects(snapshot: Snapshot) -> Warnings:
    data = data_of(snapshot["sections"].get("side_effects"))
    refused = [one for one in (data["events"] if data else []) if one["denied"]]
    for one in refused[:LISTED]:
        text = _refused(one["kind"], one["what"])
        yield _warning("info", text, "side_effects", one["file"], one["line"])


def _refused(kind: str, what: str) -> str:
    known = {
        "write": say_noop("Loading the project tried to write {what} (refused)"),
        "connect": say_noop("Loading the project tried to connect to {what} (refused)"),
        "resolve": say_noop("Loading the project tried to look up {what} (refused)"),
        "spawn": say_noop("Loading the project tried to run {what} (refused)"),
        "sqlite-open": say_noop(
            "Loading the project tried to open the database file {what} (refused)"
        ),
        "database": say_noop("Loading the project tried to use its database: {what} (refused)"),
    }
    other = say_noop("Loading the project {kind} {what} (refused)")
    return say(known.get(kind, other), kind=kind, what=what)


RULES: list[Callable[[Snapshot], Warnings]] = [
    _touched,
    _failed,
    _interpreter,
    _migrations,
    _pending,
    _checks,
    _code,
    _unresolved,
    _settings,
    _effects,
]
