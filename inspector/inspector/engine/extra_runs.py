"""Live children besides the main one: other settings modules, and server databases on request.

Each produces one section in its own process, so that the main run keeps the chosen settings and has
no network.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from djdesk.messages import say
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.settings_kinds import kind_of
from djdesk.projects.discovery.settings_modules import SettingsModule
from inspector.engine.attempts import attempts
from inspector.engine.learned import Learned
from inspector.engine.repair import Plan
from inspector.engine.stages import ExtraRun, live
from inspector.events import ChildEvent, LiveEvent
from inspector.facts.remedies import diagnosis
from inspector.sections.checks import Checks, Deploy, DeployModule
from inspector.sections.common import Error, EventOf, Repair, Section
from inspector.sections.migrations import Asked, Databases
from inspector.sections.project import Runtime

if TYPE_CHECKING:
    from inspector.engine.inspection import Options

MODULES = 6  # settings modules, including the chosen one
TRIES = 12  # attempts per settings module
STANDING_IN = {"env-example", "placeholder", "secret-key"}  # repairs that invent a value
# Deployment check -> the setting it is about.
ABOUT = {
    "security.W004": "HSTS_SECONDS",
    "security.W008": "SSL_REDIRECT",
    "security.W009": "SECRET_KEY",
    "security.W012": "SESSION_COOKIE_SECURE",
    "security.W016": "CSRF_COOKIE_SECURE",
    "security.W018": "DEBUG",
    "security.W020": "ALLOWED_HOSTS",
}
SHORTEST = 3.0  # seconds; no attempt is started with less time left
LONGEST = 60.0  # seconds for one settings module, including all attempts


def ask_databases(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    plan: Plan,
    left: float,
    known: Section[Databases] | None,
) -> Iterator[LiveEvent]:
    """The section `databases` again, with answers from the requested servers; `stopped` if
    cancelled.

    ``left``: seconds. ``known``: the section of the main run, shown with the reason when no server
    could be asked. Only this child may use the network.
    """
    extra_run = ExtraRun(("databases",), connect_to=options.connect_to)
    safety: Asked = {}
    limited = replace(options, time_limit=max(SHORTEST, left))
    for event in live(project, limited, cancelled, plan, extra_run):
        if event["event"] == "stopped":
            if event["why"] == "cancelled":
                yield event
            elif event["error"] is not None and known is not None and known["ok"]:
                yield _not_asked(known, options.connect_to, _hinted(project, event["error"]))
        elif event["event"] != "section":
            continue
        elif event["name"] == "runtime":
            safety = {}
            if event["ok"]:
                sandbox = event["data"]
                safety = {"safety": sandbox["safety"], "safety_notes": sandbox["safety_notes"]}
        elif event["name"] == "databases":
            for row in event["data"]["databases"].values() if event["ok"] else []:
                if "asked" in row:
                    row["asked"] = safety
            yield event


def _not_asked(
    known: Section[Databases], wanted: Sequence[str], error: Error
) -> EventOf[Literal["databases"], Databases]:
    rows = dict(known["data"]["databases"])
    for alias in [alias for alias in wanted if alias in rows]:
        rows[alias] = {
            **rows[alias],
            "state": "error",
            "note": error.get("hint") or "",
            "no_sandbox": error["type"] == "NoSandbox",
        }
    return {
        "event": "section",
        "name": "databases",
        "source": "live",
        "ok": True,
        "seconds": known["seconds"],
        "data": {**known["data"], "databases": rows},
    }


def deploy_checks(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    plan: Plan,
    runtime: Runtime,
    checks: Section[Checks] | None,
    deadline: float,
    learned: Learned,
) -> Iterator[LiveEvent]:
    """The section `deploy`: the results of `check --deploy` for each settings module.

    ``runtime`` and ``checks``: of the main run. ``deadline``: on the monotonic clock.
    """
    started = time.monotonic()
    loaded = runtime.get("settings_module")
    rows = [_chosen(project, str(loaded), runtime, checks)]
    others = [
        one
        for one in project.settings_modules
        if one.file is not None and one.module != loaded and kind_of(one.module) != "test"
    ]
    others.sort(key=lambda one: kind_of(one.module) != "production")
    for one in others[: MODULES - 1]:
        left = min(LONGEST, deadline - time.monotonic())
        if left < SHORTEST:
            rows.append(
                {**_row(project, one), "error": _error("TimeLimit", say("No time was left."))}
            )
            continue
        if (kept := learned.checked(one.module)) is not None:
            rows.append(kept)
            continue
        row = _row(project, one)
        for event in _checked(project, options, cancelled, plan, row, left, learned):
            if event["event"] == "stopped":
                yield event
                return
            yield event
        rows.append(row)
    deploy: EventOf[Literal["deploy"], Deploy] = {
        "event": "section",
        "name": "deploy",
        "source": "live",
        "ok": True,
        "seconds": round(time.monotonic() - started, 3),
        "data": {
            "modules": rows,
            "left_out": [
                one.module
                for one in project.settings_modules
                if one.module not in {row["module"] for row in rows}
            ],
        },
    }
    yield deploy


def _checked(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    plan: Plan,
    row: DeployModule,
    left: float,
    learned: Learned,
) -> Iterator[LiveEvent]:
    """Fill in ``row``. Loads the settings like the main run, repairs included."""
    started = time.monotonic()
    mine = Plan.start(project, options, plan.kinds)
    # Do not take over the values of variables: DEBUG from an example file would count against
    # production.
    mine.copy, mine.database, mine.redirect = plan.copy, plan.database, plan.redirect
    mine.folders = list(plan.folders)
    module = row["module"]
    loaded = False
    files: list[str] = []
    yield {
        "event": "stage",
        "name": "live",
        "text": say("Checking with {module}", module=row["module"]),
        "progress": None,
    }

    def left_now() -> float:
        return left - (time.monotonic() - started)

    def run() -> Iterator[ChildEvent]:
        limit = max(SHORTEST, left_now())
        limited = replace(
            options, time_limit=limit, section_limit=min(options.section_limit, limit)
        )
        return live(project, limited, cancelled, mine, ExtraRun(("checks",), settings=module))

    tried = attempts(
        run,
        mine,
        learned,
        module,
        enough=lambda: left_now() > SHORTEST and mine.attempts < TRIES,
        start_over=lambda: left_now() > SHORTEST and not learned.failed(module),
    )
    for event in tried:
        if event["event"] == "stopped":
            if event["why"] == "cancelled":
                yield event
                tried.close()
                return
            if event["error"] is not None and row["error"] is None:
                row["error"] = _hinted(project, event["error"])
        elif event["event"] == "files":
            files = event["files"]
        elif event["event"] != "section":
            continue
        elif not event["ok"]:
            row["error"] = _hinted(project, event["error"])
        elif event["name"] == "checks":
            loaded = True
            _fill(row, event["data"])
    learned.keep(mine, module, loaded=loaded)
    row["assumed"] = mine.facts()["assumed"]
    _mark_assumed(row, mine.facts()["repairs"])
    row["seconds"] = round(time.monotonic() - started, 3)
    if files and row["ok"]:
        learned.keep_checked(row, files)


def _row(project: DiscoveredProject, one: SettingsModule | None, module: str = "") -> DeployModule:
    name = one.module if one else module
    return {
        "module": name,
        "file": project.relative(one.file) if one else None,
        "source": one.source if one else "",
        "kind": kind_of(name),
        "chosen": False,
        "ok": False,
        "seconds": 0.0,
        "messages": [],
        "failed": [],
        "assumed": [],
        "error": None,
    }


def _chosen(
    project: DiscoveredProject, module: str, runtime: Runtime, checks: Section[Checks] | None
) -> DeployModule:
    """The row of the settings module that the main run has already checked."""
    one = next((one for one in project.settings_modules if one.module == module), None)
    row: DeployModule = {**_row(project, one, module), "chosen": True}
    row["assumed"] = runtime.get("assumed") or []
    if checks and checks["ok"]:
        _fill(row, checks["data"])
        _mark_assumed(row, runtime.get("repairs") or [])
        row["seconds"] = checks["seconds"]
    else:
        row["error"] = (
            checks["error"] if checks else _error("Absent", say("The checks did not run."))
        )
    return row


def _mark_assumed(row: DeployModule, repairs: list[Repair]) -> None:
    """Mark results about a setting whose real value was replaced by a placeholder."""
    names = [name for one in repairs if one["kind"] in STANDING_IN for name in one["names"] if name]
    for one in row["messages"]:
        setting = ABOUT.get(str(one["id"]))
        if setting and any(name == setting or name.endswith(f"_{setting}") for name in names):
            one["assumed"] = True


def _fill(row: DeployModule, checks: Checks) -> None:
    row["ok"], row["error"] = True, None
    row["messages"] = [one for one in checks["messages"] if one["deploy"]]
    row["failed"] = checks["failed"]


def _hinted(project: DiscoveredProject, error: Error) -> Error:
    return {**error, "hint": error.get("hint") or diagnosis(project, error)["text"]}


def _error(kind: str, message: str) -> Error:
    return {
        "type": kind,
        "message": message,
        "trace": [],
        "hint": message,
        "file": None,
        "line": None,
    }
