"""Completes live facts with those that only the source has."""

from __future__ import annotations

from djdesk.projects.discovery.installed import normalize
from inspector.events import SectionEvent
from inspector.facts.disagreements import disagreements, literal
from inspector.sections.behaviour import Route, Scheduled, TaskBackend, Tasks, Urls
from inspector.sections.common import Disagreement, Place, data_of
from inspector.sections.migrations import Migrations
from inspector.sections.models import Models
from inspector.sections.project import (
    Dependencies,
    Environment,
    Packages,
    Runtime,
    Settings,
    ValuePlace,
    Variable,
)
from inspector.sections.scan import Sections
from inspector.sections.templates import Catalogue, I18n, Templates


def enrich(event: SectionEvent, static: Sections, runtime: Runtime | None = None) -> None:
    """Complete a live section in place from the static facts. ``runtime``: data of that section,
    for values that a repair assumed.
    """
    if not event["ok"] or event["source"] != "live":
        return
    if event["name"] == "packages":
        _packages(event["data"], data_of(static.get("dependencies")))
    elif event["name"] == "settings" and (settings := data_of(static.get("settings"))):
        _settings(event["data"], settings)
        _assumed(event["data"], settings, runtime)
        _compared(event["data"], disagreements("settings", settings, event["data"]))
    elif event["name"] == "templates" and (templates := data_of(static.get("templates"))):
        _templates(event["data"], templates)
    elif event["name"] == "urls" and (urls := data_of(static.get("urls"))):
        _urls(event["data"], urls)
        _compared(event["data"], disagreements("urls", urls, event["data"]))
    elif event["name"] == "tasks" and (tasks := data_of(static.get("tasks"))):
        _tasks(event["data"], tasks)
    elif event["name"] == "i18n" and (i18n := data_of(static.get("i18n"))):
        _i18n(event["data"], i18n)
    elif event["name"] == "migrations" and (migrations := data_of(static.get("migrations"))):
        _migrations(event["data"], migrations)
        _compared(event["data"], disagreements("migrations", migrations, event["data"]))
    elif event["name"] == "models" and (models := data_of(static.get("models"))):
        _compared(event["data"], disagreements("models", models, event["data"]))


def _compared(live: Models | Migrations | Urls | Settings, found: list[Disagreement]) -> None:
    if found:
        live["disagreements"] = found


def _templates(live: Templates, static: Templates) -> None:
    live["references"], live["unused"] = static["references"], static["unused"]
    live["computed"], live["guarded"] = static["computed"], static["guarded"]
    guarded = {(one["file"], one["line"]) for one in static["guarded"]}
    missing = [one for one in live["missing"] if (one["file"], one["line"]) not in guarded]
    # The engine was asked for templates that code names; without an answer, use its folders.
    there = {one["name"] for one in live["templates"]}
    there.update(live.pop("loadable", []))
    live["missing"] = missing + [
        one for one in static["missing"] if one["kind"] == "code" and one["name"] not in there
    ]


def _packages(live: Packages, dependencies: Dependencies | None) -> None:
    """Whether a project file mentions a package; None if no file mentions any."""
    if dependencies is None or not dependencies["files"]:
        return
    named = {normalize(one["name"]) for one in dependencies["declared"]}
    for row in live["packages"]:
        row["declared"] = normalize(row["name"]) in named


def _tasks(live: Tasks, static: Tasks) -> None:
    """A dictionary does not record its source line; the static facts do."""
    places: dict[tuple[str, str], Place] = {("", one["name"]): one for one in static["schedule"]}
    places |= {("backend", one["alias"]): one for one in static["backends"]}
    rows: list[tuple[Place | None, Scheduled | TaskBackend]] = [
        (places.get(("", one["name"])), one) for one in live["schedule"]
    ]
    rows += [(places.get(("backend", one["alias"])), one) for one in live["backends"]]
    for place, row in rows:
        if place:
            row["file"], row["line"] = place["file"], place["line"]


def _settings(live: Settings, static: Settings) -> None:
    places = {row["name"]: row for row in static["variables"]}
    for row in live["variables"]:
        assigned = places.get(row["name"])
        place = _place_of(assigned, row["value"]) if assigned else None
        lost = place is None and not (assigned and assigned["redacted"])
        if assigned is None or lost or assigned.get("conditional"):
            row["conditional"] = True  # something else may set it, such as a local file
        elif place and literal(_text_at(assigned, place)) is None:
            row["computed"] = True
        if place and row["file"] is None:
            row["file"], row["line"] = place["file"], place["line"]
    asked = {row["name"]: row for row in live["env"]}
    written: list[Environment] = [
        {**row, "set": asked.pop(row["name"], row)["set"]} for row in static["env"]
    ]
    live["env"] = sorted([*written, *asked.values()], key=lambda row: row["name"])
    key, written_key = live["secret_key"], static["secret_key"]
    if key is not None and live["module"] == static["module"]:
        key["hard_coded"] = bool(written_key and written_key["hard_coded"])
    live["env_examples"] = static.get("env_examples", [])
    live["modules"] = static.get("modules", [])
    if live["module"] == static["module"]:
        live["files"] = static["files"]


def _place_of(written: Variable, value: str | None) -> Place | None:
    """Of all places that assign a setting, the one with this value; None if none matches."""
    every: list[ValuePlace] = written.get("places") or [_valued(written)]
    values = [literal(one["value"]) for one in every]
    wanted = literal(value)
    if not (written.get("conditional") or written["redacted"]) and values[-1] in (None, wanted):
        return every[-1]  # the last assignment counts
    pairs = list(zip(every, values, strict=True))
    if fits := [one for one, known in pairs if known is not None and known == wanted]:
        return fits[-1]
    computed = [one for one, known in pairs if known is None]
    if len(every) == 1 or (not written["redacted"] and wanted is None):
        return every[-1]
    return computed[-1] if computed else None


def _text_at(written: Variable, place: Place) -> str | None:
    """The value as it is written at that place."""
    rows = written.get("places") or [_valued(written)]
    return next((one["value"] for one in rows if one == place), None)


def _valued(row: Variable) -> ValuePlace:
    return {"file": row["file"], "line": row["line"], "value": row["value"]}


def _assumed(live: Settings, static: Settings, runtime: Runtime | None) -> None:
    """Mark values that depend on variables made up by the inspection or taken
    from an example file.
    """
    made = {
        name: one["text"]
        for one in (runtime.get("repairs", []) if runtime else [])
        if one["kind"] in {"placeholder", "secret-key", "env-example"}
        for name in one["names"]
    }
    asked = {row["name"]: row.get("env", []) for row in static["variables"]}
    for row in live["variables"]:
        if asked.get(row["name"]):
            row["env"] = asked[row["name"]]
        if found := [name for name in asked.get(row["name"], []) if name in made]:
            row["assumed"] = found


def _urls(live: Urls, static: Urls) -> None:
    live["written_names"] = static["written_names"]
    live["unread_spaces"] = static["unread_spaces"]
    places: dict[tuple[str, str], list[Route]] = {}
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


def _migrations(live: Migrations, static: Migrations) -> None:
    """Details of operations, and what Django ignores, come from the files."""
    live["unpackaged"] = static.get("unpackaged", {})
    live["lost_originals"] = static.get("lost_originals", [])
    # Django names the migrations of a cycle; only the files have its location.
    circles = [one for one in static["errors"] if one["text"].endswith(CIRCLE)]
    for error in live["errors"]:
        if circles and error["file"] is None and error["text"].endswith(CIRCLE):
            error.update(circles[0])
    for label, app in live["apps"].items():
        rows = static["apps"][label]["migrations"] if label in static["apps"] else []
        written = {row["name"]: row["operations"] for row in rows if "operations" in row}
        for row in app["migrations"]:
            if row["name"] in written and "operations" not in row:
                row["operations"] = written[row["name"]]


def _i18n(live: I18n, static: I18n) -> None:
    """Only the static half reads `.po` files and folders that Django does not read;
    now that is certain.
    """

    def key(row: Catalogue) -> tuple[str | None, ...]:
        return row["folder"], row["po"], row["mo"]

    written = {key(row): row for row in static["catalogues"]}
    live["catalogues"] = [_counted(row, written.pop(key(row), None)) for row in live["catalogues"]]
    whole = not live["left_out"]
    live["catalogues"] += [
        {**row, "used": False if whole else row["used"]} for row in written.values()
    ]
    live["left_out"] = max(live["left_out"], static["left_out"])


def _counted(live: Catalogue, static: Catalogue | None) -> Catalogue:
    """A catalogue with what its source says, alone and beside the compiled file."""
    if static is None:
        return live
    return {
        **static,
        "domain": live["domain"],
        "language": live["language"],
        "folder": live["folder"],
        "app": live["app"],
        "used": live["used"],
        "po": live["po"],
        "mo": live["mo"],
    }
