"""Renders the snapshot as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.facts import findings_of, summarize
from inspector.facts.diff import Differences, by_section
from inspector.facts.rows import FindingRow, Warned
from inspector.facts.summary import Levels, limits
from inspector.sections.common import data_of
from inspector.sections.scan import ProjectFacts, Snapshot

MARKS = {"error": "error  ", "warning": "warning", "info": "note   "}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def render(snapshot: Snapshot) -> str:
    """A readable summary, without control characters from the project's texts."""
    return "\n".join(clean(line) for line in _lines(snapshot)) + "\n"


def clean(text: str) -> str:
    """Remove control characters, so that a project cannot move the cursor of the terminal."""
    return CONTROL.sub("", text.replace("\n", " "))


def _lines(snapshot: Snapshot) -> Iterator[str]:
    project = snapshot["project"]
    summary = summarize(snapshot)
    counts = summary["counts"]
    runtime = data_of(snapshot["sections"].get("runtime"))
    yield f"{project['name']}  {project['root']}"
    if runtime:
        yield (
            f"Django {runtime['django']}, Python {runtime['python']}, "
            f"settings {runtime['settings_module']} (live)"
        )
    else:
        chosen = next((one for one in project["interpreters"] if one["chosen"]), None)
        python = f", Python {chosen['python']} in {chosen['path']}" if chosen else ""
        module = next((one["module"] for one in project["settings_modules"] if one["chosen"]), "?")
        yield f"Django {project['django_hint'] or '?'}{python}, settings {module} (static)"
    yield from _settings_evidence(project)
    if git := project.get("git"):
        yield f"Git: {', '.join(filter(None, (git['branch'], git['commit'][:9]))) or '?'}"
    yield ""
    rows = [
        ("Apps", _of(counts["project_apps"], counts["apps"])),
        ("Models", _plain(counts["models"], counts["fields"], "fields")),
        ("Migrations", _plain(counts["migrations"], counts["pending"], "unapplied in all apps")),
        ("Routes", _plain(counts["routes"], counts["unresolved_routes"] or None, "unresolved")),
        ("Checks", _checks(counts["checks"])),
        ("Dependencies", _plain(counts["dependencies"], None, "")),
        ("Code", _plain(counts["files"], counts["lines"], "lines")),
    ]
    for title, text in rows:
        yield f"  {title:<14}{text}"
    yield from _apps(snapshot)
    yield from _warnings(limits(snapshot))
    yield from _findings(findings_of(snapshot))
    if known := len(findings_of({**snapshot, "dismissed": []})) - len(findings_of(snapshot)):
        yield f"Left out because the baseline knows them: {known}"
    if "runtime" in snapshot["sections"]:
        yield ""
        changed = len(snapshot["changed"])
        yield (
            f"{changed} files of the project CHANGED during the inspection."
            if changed
            else "Nothing was written to this project."
        )
    yield f"{snapshot['status']}, {snapshot['seconds']:.1f} s"


def _settings_evidence(project: ProjectFacts) -> Iterator[str]:
    """Why these settings were chosen, and which others are equally likely."""
    chosen = next((one for one in project["settings_modules"] if one["chosen"]), None)
    if chosen and (named := chosen.get("evidence")):
        places = [f"{one['file']}:{one['line']}" if one["line"] else one["file"] for one in named]
        yield f"{chosen['module']} is named by {', '.join(places[:4])}"
    for one in project["settings_modules"]:
        if one.get("tied") and not one["chosen"]:
            name = one["module"]
            yield f"As likely: {name} ({one['source']}); choose it with --settings {name}"


def _of(one: int | None, all_: int | None) -> str:
    return "-" if one is None else f"{one} of the project, {all_} in all"


def _plain(one: int | None, two: int | None, what: str) -> str:
    if one is None:
        return "-"
    return f"{one:,}" if two is None else f"{one:,}, {two:,} {what}"


def _checks(levels: Levels | None) -> str:
    if levels is None:
        return "-"
    return (
        f"{levels['error']} errors, {levels['warning']} warnings, {levels['info']} notes; "
        f"{levels['deploy']} more for deployment"
    )


def _apps(snapshot: Snapshot) -> Iterator[str]:
    sections = snapshot["sections"]
    apps, models = data_of(sections.get("apps")), data_of(sections.get("models"))
    migrations, databases = data_of(sections.get("migrations")), data_of(sections.get("databases"))
    own = [one for one in (apps["apps"] if apps else []) if one["origin"] == "project"]
    if not own or models is None:
        return
    pending = [
        name
        for row in (databases["databases"] if databases else {}).values()
        for name in row["pending"] or []
    ]
    width = max(len(one["label"]) for one in own) + 2
    yield ""
    for app in own:
        names = [
            one["name"]
            for one in models["models"]
            if one["app"] == app["label"] and not one.get("auto_created")
        ]
        graph = migrations["apps"].get(app["label"]) if migrations else None
        count = len(graph["migrations"]) if graph else 0
        waiting = sum(name.startswith(app["label"] + ".") for name in pending)
        state = f", {waiting} unapplied" if waiting else ""
        shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        yield f"  {app['label']:<{width}}{count} migrations{state}; models: {shown or 'none'}"


def _warnings(warnings: list[Warned]) -> Iterator[str]:
    if not warnings:
        return
    yield ""
    for one in warnings:
        place = f"  {one['file']}" if one["file"] else ""
        place += f":{one['line']}" if one["file"] and one["line"] else ""
        yield f"{MARKS[one['severity']]}  {one['text']}{place}"


def _findings(found: list[FindingRow]) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield "Findings"
    for one in found:
        place = f"  {one['file']}:{one['line']}" if one["file"] and one["line"] else ""
        yield f"{MARKS[one['severity']]}  {one['title']}. {one['text']}{place}"
        if one["command"]:
            yield f"   run: {one['command']}"


def render_diff(changes: Differences) -> str:
    """The changes, one per line."""
    return "\n".join(clean(line) for line in _changes(changes)) + "\n"


def _changes(changes: Differences) -> Iterator[str]:
    any_ = False
    for name, rows in by_section(changes).items():
        lines = [f"  + {one['text']}" for one in rows["added"]]
        lines += [f"  - {one['text']}" for one in rows["removed"]]
        for one in rows["changed"]:
            what = ", ".join(f"{key} {a} -> {b}" for key, (a, b) in one["changes"].items())
            lines.append(f"  ~ {one['text']}: {what[:300]}")
        if lines:
            any_ = True
            yield name.capitalize()
            yield from lines
    if not any_:
        yield "Nothing changed."
    for name, why in changes["skipped"].items():
        yield f"{name.capitalize()} not compared. {why}"
