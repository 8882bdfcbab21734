"""Differences between two snapshots of the same project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from djdesk.messages import say, word
from inspector.sections.behaviour import Urls
from inspector.sections.checks import Checks
from inspector.sections.migrations import Migrations
from inspector.sections.models import Model, Models
from inspector.sections.project import Apps, Dependencies, Settings
from inspector.sections.scan import Snapshot, by_name

Row = dict[str, Any]
Rows = dict[str, Row]
# Keys whose changes mean nothing.
QUIET = {"file", "line", "route_file", "route_line"}


def diff(old: Snapshot, new: Snapshot) -> dict[str, Any]:
    """``{section: {"added", "removed", "changed"}, "skipped": {section: sentence}}``."""
    result: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    earlier, later = by_name(old["sections"]), by_name(new["sections"])
    for name, (section, rows_of) in SECTIONS.items():
        before, after = earlier.get(section), later.get(section)
        if not (before and before["ok"]) and not (after and after["ok"]):
            continue
        if not (before and before["ok"]):
            skipped[name] = say("The earlier snapshot does not have it.")
        elif not (after and after["ok"]):
            skipped[name] = say("The later snapshot does not have it.")
        elif before["source"] != after["source"]:
            skipped[name] = say(
                "It was {before_text} before and is {after_text} now.",
                before_text=word(before["source"]),
                after_text=word(after["source"]),
            )
        else:
            result[name] = compare(rows_of(before["data"]), rows_of(after["data"]))
    return {**result, "skipped": skipped}


def compare(before: Rows, after: Rows) -> dict[str, list[Row]]:
    return {
        "added": [shown(key, after[key]) for key in after if key not in before],
        "removed": [shown(key, before[key]) for key in before if key not in after],
        "changed": [
            {**shown(key, after[key]), "changes": changes}
            for key in after
            if key in before and (changes := _changes(before[key], after[key]))
        ],
    }


def shown(key: str, row: Row) -> Row:
    return {"key": key, "text": row["_text"], "file": row.get("file"), "line": row.get("line")}


def _changes(before: Row, after: Row) -> dict[str, list[Any]]:
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if name not in QUIET and name != "_text" and before.get(name) != after.get(name)
    }


def _apps(data: Apps) -> Rows:
    return {
        one["label"]: {
            "name": one["name"],
            "origin": one["origin"],
            "file": one.get("file"),
            "line": one.get("line"),
            "_text": one["label"],
        }
        for one in data["apps"]
    }


def _models(data: Models) -> Rows:
    return {
        one["label"]: {
            **{key: value for key, value in one.items() if key not in {"fields", "methods"}},
            "_text": one["label"],
        }
        for one in _own(data)
    }


def _own(data: Models) -> list[Model]:
    return [
        one for one in data["models"] if one["origin"] == "project" and not one.get("auto_created")
    ]


def _fields(data: Models) -> Rows:
    return {
        f"{one['label']}.{field['name']}": {
            **field,
            "_text": f"{one['label']}.{field['name']} ({field['type']})",
        }
        for one in _own(data)
        for field in one["fields"]
    }


def _migrations(data: Migrations) -> Rows:
    return {
        f"{label}.{one['name']}": {
            "ops": one["ops"],
            "op_kinds": one["op_kinds"],
            "deps": sorted(one["deps"]),
            "file": one["file"],
            "_text": say("{word} ({n} operations)", word=f"{label}.{one['name']}", n=one["ops"]),
        }
        for label, app in data["apps"].items()
        if app["origin"] == "project"
        for one in app["migrations"]
    }


def _urls(data: Urls) -> Rows:
    """Keyed by pattern and name, because several routes may have the same pattern."""
    rows: Rows = {}
    for one in data["routes"]:
        if one["kind"] != "route" or one["origin"] in {"django", "third-party"}:
            continue
        key = f"{one['pattern']} {one['full_name'] or ''}".strip()
        number = 2
        while key in rows:
            key = f"{key.partition(' #')[0]} #{number}"
            number += 1
        name = f" ({one['full_name']})" if one["full_name"] else ""
        rows[key] = {
            **{
                k: one.get(k)
                for k in ("view", "methods", "login_required", "csrf_exempt", "params")
            },
            "file": one["file"],
            "line": one["line"],
            "_text": f"/{one['pattern']}{name}",
        }
    return rows


def _settings(data: Settings) -> Rows:
    return {
        one["name"]: {
            "value": one["value"],
            "file": one["file"],
            "line": one["line"],
            "_text": one["name"],
        }
        for one in data["variables"]
    }


def _dependencies(data: Dependencies) -> Rows:
    rows: Rows = {}
    for one in data["declared"]:
        rows.setdefault(
            f"{one['name'].lower()} [{one['group']}]",
            {
                "specifier": one["specifier"],
                "locked": one["locked"],
                "installed": one["installed"],
                "file": one["file"],
                "line": one["line"],
                "_text": f"{one['name']}{one['specifier']}",
            },
        )
    return rows


def _checks(data: Checks) -> Rows:
    rows: Rows = {}
    for one in data["messages"]:
        if one["silenced"]:
            continue
        key = f"{one['id']} {one['obj'] or ''} {one['msg']}"[:500]
        about = f"{one['obj']}: " if one["obj"] else ""
        rows[key] = {
            "level": one["level"],
            "hint": one["hint"],
            "deploy": one["deploy"],
            "file": one["file"],
            "line": one["line"],
            "_text": f"{one['id']} {about}{one['msg']}",
        }
    return rows


SECTIONS: dict[str, tuple[str, Callable[[Any], Rows]]] = {
    "apps": ("apps", _apps),
    "models": ("models", _models),
    "fields": ("models", _fields),
    "migrations": ("migrations", _migrations),
    "urls": ("urls", _urls),
    "settings": ("settings", _settings),
    "dependencies": ("dependencies", _dependencies),
    "checks": ("checks", _checks),
}
