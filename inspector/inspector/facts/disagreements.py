"""Differences between the source and the running project, with both sides.

Compares only facts that both sides know. Facts unknown to static analysis (computed values,
generated routes) are not disagreements.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from djdesk.messages import say
from inspector.sections.behaviour import Route, Urls
from inspector.sections.common import Disagreement
from inspector.sections.migrations import Migrations
from inspector.sections.models import Field, Model, Models
from inspector.sections.project import Settings

MOST = 200
# Attributes of a field that are literal in the source and determined nowhere else.
FIELD_KEYS = ("type", "null", "unique", "max_length")
MASK = "\u2022"


def disagreements(name: str, static: Any, live: Any) -> list[Disagreement]:
    """``[{"key", "what", "static", "live", "file", "line"}]``; a side without a value is None."""
    rule = RULES.get(name)
    return list(rule(static, live))[:MOST] if rule else []


def _row(
    key: str, what: str, static: str | None, live: str | None, place: Mapping[str, Any]
) -> Disagreement:
    return {
        "key": key,
        "what": what,
        "static": static,
        "live": live,
        "file": place.get("file"),
        "line": place.get("line"),
    }


def _own(data: Models) -> dict[str, Model]:
    return {
        one["label"]: one
        for one in data["models"]
        if one["origin"] == "project" and not one.get("auto_created")
    }


def _models(static: Models, live: Models) -> Iterator[Disagreement]:
    before, after = _own(static), _own(live)
    own = {one["module"].partition(".")[0] for one in before.values()}
    for label in sorted(before.keys() - after.keys()):
        yield _row(label, say("model"), say("written in the source"), None, before[label])
    for label in sorted(after.keys() - before.keys()):
        yield _row(label, say("model"), None, say("registered with Django"), after[label])
    for label in sorted(before.keys() & after.keys()):
        yield from _fields(label, before[label], after[label], own)


def _fields(label: str, static: Model, live: Model, own: set[str]) -> Iterator[Disagreement]:
    # Unreadable bases add fields that static analysis cannot know, as do fields and metaclasses of
    # libraries: they are not written in the project.
    names = [one["class"] for one in live["fields"]] + [one["module"] for one in live["bases"]]
    partial = any(one["kind"] == "unresolved" for one in static["bases"]) or not all(
        name.partition(".")[0] in {"django", *own} for name in names
    )
    before = {one["name"]: one for one in static["fields"]}
    after = {one["name"]: one for one in live["fields"]}
    for name in sorted(before.keys() | after.keys()):
        key, one, two = f"{label}.{name}", before.get(name), after.get(name)
        if one is None:
            if two and not two.get("auto") and (two["file"] or not (partial or _given(two))):
                yield _row(key, say("field"), None, two["type"], two if two["file"] else live)
        elif two is None:
            if not one.get("auto"):
                yield _row(key, say("field"), one["type"], None, one)
        else:
            yield from _details(key, one, two)


def _given(field: Field) -> bool:
    """A reverse relation that a library adds to models registered with it, not
    written in the project.
    """
    return "rel" in field and field["rel"]["kind"] == "generic-relation"


def _details(key: str, static: Field, live: Field) -> Iterator[Disagreement]:
    plain = str(static.get("class")).startswith("django.db.models.")
    many = "rel" in live and live["rel"]["kind"] in {"m2m", "generic", "generic-relation"}
    for name in FIELD_KEYS if plain and not many else ():
        one, two = static.get(name), live.get(name)
        # A computed length is simply absent from the static facts.
        if one != two and not (name == "max_length" and one is None):
            yield _row(key, name, _shown(one), _shown(two), static)
    relations: list[Mapping[str, Any]] = [static.get("rel") or {}, live.get("rel") or {}]
    written, given = relations
    for name in ("kind", "to", "on_delete"):
        one, two = written.get(name), given.get(name)
        # Without one dot the name could not be resolved.
        if one and two and one != two and str(written["to"]).count(".") == 1:
            yield _row(key, say("relation {name}", name=name), one, two, static)


def _shown(value: Any) -> str:
    return say("no") if value is None else say("yes") if value is True else str(value)


def _migrations(static: Migrations, live: Migrations) -> Iterator[Disagreement]:
    labels = {
        label
        for data in (static, live)
        for label, app in data["apps"].items()
        if app["origin"] == "project"
    }
    for label in sorted(labels):
        sides = [data["apps"].get(label) for data in (static, live)]
        before, after = (
            {one["name"]: one for one in (side["migrations"] if side else [])} for side in sides
        )
        leaves = [sorted(side["leaves"]) if side else [] for side in sides]
        for name in sorted(before.keys() ^ after.keys()):
            one, two = before.get(name), after.get(name)
            yield _row(
                f"{label}.{name}",
                say("migration"),
                say("a file") if one else None,
                say("loaded") if two else None,
                one or two or {},
            )
        if before.keys() == after.keys() and leaves[0] != leaves[1]:
            written, loaded = (", ".join(names) for names in leaves)
            yield _row(label, say("last migrations"), written, loaded, {})


def _urls(static: Urls, live: Urls) -> Iterator[Disagreement]:
    """Literal routes must exist live; additional live routes are no contradiction."""
    after: dict[str, list[Route]] = {}
    for one in live["routes"]:
        after.setdefault(one["pattern"], []).append(one)
    for one in static["routes"]:
        # A brace marks a computed part.
        if one["kind"] != "route" or one["origin"] != "project" or "{" in one["pattern"]:
            continue
        same = after.get(one["pattern"])
        place = {"file": one.get("route_file"), "line": one.get("route_line")}
        if not same:
            if after:
                yield _row(
                    f"/{one['pattern']}", say("route"), one["view"] or say("written"), None, place
                )
        elif one["full_name"] not in {two["full_name"] for two in same}:
            name = same[0]["full_name"]
            yield _row(f"/{one['pattern']}", say("name"), one["full_name"], name, place)


def _settings(static: Settings, live: Settings) -> Iterator[Disagreement]:
    """Literal settings of the same module; computed and redacted values are skipped."""
    if live["module"] != static["module"]:
        yield _row(say("settings module"), say("module"), static["module"], live["module"], {})
        return
    after = {one["name"]: one for one in live["variables"]}
    for one in static["variables"]:
        two = after.get(one["name"])
        if one["computed"] or one["redacted"] or two is None or two["redacted"]:
            continue
        texts = str(one["value"]), str(two["value"])
        if any(MASK in text or "…" in text for text in texts):
            continue
        values = [literal(text) for text in texts]
        # Django adds the script prefix to a relative one.
        if one["name"] in {"STATIC_URL", "MEDIA_URL"}:
            values = [(str(box[0]).lstrip("/"),) if box else None for box in values]
        if None not in values and not _fits(values[0], values[1]):
            yield _row(one["name"], say("value"), *texts, one)


def _fits(written: Any, running: Any) -> bool:
    """Whether one value contains the other: Django adds defaults to dictionaries
    such as `DATABASES`.
    """
    if isinstance(written, dict) and isinstance(running, dict):
        return all(key in running and _fits(one, running[key]) for key, one in written.items())
    if isinstance(written, list | tuple) and isinstance(running, list | tuple):
        return len(written) == len(running) and all(map(_fits, written, running))
    return bool(written == running)


def literal(text: Any) -> tuple[Any] | None:
    """The value in a tuple, with lists and tuples treated alike; None if it is
    not a plain literal.
    """
    try:
        value = ast.literal_eval(str(text))
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    return (list(value) if isinstance(value, tuple) else value,)


RULES: dict[str, Callable[[Any, Any], Iterator[Disagreement]]] = {
    "models": _models,
    "migrations": _migrations,
    "urls": _urls,
    "settings": _settings,
}
