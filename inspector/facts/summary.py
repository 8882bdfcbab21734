"""Counts and warnings of a snapshot, for the overview and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

ORDER = {"error": 0, "warning": 1, "info": 2}
LISTED = 20


def summarize(snapshot: dict[str, Any]) -> dict[str, Any]:
    """``{"counts": {…}, "warnings": [{severity, text, section, file, line}]}``."""
    warnings = [warning for rule in RULES for warning in rule(snapshot)]
    warnings.sort(key=lambda one: ORDER[one["severity"]])
    return {"counts": counts(snapshot), "warnings": warnings}


def _data(snapshot: dict[str, Any], name: str) -> dict[str, Any] | None:
    section = snapshot["sections"].get(name)
    return section["data"] if section and section["ok"] else None


def counts(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Numbers; None where the section is not there."""
    result: dict[str, Any] = dict.fromkeys(
        (
            "apps",
            "project_apps",
            "models",
            "fields",
            "relations",
            "migrations",
            "pending",
            "routes",
            "unresolved_routes",
            "checks",
            "dependencies",
            "files",
            "lines",
        )
    )
    if data := _data(snapshot, "apps"):
        result["apps"] = len(data["apps"])
        result["project_apps"] = sum(one["origin"] == "project" for one in data["apps"])
    if data := _data(snapshot, "models"):
        own = [
            one
            for one in data["models"]
            if one["origin"] == "project" and not one.get("auto_created")
        ]
        result["models"] = len(own)
        result["fields"] = sum(len(one["fields"]) for one in own)
        result["relations"] = sum("rel" in field for one in own for field in one["fields"])
    if data := _data(snapshot, "migrations"):
        result["migrations"] = sum(
            len(one["migrations"]) for one in data["apps"].values() if one["origin"] == "project"
        )
    if data := _data(snapshot, "databases"):
        lists = [one["pending"] for one in data["databases"].values() if one["pending"] is not None]
        result["pending"] = len({name for names in lists for name in names}) if lists else None
    if data := _data(snapshot, "urls"):
        result["routes"] = sum(one["kind"] == "route" for one in data["routes"])
        result["unresolved_routes"] = len(data["unresolved"])
    if data := _data(snapshot, "checks"):
        levels = {"error": 0, "warning": 0, "info": 0, "deploy": 0}
        for one in data["messages"]:
            if one["silenced"]:
                continue
            if one["deploy"]:
                levels["deploy"] += 1
            else:
                level = {"critical": "error", "debug": "info"}.get(one["level"], one["level"])
                levels[level] += 1
        result["checks"] = levels
    if data := _data(snapshot, "dependencies"):
        result["dependencies"] = len({one["name"].lower() for one in data["declared"]})
    if data := _data(snapshot, "code"):
        result["files"], result["lines"] = data["files"], data["lines"]
    return result


def _warning(
    severity: str, text: str, section: str, file: str | None = None, line: int | None = None
) -> dict[str, Any]:
    return {"severity": severity, "text": text, "section": section, "file": file, "line": line}


Warnings = Iterator[dict[str, Any]]


def _touched(snapshot: dict[str, Any]) -> Warnings:
    changed = snapshot.get("changed") or []
    if changed:
        text = f"{_many(len(changed), 'file')} of the project changed during the inspection: "
        yield _warning("error", text + ", ".join(changed[:5]), "side_effects", changed[0])


def _failed(snapshot: dict[str, Any]) -> Warnings:
    for name, section in snapshot["sections"].items():
        error = section.get("error") or section.get("live_error")
        if not error:
            continue
        if name == "runtime":
            text = f"Not loaded: {error.get('hint') or error['message']}"
        else:
            kind = "live" if section.get("live_error") else section["source"]
            text = f"The {kind} section {name} failed: {error['message'][:200]}"
        yield _warning("error", text, name, error.get("file"), error.get("line"))


def _interpreter(snapshot: dict[str, Any]) -> Warnings:
    project = snapshot["project"] or {}
    chosen = [one for one in project.get("interpreters", []) if one["chosen"]]
    if not chosen:
        found = len(project.get("interpreters", []))
        text = "No interpreter was found for this project"
        if found:
            text = f"None of {_many(found, 'interpreter')} found has Django"
        yield _warning("warning", f"{text}: only what the source tells is shown.", "runtime")
    elif chosen[0]["missing"]:
        names = chosen[0]["missing"]
        text = f"{_many(len(names), 'declared package')} missing from the environment: "
        yield _warning("warning", text + ", ".join(names[:8]), "dependencies")


def _migrations(snapshot: dict[str, Any]) -> Warnings:
    data = _data(snapshot, "migrations")
    if data is None:
        return
    for label, names in data["conflicts"].items():
        text = f"Conflicting migrations in {label}: {', '.join(names)}"
        file = next(
            (
                one["file"]
                for one in data["apps"].get(label, {}).get("migrations", [])
                if one["name"] == names[-1]
            ),
            None,
        )
        yield _warning("error", text, "migrations", file)
    own = {
        one["label"]
        for one in (_data(snapshot, "apps") or {}).get("apps", [])
        if one["origin"] == "project"
    }
    for label in data["no_migrations_with_models"]:
        if label in own:
            yield _warning("warning", f"{label} has models but no migrations", "migrations")
    for one in data["errors"][:LISTED]:
        yield _warning("error", one["text"], "migrations", one["file"], one["line"])


def _pending(snapshot: dict[str, Any]) -> Warnings:
    data = _data(snapshot, "databases")
    for alias, row in (data["databases"] if data else {}).items():
        if row["pending"]:
            where = "" if alias == "default" else f" in the database {alias}"
            names = ", ".join(sorted({name.partition(".")[0] for name in row["pending"]})[:6])
            severity = "info" if row["state"] == "missing" else "warning"
            note = "; the database file does not exist yet" if row["state"] == "missing" else ""
            text = f"{_many(len(row['pending']), 'unapplied migration')}{where} ({names}){note}"
            yield _warning(severity, text, "databases")
        if row["ghosts"]:
            text = f"{_many(len(row['ghosts']), 'applied migration')} without a file: "
            yield _warning("warning", text + ", ".join(row["ghosts"][:5]), "databases")
        if row["missing_tables"]:
            text = f"{_many(len(row['missing_tables']), 'table')} missing from {alias}: "
            yield _warning("error", text + ", ".join(row["missing_tables"][:5]), "databases")


def _checks(snapshot: dict[str, Any]) -> Warnings:
    data = _data(snapshot, "checks")
    if data is None:
        return
    shown = 0
    foreign: dict[str, list[dict[str, Any]]] = {}
    for one in data["messages"]:
        if one["silenced"] or one["deploy"] or one["level"] in {"info", "debug"}:
            continue
        severity = "error" if one["level"] in {"error", "critical"} else "warning"
        if severity == "warning" and one["origin"] in {"third-party", "django"}:
            foreign.setdefault(one["id"], []).append(one)
            continue
        if shown < LISTED:
            about = f"{one['obj']}: " if one["obj"] else ""
            text = f"{one['id'] or 'check'} {about}{one['msg']}"
            yield _warning(severity, text, "checks", one["file"], one["line"])
        shown += 1
    if shown > LISTED:
        yield _warning("info", f"{_many(shown - LISTED, 'more check finding')}", "checks")
    for number, rows in foreign.items():
        text = f"{_many(len(rows), 'finding')} {number} in third-party apps: {rows[0]['msg']}"
        yield _warning("info", text, "checks", rows[0]["file"], rows[0]["line"])
    for one in data["failed"]:
        yield _warning("warning", f"The check {one['check']} failed: {one['message']}", "checks")


def _code(snapshot: dict[str, Any]) -> Warnings:
    data = _data(snapshot, "code")
    for one in (data["unparsable"] if data else [])[:LISTED]:
        text = f"{one['file']} cannot be parsed: {one['text']}. {one['hint']}".strip()
        yield _warning("warning", text, "code", one["file"], one["line"])


def _unresolved(snapshot: dict[str, Any]) -> Warnings:
    for name, what in (("apps", "INSTALLED_APPS"), ("urls", "URLs")):
        data = _data(snapshot, name)
        count = len(data["unresolved"]) if data else 0
        if count and data:
            first = data["unresolved"][0]
            text = f"{_many(count, 'part')} of the {what} known only when the code runs"
            yield _warning("info", text, name, first["file"], first["line"])
    for name in ("urls", "models", "settings"):
        data = _data(snapshot, name)
        for one in (data["errors"] if data else [])[:LISTED]:
            yield _warning("warning", one["text"], name, one["file"], one["line"])


def _settings(snapshot: dict[str, Any]) -> Warnings:
    data = _data(snapshot, "settings")
    if data is None:
        return
    required = [one["name"] for one in data["env"] if one["required"] and not one["set"]]
    if required and not (snapshot["sections"].get("runtime") or {}).get("ok"):
        text = f"{_many(len(required), 'environment variable')} without a default: "
        yield _warning("info", text + ", ".join(required[:8]), "settings")


def _effects(snapshot: dict[str, Any]) -> Warnings:
    data = _data(snapshot, "side_effects")
    refused = [one for one in (data["events"] if data else []) if one["denied"]]
    for one in refused[:LISTED]:
        verbs = {
            "write": "tried to write",
            "connect": "tried to connect to",
            "resolve": "tried to look up",
            "spawn": "tried to run",
            "sqlite-open": "tried to open the database file",
            "database": "tried to use its database:",
        }
        text = f"Loading the project {verbs.get(one['kind'], one['kind'])} {one['what']} (refused)"
        yield _warning("info", text, "side_effects", one["file"], one["line"])


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


RULES: list[Callable[[dict[str, Any]], Warnings]] = [
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
