"""The data in each notebook: plain rows, already in the terms that its cells use.

Sentences are in the reader's language; column names are not, because the cells access data by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from djdesk.messages import say
from inspector import facts
from inspector.facts.diff import Changes, by_section
from inspector.sections.common import data_of
from inspector.sections.scan import Snapshot, by_name

from ..message_translation import translated

Data = dict[str, Any]


class NothingToCompare(Exception):
    """A comparison was requested, but there is only one snapshot."""


def section(snapshot: Snapshot, name: str) -> Data:
    found: Data | None = data_of(by_name(snapshot["sections"]).get(name))
    return found or {}


def place(row: Mapping[str, Any]) -> str:
    if not row.get("file"):
        return ""
    return f"{row['file']}:{row['line']}" if row.get("line") else str(row["file"])


def counts(snapshot: Snapshot) -> dict[str, int | None]:
    """Numbers of the summary, with those of the checks."""
    found = facts.summarize(snapshot)["counts"]
    rows: dict[str, int | None] = {}
    for name, number in found.items():
        if name != "checks":
            rows[name] = cast(int | None, number)
    if checks := found["checks"]:
        rows |= {f"checks_{level}": cast(int, number) for level, number in checks.items()}
    return rows


def overview(snapshot: Snapshot, old: Snapshot | None) -> Data:
    project: Data = {**snapshot["project"]} if snapshot["project"] else {}
    git: Data = project.get("git") or {}
    runtime = section(snapshot, "runtime")
    per_app = section(snapshot, "code").get("per_app") or {}
    models = section(snapshot, "models").get("models") or []
    graphs = section(snapshot, "migrations").get("apps") or {}
    return {
        "project": {
            "Project": project.get("name"),
            "Django": runtime.get("django") or project.get("django_hint"),
            "Python": runtime.get("python"),
            "Settings": runtime.get("settings_module"),
            "Git": ", ".join(filter(None, (git.get("branch"), git.get("commit", "")[:9]))),
            "Inspection": snapshot["status"],
        },
        "counts": counts(snapshot),
        "sections": [
            {"section": name, "source": one["source"], "state": "read" if one["ok"] else "failed"}
            for name, one in by_name(snapshot["sections"]).items()
        ],
        "findings": [
            {"severity": i["severity"]}
            | {key: translated(i[key]) for key in ("title", "text", "why")}
            | {"place": place(i)}
            for i in facts.findings_of(snapshot)
        ],
        "apps": [
            {
                "app": app["label"],
                "models": sum(
                    m["app"] == app["label"] and not m.get("auto_created") for m in models
                ),
                "migrations": len((graphs.get(app["label"]) or {}).get("migrations") or []),
                "files": (per_app.get(app["label"]) or {}).get("files"),
                "lines": (per_app.get(app["label"]) or {}).get("lines"),
            }
            for app in section(snapshot, "apps").get("apps") or []
            if app["origin"] == "project"
        ],
        "checks": [
            {"level": c["level"], "id": c["id"], "about": c["obj"], "message": c["msg"]}
            | {"place": place(c)}
            for c in section(snapshot, "checks").get("messages") or []
            if not c["silenced"]
        ],
    }


def models(snapshot: Snapshot, old: Snapshot | None) -> Data:
    found = [
        m for m in section(snapshot, "models").get("models") or [] if not m.get("auto_created")
    ]
    return {
        "models": [
            {"model": m["label"], "app": m["app"], "fields": len(m["fields"])}
            | {"table": m.get("table"), "origin": m["origin"], "place": place(m)}
            for m in found
        ],
        "relations": [
            {"model": m["label"], "field": f["name"], "kind": f["rel"]["kind"]}
            | {"to": f["rel"].get("to"), "on_delete": f["rel"].get("on_delete")}
            for m in found
            # A proxy repeats its model's fields.
            if not m.get("proxy")
            for f in m["fields"]
            if f.get("rel")
        ],
    }


def migrations(snapshot: Snapshot, old: Snapshot | None) -> Data:
    from inspector.pages.migrations import by_app

    data = data_of(snapshot["sections"].get("migrations"))
    known = data_of(snapshot["sections"].get("databases"))
    databases = known["databases"] if known else {}
    return {
        "migrations": [
            {
                "app": app.label,
                "name": row.migration["name"],
                "state": row.state,
                "operations": row.migration["ops"],
                "kinds": row.migration["op_kinds"],
                "deps": row.migration["deps"],
                "irreversible": [
                    " ".join(filter(None, (o["op"], o["what"])))
                    for o in row.migration["irreversible"]
                ],
                "file": row.migration["file"],
            }
            for app in by_app(data, databases)
            for row in app.rows
        ],
        "drift": [
            {"app": label, "operation": op["op"], "text": op["text"], "place": place(op)}
            for label, app in (section(snapshot, "drift").get("apps") or {}).items()
            for op in app["ops"]
        ],
        "conflicts": [
            {"app": label, "leaves": leaves}
            for label, leaves in (data["conflicts"] if data else {}).items()
        ],
    }


def urls(snapshot: Snapshot, old: Snapshot | None) -> Data:
    settings = section(snapshot, "settings")
    return {
        "routes": [
            {"pattern": r["pattern"], "name": r["full_name"], "view": r["view"]}
            | {key: r.get(key) for key in ("methods", "login_required", "csrf_exempt", "origin")}
            | {"place": place(r)}
            for r in section(snapshot, "urls").get("routes") or []
            if r["kind"] != "include"
        ],
        "settings": [
            {"name": v["name"], "value": v["value"], "changed": v.get("changed")}
            | {"file": v["file"], "place": place(v)}
            for v in settings.get("variables") or []
        ],
        "environment": [
            {key: e.get(key) for key in ("name", "required", "default", "kind")}
            | {"place": place(e)}
            for e in settings.get("env") or []
        ],
    }


def changes(snapshot: Snapshot, old: Snapshot | None) -> Data:
    """Raises NothingToCompare if there is no earlier snapshot."""
    if old is None:
        raise NothingToCompare(say("There is no earlier scan to compare with."))
    found = facts.diff(old, snapshot)
    before, after = counts(old), counts(snapshot)
    return {
        "between": {
            "Project": (snapshot["project"] or {}).get("name"),
            "Before": old.get("finished") or old["status"],
            "After": snapshot.get("finished") or snapshot["status"],
        },
        "changes": [
            row for name, rows in by_section(found).items() for row in _changes(name, rows)
        ],
        "skipped": [
            {"section": name, "why it was not compared": translated(why)}
            for name, why in found["skipped"].items()
        ],
        "counts": [
            {"what": name.replace("_", " "), "before": before.get(name), "after": number}
            | {"difference": _less(number, before.get(name))}
            for name, number in after.items()
        ],
    }


def _less(number: int | None, other: int | None) -> int | None:
    return None if number is None or other is None else number - other


def _changes(name: str, found: Changes) -> Iterator[Data]:
    for kind, rows in (("added", found["added"]), ("removed", found["removed"])):
        for row in rows:
            yield {
                "section": name,
                "change": kind,
                "what": translated(row["text"]),
                "place": place(row),
            }
    for row in found["changed"]:
        for key, (old, new) in row["changes"].items():
            yield {
                "section": name,
                "change": "changed",
                "what": f"{row['text']}: {key}",
                "from": old,
                "to": new,
                "place": place(row),
            }
