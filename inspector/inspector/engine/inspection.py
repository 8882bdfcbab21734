"""Runs an inspection and yields a stream of plain events. See docs/engine.md."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TypedDict

from djdesk.messages import say, word
from djdesk.projects.discovery.interpreters import find_interpreters
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.settings_modules import find_settings
from inspector.engine import stages
from inspector.engine.attempts import attempts
from inspector.engine.extra_runs import ask_databases, deploy_checks
from inspector.engine.git import checkout
from inspector.engine.learned import Learned
from inspector.engine.live_child import HeadStart, LiveChild
from inspector.engine.repair import Plan
from inspector.engine.stages import LIVE, STATIC, live, static
from inspector.events import (
    ChildEvent,
    Event,
    LiveEvent,
    Places,
    SectionEvent,
    Sql,
    StageEvent,
    StoppedEvent,
    Why,
)
from inspector.facts.gaps import gaps
from inspector.facts.merge import enrich
from inspector.facts.remedies import diagnosis
from inspector.facts.rows import Gap
from inspector.facts.snapshot import snapshot, take
from inspector.run import changed_files, fingerprint
from inspector.run.fingerprint import Fingerprint
from inspector.run.scratch import finish_removing, prune_bytecode_if_due
from inspector.sections.common import Error, EventOf, Section, Source, data_of
from inspector.sections.project import Runtime, Settings
from inspector.sections.scan import ProjectFacts, Status, typed
from inspector.sections.templates import Templates

# Seconds: no attempt is started with less time left.
SHORTEST = 5.0


@dataclass(frozen=True)
class Options:
    """What one inspection may do. Limits are in seconds and bytes.

    ``trust``: run the project's code. ``env``: variables the user set for the live child.
    ``use_env_example`` and ``private_copy``: True uses it from the first attempt, False never, None
    only if the project does not load without it. ``repair``: retry after failures. ``connect_to``:
    aliases of server databases to connect to, read-only. ``forgotten``: variables whose values were
    given to an earlier scan but not stored. ``sandbox``: False if the user wants this run without
    it. ``sql``: ``{"app", "name", "engine", "alias"}`` of the migration for `sql_of`.
    """

    trust: bool = False
    python: Path | None = None
    settings: str | None = None
    time_limit: float = 300.0
    section_limit: float = 60.0
    output_limit: int = 128 * 2**20
    env: dict[str, str] = field(default_factory=dict)
    use_env_example: bool | None = None
    private_copy: bool | None = None
    repair: bool = True
    connect_to: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    sandbox: bool = True
    sql: dict[str, str] | None = None


@dataclass
class _Tally:
    ok: int = 0
    failed: int = 0
    cancelled: bool = False
    error: Error | None = None

    def take(self, event: SectionEvent) -> None:
        if event["ok"]:
            self.ok += 1
        else:
            self.failed += 1


def inspect(
    project: DiscoveredProject, options: Options, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Event]:
    """Yield events in order. Never raises, whatever the project does.

    Closing the iterator also ends the child process.
    """
    project = _with_choices(project, options)
    ahead = _head_start(project, options)
    try:
        yield from _inspected(project, options, cancelled, ahead)
    finally:
        if ahead is not None:
            ahead.drop()
        finish_removing()


def _head_start(project: DiscoveredProject, options: Options) -> HeadStart | None:
    """The live child, started while the source is read; None if none will be needed."""
    if not options.trust or project.interpreter is None:
        return None

    def wanted(before: Fingerprint) -> Plan:
        plan = _plan(project, options, None)
        Learned(stages.static_cache(), project, options, before).recall(plan)
        return plan

    def make(stop: Callable[[], bool], plan: Plan) -> LiveChild | StoppedEvent:
        return stages.live_child(project, options, stop, plan)

    return HeadStart(project.root, wanted, make)


def _inspected(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    ahead: HeadStart | None,
) -> Iterator[Event]:
    started = time.monotonic()
    facts: ProjectFacts = {**project.as_dict(), "git": checkout(project.root)}
    yield {"event": "project", "data": facts}
    tally = _Tally()
    seen: list[SectionEvent] = []
    found: dict[str, Section[Any]] = {}
    share = 0.3 if options.trust else 1.0

    yield _stage("static", say("Reading the source"), 0.0)
    done = 0
    places: Places = {}
    for event in static(project, options, cancelled):
        if event["event"] == "places":
            places = event["data"]
            continue
        if event["event"] == "stopped":
            tally.cancelled = event["why"] == "cancelled"
            if event["why"] != "exited":
                tally.failed += 1
                tally.error = event["error"]
        if event["event"] != "section":
            continue
        tally.take(event)
        take(found, event)
        seen.append(event)
        yield event
        done += 1
        yield _stage(
            "static",
            say("Read {section_text}", section_text=_words(event["name"])),
            share * min(done / len(STATIC), 1.0),
        )

    changed: list[str] = []
    if options.trust and not tally.cancelled:
        before = fingerprint(project.root)
        learned = Learned(stages.static_cache(), project, options, before)
        yield _stage("live", say("Loading the project with its own environment"), share)
        done = 0
        at = share
        loaded = True
        sections = typed(found)
        settings = data_of(sections.get("settings"))
        plan = _plan(project, options, settings, data_of(sections.get("templates")))
        deadline = time.monotonic() + options.time_limit
        came: dict[str, Section[Any]] = {}
        all_live = _all_live(
            project, options, cancelled, plan, deadline, came, places, learned, ahead
        )
        for said in all_live:
            if said["event"] == "stage":
                yield {**said, "progress": round(at, 3)}
                continue
            if said["event"] == "stopped":
                if said["why"] == "cancelled":
                    tally.cancelled = True
                elif said["error"] is not None:
                    tally.failed += 1
                    tally.error = said["error"]
                    if not said["had_runtime"]:
                        yield diagnosed(project, _failed_runtime(said["error"]))
            if said["event"] != "section":
                continue
            event = diagnosed(project, said)
            enrich(event, typed(found), data_of(typed(came).get("runtime")))
            take(came, event)
            seen.append(event)
            tally.take(event)
            loaded = loaded and (event["name"] != "runtime" or event["ok"])
            yield event
            done += 1
            text = say("Examined {section_text}", section_text=_words(event["name"]))
            if not loaded:
                text = say("The project does not load")
            at = share + (1 - share) * min(done / len(LIVE), 1.0)
            yield _stage("live", text, at)
        changed = changed_files(before, fingerprint(project.root))
        if (bytecode := stages.bytecode_cache(project.root)) is not None:
            prune_bytecode_if_due(bytecode)

    yield {
        "event": "end",
        "status": _status(tally, gaps(snapshot(seen)["sections"])),
        "seconds": round(time.monotonic() - started, 3),
        "error": tally.error,
        "changed": changed[:1000],
    }


def _all_live(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    plan: Plan,
    deadline: float,
    came: dict[str, Section[Any]],
    places: Places,
    learned: Learned,
    ahead: HeadStart | None,
) -> Iterator[LiveEvent]:
    """The main run, then the extra runs. ``came`` collects the sections by name."""
    for event in _loaded(project, options, cancelled, plan, deadline, places, learned, ahead):
        yield event
        if event["event"] == "stopped" and event["why"] != "exited":
            return
    sections = typed(came)
    runtime = data_of(sections.get("runtime"))
    if runtime is None:
        return
    if options.connect_to:
        yield _stage(
            "live", say("Asking the database {names}", names=", ".join(options.connect_to)), None
        )
        left = deadline - time.monotonic()
        known = sections.get("databases")
        yield from ask_databases(project, options, cancelled, plan, left, known)
    checks = sections.get("checks")
    yield from deploy_checks(project, options, cancelled, plan, runtime, checks, deadline, learned)


class SqlAnswer(TypedDict):
    """``changed``: project files that changed meanwhile; ``safety``: as in `runtime`."""

    why: Why
    data: Sql | None
    error: Error | None
    changed: list[str]
    safety: str


def sql_of(
    project: DiscoveredProject,
    options: Options,
    settings: Settings | None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SqlAnswer:
    """The SQL of one migration, with the same guard, sandbox and repairs as a live inspection.

    ``settings``: that section of the last scan, used for typed placeholders.
    """
    before = fingerprint(project.root)
    answer: SqlAnswer = {
        "why": "exited",
        "data": None,
        "error": None,
        "changed": [],
        "safety": "",
    }
    plan = _plan(project, options, settings)
    deadline = time.monotonic() + options.time_limit
    learned = Learned(stages.static_cache(), project, options, before)
    for event in _loaded(project, options, cancelled, plan, deadline, {}, learned):
        if event["event"] == "stopped":
            answer["why"] = event["why"]
            answer["error"] = answer["error"] or event["error"]
        elif event["event"] == "section" and event["name"] in ("runtime", "sql"):
            if not event["ok"]:
                answer["error"] = diagnosed(project, event)["error"]
            elif event["name"] == "sql":
                answer["data"] = event["data"]
            else:
                answer["safety"] = event["data"].get("safety") or ""
    answer["changed"] = changed_files(before, fingerprint(project.root))
    return answer


def _plan(
    project: DiscoveredProject,
    options: Options,
    settings: Settings | None,
    templates: Templates | None = None,
) -> Plan:
    kinds = {
        str(row["name"]): str(row["kind"])
        for row in (settings["env"] if settings else [])
        if row.get("kind")
    }
    plan = Plan.start(project, options, kinds)
    missing = templates["missing"] if templates else []
    plan.templates = sorted({one["name"] for one in missing if one["kind"] == "code"})[:500]
    return plan


def _loaded(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    plan: Plan,
    deadline: float,
    places: Places,
    learned: Learned,
    ahead: HeadStart | None = None,
) -> Iterator[LiveEvent]:
    """Run the live half; retry in a fresh process while each attempt leads to a new repair."""
    ready = ahead

    def run() -> Iterator[ChildEvent]:
        nonlocal ready
        child = ready.take(plan, learned.before) if ready is not None else None
        ready = None
        limited = replace(options, time_limit=max(1.0, deadline - time.monotonic()))
        return live(project, limited, cancelled, plan, known=places, ready=child)

    def enough() -> bool:
        return deadline - time.monotonic() > SHORTEST

    for event in attempts(run, plan, learned, enough=enough):
        if event["event"] == "section" and event["name"] == "runtime":
            if event["ok"]:
                learned.keep(plan)
                _tell(event["data"], plan)
            else:
                if plan.failed is not None:
                    # No other settings module loads either, so report the error of the chosen one.
                    event = {**event, "error": plan.failed}
                    plan.steps = [one for one in plan.steps if one.kind != "settings"]
                _planned(event["error"], plan)
        yield event


def _tell(data: Runtime, plan: Plan) -> None:
    facts = plan.facts()
    assumed = [one for one in data["assumed"] if isinstance(one, str)]
    data["assumed"] = assumed + facts["assumed"]
    data["repairs"], data["attempts"] = facts["repairs"], facts["attempts"]


def _planned(error: Error, plan: Plan) -> None:
    facts = plan.facts()
    error["assumed"] = facts["assumed"]
    error["repairs"], error["attempts"] = facts["repairs"], facts["attempts"]


def _status(tally: _Tally, unseen: list[Gap]) -> Status:
    if tally.cancelled:
        return "cancelled"
    if not tally.ok:
        return "failed"
    return "partial" if tally.failed or unseen else "complete"


def _words(section: str) -> str:
    return word("translations" if section == "i18n" else section.replace("_", " "))


def _stage(name: Source, text: str, progress: float | None) -> StageEvent:
    shown = None if progress is None else round(progress, 3)
    return {"event": "stage", "name": name, "text": text, "progress": shown}


def _failed_runtime(error: Error) -> EventOf[Literal["runtime"], Runtime]:
    return {
        "event": "section",
        "name": "runtime",
        "source": "live",
        "ok": False,
        "seconds": 0.0,
        "error": error,
    }


def diagnosed(project: DiscoveredProject, event: SectionEvent) -> SectionEvent:
    """Add a `hint` to a failed live section, and a diagnosis to a project that does not load."""
    if not event["ok"] and not event["error"].get("hint"):
        found = diagnosis(project, event["error"])
        event["error"]["hint"] = found["text"]
        if event["name"] == "runtime":
            event["error"]["diagnosis"] = found
    return event


def _with_choices(project: DiscoveredProject, options: Options) -> DiscoveredProject:
    """Options given for this scan override what `find_project` chose."""
    if options.python is None and options.settings is None:
        return project
    interpreters, modules = project.interpreters, project.settings_modules
    if options.python is not None:
        interpreters = find_interpreters(
            project.root, project.base, project.declared, Path(options.python), project.bundled
        )
    if options.settings is not None:
        modules = find_settings(project.root, project.base, project.manage_py, options.settings)
    return replace(project, settings_modules=modules, interpreters=interpreters)
