"""Completes live facts with those that only the source has."""

from __future__ import annotations

from typing import Any

from djdesk.projects.discovery.installed import normalize
from inspector.events import SectionEvent
from inspector.facts.disagreements import disagreements, literal


def enrich(
    event: SectionEvent,
    static: dict[str, dict[str, Any]],
    runtime: dict[str, Any] | None = None,
) -> None:
    """Complete a live section in place from the static facts. ``runtime``: data of that section,
    for values that a repair assumed.
    """
    if not event["ok"] or event["source"] != "live":
        return
    if event["name"] == "packages":
        _packages(event["data"], static.get("dependencies"))
    known = static.get(event["name"])
    if known is None:
        return
    if event["name"] == "settings":
        _settings(event["data"], known)
        _assumed(event["data"], known, runtime or {})
    elif event["name"] == "templates":
        for key in ("references", "unused", "computed", "guarded"):
            event["data"][key] = known[key]
        guarded = {(one["file"], one["line"]) for one in known["guarded"]}
        event["data"]["missing"] = [
            one for one in event["data"]["missing"] if (one["file"], one["line"]) not in guarded
        ]
        # The engine was asked for templates that code names; without an answer, use its folders.
        there = {one["name"] for one in event["data"]["templates"]}
        there.update(event["data"].pop("loadable", []))
        event["data"]["missing"] += [
            one for one in known["missing"] if one["kind"] == "code" and one["name"] not in there
        ]
    elif event["name"] == "urls":
        _urls(event["data"], known)
    elif event["name"] == "tasks":
        _tasks(event["data"], known)
    elif event["name"] == "i18n":
        _i18n(event["data"], known)
    elif event["name"] == "migrations":
        _migrations(event["data"], known)
    if found := disagreements(event["name"], known, event["data"]):
        event["data"]["disagreements"] = found


def _packages(live: dict[str, Any], dependencies: dict[str, Any] | None) -> None:
    """Whether a project file mentions a package; None if no file mentions any."""
    if dependencies is None or not dependencies["files"]:
        return
    named = {normalize(one["name"]) for one in dependencies["declared"]}
    for row in live["packages"]:
        row["declared"] = normalize(row["name"]) in named


def _tasks(live: dict[str, Any], static: dict[str, Any]) -> None:
    """A dictionary does not record its source line; the static facts do."""
    for key, name in (("schedule", "name"), ("backends", "alias")):
        places = {row[name]: row for row in static[key]}
        for row in live[key]:
            if place := places.get(row[name]):
                row["file"], row["line"] = place["file"], place["line"]


def _settings(live: dict[str, Any], static: dict[str, Any]) -> None:
    places = {row["name"]: row for row in static["variables"]}
    for row in live["variables"]:
        written = places.get(row["name"])
        place = _place_of(written, row["value"]) if written else None
        if written and written.get("conditional"):
            row["conditional"] = True
        if place and row["file"] is None:
            row["file"], row["line"] = place["file"], place["line"]
    asked = {row["name"]: row for row in live["env"]}
    written = [{**row, "set": asked.pop(row["name"], row)["set"]} for row in static["env"]]
    live["env"] = sorted([*written, *asked.values()], key=lambda row: str(row["name"]))
    key, written_key = live["secret_key"], static["secret_key"]
    if key is not None and live["module"] == static["module"]:
        key["hard_coded"] = bool(written_key and written_key["hard_coded"])
    live["env_examples"] = static.get("env_examples", [])
    live["modules"] = static.get("modules", [])
    if live["module"] == static["module"]:
        live["files"] = static["files"]


def _place_of(written: dict[str, Any], value: Any) -> dict[str, Any] | None:
    """Of all places that assign a setting, the one with this value; None if none matches."""
    every = written.get("places") or [written]
    values = [literal(one["value"]) for one in every]
    wanted = literal(value)
    for place, known in reversed(list(zip(every, values, strict=True))):
        if known is not None and known == wanted:
            return dict(place)
    computed = [one for one, known in zip(every, values, strict=True) if known is None]
    if len(every) == 1 or (not written["redacted"] and wanted is None):
        return dict(every[-1])
    return dict(computed[-1]) if computed else None


def _assumed(live: dict[str, Any], static: dict[str, Any], runtime: dict[str, Any]) -> None:
    """Mark values that depend on variables made up by the inspection or taken
    from an example file.
    """
    made = {
        name: one["text"]
        for one in runtime.get("repairs", [])
        if one["kind"] in {"placeholder", "secret-key", "env-example"}
        for name in one["names"]
    }
    asked = {row["name"]: row.get("env", []) for row in static["variables"]}
    for row in live["variables"]:
        if asked.get(row["name"]):
            row["env"] = asked[row["name"]]
        if found := [name for name in asked.get(row["name"], []) if name in made]:
            row["assumed"] = found


def _urls(live: dict[str, Any], static: dict[str, Any]) -> None:
    live["written_names"] = static["written_names"]
    places: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in static["routes"]:
        places.setdefault((row["kind"], row["pattern"]), []).append(row)
    for row in live["routes"]:
        rows = places.get((row["kind"], row["pattern"]), [])
        if "host" in row:  # another URLconf has the same patterns
            rows = [one for one in rows if one["urlconf"] == row["urlconf"]]
        same = [one for one in rows if one["name"] == row["name"]] or rows
        if same:
            row["route_file"], row["route_line"] = same[0]["route_file"], same[0]["route_line"]


CIRCLE = " depend on each other in a circle."


def _migrations(live: dict[str, Any], static: dict[str, Any]) -> None:
    """Details of operations, and what Django ignores, come from the files."""
    for key in ("unpackaged", "lost_originals"):
        live[key] = static.get(key, live.get(key))
    # Django names the migrations of a cycle; only the files have its location.
    circles = [one for one in static["errors"] if one["text"].endswith(CIRCLE)]
    for row in live["errors"]:
        if circles and row["file"] is None and row["text"].endswith(CIRCLE):
            row.update(circles[0])
    for label, app in live["apps"].items():
        rows = (static["apps"].get(label) or {}).get("migrations") or []
        written = {row["name"]: row["operations"] for row in rows if "operations" in row}
        for row in app["migrations"]:
            if row["name"] in written and "operations" not in row:
                row["operations"] = written[row["name"]]


# Facts from a catalogue's source, alone and compared with the compiled file.
WRITTEN = (
    *("messages", "translated", "fuzzy", "untranslated", "obsolete", "plural_forms"),
    *("compiled", "compiled_messages", "differing", "example", "errors"),
)


def _i18n(live: dict[str, Any], static: dict[str, Any]) -> None:
    """Only the static half reads `.po` files and folders that Django does not read;
    now that is certain.
    """

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return row["folder"], row["po"], row["mo"]

    written = {key(row): row for row in static["catalogues"]}
    for row in live["catalogues"]:
        if found := written.pop(key(row), None):
            row.update({name: found[name] for name in WRITTEN})
    whole = not live["left_out"]
    live["catalogues"] += [
        {**row, "used": False if whole else row["used"]} for row in written.values()
    ]
    live["left_out"] = max(live["left_out"], static["left_out"])
