"""Differences between two snapshots of the same project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict, cast

from djdesk.messages import say, word
from inspector.sections.behaviour import Urls
from inspector.sections.checks import Checks
from inspector.sections.common import Place
from inspector.sections.migrations import Migrations
from inspector.sections.models import Model, Models
from inspector.sections.project import Apps, Dependencies, Settings
from inspector.sections.scan import Snapshot, by_name

Name = Literal[
    "apps", "models", "fields", "migrations", "urls", "settings", "dependencies", "checks"
]


@dataclass
class Row:
    """One thing that is compared by its ``values``. ``text``: how it is shown."""

    text: str
    values: dict[str, object]
    file: str | None = None
    line: int | None = None


Rows = dict[str, Row]


class Entry(Place):
    """Something that was added or removed."""

    key: str
    text: str


class ChangedEntry(Entry):
    """Something that is different. ``changes``: ``[before, after]`` by name."""

    changes: dict[str, list[object]]


class Changes(TypedDict):
    """The changes of one section."""

    added: list[Entry]
    removed: list[Entry]
    changed: list[ChangedEntry]


class Differences(TypedDict):
    """The changes by section, and why sections were not compared, as printed by
    ``djdesk inspect --diff``.
    """

    apps: NotRequired[Changes]
    models: NotRequired[Changes]
    fields: NotRequired[Changes]
    migrations: NotRequired[Changes]
    urls: NotRequired[Changes]
    settings: NotRequired[Changes]
    dependencies: NotRequired[Changes]
    checks: NotRequired[Changes]
    skipped: dict[str, str]


def by_section(found: Differences) -> dict[str, Changes]:
    """The changes by section alone."""
    return {name: found[name] for name in SECTIONS if name in found}


def diff(old: Snapshot, new: Snapshot) -> Differences:
    """What differs between two snapshots of the same project."""
    result: dict[str, Changes] = {}
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
    return cast(Differences, {**result, "skipped": skipped})


def compare(before: Rows, after: Rows) -> Changes:
    return {
        "added": [shown(key, after[key]) for key in after if key not in before],
        "removed": [shown(key, before[key]) for key in before if key not in after],
        "changed": [
            {**shown(key, after[key]), "changes": changes}
            for key in after
            if key in before and (changes := _changes(before[key], after[key]))
        ],
    }


def shown(key: str, row: Row) -> Entry:
    return {"key": key, "text": row.text, "file": row.file, "line": row.line}


def _changes(before: Row, after: Row) -> dict[str, list[object]]:
    old, new = before.values, after.values
    return {
        name: [old.get(name), new.get(name)]
        for name in [*old, *(name for name in new if name not in old)]
        if old.get(name) != new.get(name)
    }


def _apps(data: Apps) -> Rows:
    return {
        one["label"]: Row(
            one["label"], {"name": one["name"], "origin": one["origin"]}, one["file"], one["line"]
        )
        for one in data["apps"]
    }


def _models(data: Models) -> Rows:
    return {
        one["label"]: Row(
            one["label"], _without(one, *PLACE, "fields", "methods"), one["file"], one["line"]
        )
        for one in _own(data)
    }


PLACE = ("file", "line")  # moving something is no change


def _without(row: Mapping[str, object], *names: str) -> dict[str, object]:
    return {key: value for key, value in row.items() if key not in names}


def _own(data: Models) -> list[Model]:
    return [
        one for one in data["models"] if one["origin"] == "project" and not one.get("auto_created")
    ]


def _fields(data: Models) -> Rows:
    return {
        f"{one['label']}.{field['name']}": Row(
            f"{one['label']}.{field['name']} ({field['type']})",
            _without(field, *PLACE),
            field["file"],
            field["line"],
        )
        for one in _own(data)
        for field in one["fields"]
    }


def _migrations(data: Migrations) -> Rows:
    return {
        f"{label}.{one['name']}": Row(
            say("{word} ({n} operations)", word=f"{label}.{one['name']}", n=one["ops"]),
            {"ops": one["ops"], "op_kinds": one["op_kinds"], "deps": sorted(one["deps"])},
            one["file"],
        )
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
        rows[key] = Row(
            f"/{one['pattern']}{name}",
            {
                "view": one["view"],
                "methods": one["methods"],
                "login_required": one["login_required"],
                "csrf_exempt": one["csrf_exempt"],
                "params": one["params"],
            },
            one["file"],
            one["line"],
        )
    return rows


def _settings(data: Settings) -> Rows:
    return {
        one["name"]: Row(one["name"], {"value": one["value"]}, one["file"], one["line"])
        for one in data["variables"]
    }


def _dependencies(data: Dependencies) -> Rows:
    rows: Rows = {}
    for one in data["declared"]:
        rows.setdefault(
            f"{one['name'].lower()} [{one['group']}]",
            Row(
                f"{one['name']}{one['specifier']}",
                {
                    "specifier": one["specifier"],
                    "locked": one["locked"],
                    "installed": one["installed"],
                },
                one["file"],
                one["line"],
            ),
        )
    return rows


def _checks(data: Checks) -> Rows:
    rows: Rows = {}
    for one in data["messages"]:
        if one["silenced"]:
            continue
        key = f"{one['id']} {one['obj'] or ''} {one['msg']}"[:500]
        about = f"{one['obj']}: " if one["obj"] else ""
        rows[key] = Row(
            f"{one['id']} {about}{one['msg']}",
            {"level": one["level"], "hint": one["hint"], "deploy": one["deploy"]},
            one["file"],
            one["line"],
        )
    return rows


SECTIONS: dict[Name, tuple[str, Callable[[Any], Rows]]] = {
    "apps": ("apps", _apps),
    "models": ("models", _models),
    "fields": ("models", _fields),
    "migrations": ("migrations", _migrations),
    "urls": ("urls", _urls),
    "settings": ("settings", _settings),
    "dependencies": ("dependencies", _dependencies),
    "checks": ("checks", _checks),
}
