"""The two halves of an inspection: the static child and the live child."""

from __future__ import annotations

import atexit
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import djdesk
import inspector
from djdesk.messages import dumps, loads, say, word
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.walk import environment_of, program_folders
from djdesk.projects.redact import secret_name
from inspector.engine.crash import last_words
from inspector.engine.live_child import LiveChild, below, copied
from inspector.events import ChildEvent, Places, SectionEvent, StoppedEvent, Why
from inspector.facts.shape import fault
from inspector.probe import probe_path, shared_files
from inspector.run import Child, Scratch
from inspector.run.containment import Containment
from inspector.run.prewarmed import PrewarmedChild
from inspector.run.sandbox import detect, with_network, without
from inspector.run.scratch import bytecode_cache, static_cache
from inspector.sections.common import Error, EventOf, Source
from inspector.sections.scan import names

__all__ = [
    "ASKED",
    "LIVE",
    "STATIC",
    "ExtraRun",
    "bytecode_cache",
    "detect",
    "live",
    "live_child",
    "prewarmed",
    "static",
    "static_cache",
]

if TYPE_CHECKING:
    from inspector.engine.inspection import Options
    from inspector.engine.repair import Plan

STATIC = names("static")
LIVE = names("live")
ASKED = ("sql",)  # sections of the probe made only on request
SETUP_SHARE = 0.5
# With fewer models, a second process costs as much as it saves.
AHEAD = 10
# Seconds by which the probe's own watchdog, which reports where it hung, fires before ours.
GRACE = 2.0

# `-I` ignores PYTHONPATH, so pass the package's location to the child.
BOOT = (
    "import sys; sys.path[:0] = sys.argv[1:]; import runpy; "
    "runpy.run_module('inspector.static_analysis', run_name='__main__')"
)


@dataclass(frozen=True)
class ExtraRun:
    """A live child that makes a few sections only.

    ``settings``: replaces the chosen settings module. ``connect_to``: aliases of server databases
    that it may connect to.
    """

    sections: tuple[str, ...]
    settings: str | None = None
    connect_to: tuple[str, ...] = ()


def static(
    project: DiscoveredProject, options: Options, cancelled: Callable[[], bool]
) -> Iterator[ChildEvent]:
    """Sections of the static analysis, then one ``stopped`` event.

    With trust, also one ``places`` event: where each object is defined, for the live half.
    """
    chosen = project.interpreter
    settings = project.settings
    request = {
        "root": str(project.root),
        "base": str(project.base),
        "settings": settings.module if settings else None,
        "settings_modules": [one.module for one in project.settings_modules if one.file],
        "packages": [str(folder) for folder in chosen.packages] if chosen else [],
        "has_interpreter": chosen is not None,
        "python": chosen.python if chosen else None,
        "django": project.django_hint,
        "cache": str(static_cache()),
        "places": options.trust,
    }
    scratch, child = prewarmed.take()
    child.stdin = json.dumps(request).encode() + b"\n"
    child.cancelled = cancelled
    child.time_limit, child.output_limit = options.time_limit, options.output_limit
    with scratch:
        yield from _events(child, "static", options)


def _static_child() -> tuple[Scratch, Child]:
    # The locations of inspector and djdesk, which may differ.
    packages = (inspector.__path__[0], djdesk.__path__[0])
    places = [str(Path(one).resolve().parent) for one in packages]
    # Bytecode of our own code: kept in a checkout, never written in an installation, which runs
    # with -B.
    keep = ["-B"] if sys.dont_write_bytecode else []
    scratch = Scratch(in_memory=True)
    child = Child(
        [sys.executable, "-I", *keep, "-X", "utf8", "-c", BOOT, *places],
        cwd=scratch.home,
        env=scratch.environment(),
        finished=lambda line: line.startswith('{"end"'),
    )
    return scratch, child


# Use a waiting child if there is one; only repeated scans prepare one.
prewarmed = PrewarmedChild(_static_child)
atexit.register(prewarmed.drop)


def live(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    plan: Plan,
    extra_run: ExtraRun | None = None,
    known: Places | None = None,
    ready: LiveChild | None = None,
) -> Iterator[ChildEvent]:
    """Sections of the probe, then one ``stopped`` event.

    For other settings also one ``files`` event: the project files that were read. ``plan``: what to
    assume; with ``plan.copy`` a writable private copy is run. ``known``: places from the static
    half; without them the probe parses the files again. ``ready``: the child, if one was created
    for this plan ahead of time.
    """
    chosen = project.interpreter
    if chosen is None:
        yield {
            "event": "stopped",
            "why": "not-started",
            "had_runtime": False,
            "error": {
                "type": "NoInterpreter",
                "message": say("No interpreter with Django was found for this project."),
                "trace": [],
            },
        }
        return
    settings = project.settings
    module = settings.module if settings else None
    forced = bool(settings and settings.source == "chosen by you")
    if plan.settings:
        module, forced = plan.settings, True
    if extra_run and extra_run.settings:
        module, forced = extra_run.settings, True
    connect_to = extra_run.connect_to if extra_run else ()
    made = ready or live_child(project, options, cancelled, plan, connect_to)
    if not isinstance(made, LiveChild):
        yield made
        return
    scratch, root, child = made.scratch, made.root, made.child
    try:
        base = below(root, project, project.base)
        manage = project.manage_py
        config = {
            "root": str(root),
            "real_root": str(project.root) if plan.copy else None,
            "base": str(base),
            "manage_py": str(root / manage.relative_to(project.root)) if manage else None,
            "settings": module,
            "settings_source": settings.source if settings else "",
            "settings_forced": forced,
            # A single-file project: importing it configures Django.
            "single": not plan.settings
            and bool(settings and settings.file and settings.file == manage),
            "only": list(extra_run.sections) if extra_run else None,
            "connect_to": list(extra_run.connect_to) if extra_run else [],
            "scratch_database": plan.database,
            "redirect": plan.redirect,
            "paths": [str(root / one.relative_to(project.root)) for one in project.bundled],
            "scratch": str(scratch.path),
            "bytecode": str(made.bytecode) if made.bytecode else None,
            "sql": options.sql,
            "ahead": AHEAD,
            "tell_files": bool(extra_run and extra_run.settings),
            "masked": [name for name in options.env if secret_name(name)],
            "places": known or {},
            "templates": plan.templates,
            "section_limit": options.section_limit,
            "setup_limit": min(max(options.section_limit, 90.0), options.time_limit * SETUP_SHARE)
            if options.section_limit >= 60.0
            else options.section_limit,
            "total_limit": max(options.time_limit - GRACE, options.time_limit * 0.8),
        }
        child.stdin = json.dumps(config).encode() + b"\n"
        child.cancelled = cancelled
        child.time_limit, child.output_limit = options.time_limit, options.output_limit
        # Report paths next to the copy as paths next to the project, which the user knows.
        places = (scratch.path / "copy", project.root.parent) if plan.copy else None
        for event in _events(child, "live", options, places):
            if event["event"] == "section" and event["name"] == "runtime":
                answer = event["data"] if event["ok"] else event["error"]
                answer["safety"] = made.sandbox.level
                answer["safety_notes"] = made.sandbox.notes
            yield event
    finally:
        scratch.remove_later()


def live_child(
    project: DiscoveredProject,
    options: Options,
    cancelled: Callable[[], bool],
    plan: Plan,
    connect_to: tuple[str, ...] = (),
) -> LiveChild | StoppedEvent:
    """The child in its sandbox, not started yet; or why there is no private copy.

    The project must have an interpreter. Nothing here depends on the static analysis.
    """
    chosen = project.interpreter
    assert chosen is not None
    # Our own Python ships with its bytecode, which a separate cache folder would hide.
    own = chosen.path.absolute() == Path(sys.executable).absolute()
    bytecode = None if own else bytecode_cache(project.root)
    scratch = Scratch(in_memory=True)
    root = project.root
    if plan.copy:
        root = scratch.path / "copy" / project.name
        problem = copied(project, root, cancelled)
        if problem is not None:
            scratch.remove_later()
            return problem
        for folder in plan.folders:
            if (root / folder).resolve().is_relative_to(root.resolve()):
                (root / folder).mkdir(parents=True, exist_ok=True)
    base = below(root, project, project.base)
    env = plan.env | scratch.environment(bytecode=bytecode)
    folders = program_folders(chosen.path)
    env["PATH"] = os.pathsep.join([*map(str, folders), env.get("PATH", "")])
    env["VIRTUAL_ENV"] = str(environment_of(chosen.path))
    # `-I` ignores PYTHON* variables, so pass the needed ones as options.
    cache = ["-X", f"pycache_prefix={bytecode}"] if bytecode else ["-B"]
    shared = shared_files()
    # Packages that the project contains come before those that are installed.
    preload = [] if project.bundled else ["--preload"]
    sandbox = detect() if options.sandbox else without(detect())
    if connect_to:
        sandbox = with_network(sandbox)
    writable = (scratch.path, *([bytecode] if bytecode else []))
    ours = (Path(probe_path()), *map(Path, shared))
    child = Child(
        [str(chosen.path), "-I", "-X", "utf8", *cache, probe_path(), *preload, *shared],
        cwd=base,
        env=env,
        finished=lambda line: line.startswith('{"end"'),
        containment=Containment(
            sandbox, base, writable, (project.root, base, chosen.path, *ours, *writable)
        ),
    )
    return LiveChild(scratch, root, bytecode, sandbox, child)


def _events(
    child: Child, source: Source, options: Options, places: tuple[Path, Path] | None = None
) -> Iterator[ChildEvent]:
    """``places``: replace the first path by the second wherever the child mentions it."""
    inner, outer = (json.dumps(str(place))[1:-1] for place in places or (Path(), Path()))
    ended = False
    names: list[str] = []
    hello = False
    for line in child.lines():
        message = _parsed(line.replace(inner, outer) if places else line)
        if message is None:
            continue
        if "hello" in message:
            hello = True
        elif "end" in message:
            ended = True
        elif source == "static" and isinstance(message.get("places"), dict):
            yield {"event": "places", "data": message["places"]}
        elif source == "live" and _is_list_of_text(message.get("files")):
            yield {"event": "files", "files": message["files"]}
        elif message.get("section") in ASKED and not options.sql:
            continue
        elif event := _section(message, source):
            names.append(event["name"])
            yield event
    outcome = child.outcome
    error: Error | None = None
    why: Why = outcome.why
    if not ended and why != "cancelled":
        error = last_words(child, hello, names, options)
        why = "crash" if why == "exited" else why
    yield {"event": "stopped", "why": why, "error": error, "had_runtime": "runtime" in names}


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


# JSON escapes of half a surrogate pair. The other half may be missing: "\ud83d" is valid in Python.
LONE = re.compile(r"\\u[dD][89a-fA-F]")


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        message = loads(line)
        if LONE.search(line):
            # Lone surrogates cannot be encoded, so no page could be sent with them.
            message = loads(dumps(message, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _section(message: dict[str, Any], source: Source) -> SectionEvent | None:
    """Accept only well-formed lines with known names: the child runs the project's code and is not
    trusted.
    """
    name, ok = message.get("section"), message.get("ok")
    known = STATIC if source == "static" else (*LIVE, *ASKED)
    if not isinstance(name, str) or name not in known or not isinstance(ok, bool):
        return None
    seconds = message.get("seconds")
    event: EventOf[str, Any] = {
        "event": "section",
        "name": name,
        "source": source,
        "ok": ok,
        "seconds": seconds if isinstance(seconds, float | int) else 0,
    }
    if ok:
        problem = fault(name, message.get("data"))
        if problem is None:
            event["data"] = message["data"]
            return cast(SectionEvent, event)  # its name and its data were checked
        event["ok"] = False
        event["error"] = {
            "type": "Malformed",
            "message": say(
                "The section {section_text} does not have its shape: {problem}.",
                section_text=word(name),
                problem=problem,
            ),
            "trace": [],
            "hint": None,
            "file": None,
            "line": None,
        }
    else:
        error = message.get("error")
        error = error if isinstance(error, dict) else {}
        trace = error.get("trace")
        found: Error = {
            "type": str(error.get("type", "Error")),
            "message": str(error.get("message", "")),
            "trace": trace if isinstance(trace, list) else [],
            "hint": error.get("hint"),
            "file": error.get("file"),
            "line": error.get("line"),
        }
        found.update(_further_keys(error))
        event["error"] = found
    return cast(SectionEvent, event)


TEXTS = ("module", "cause", "text", "missing_folder")
LISTS = ("unset", "refused", "wanted")


def _further_keys(error: dict[str, Any]) -> Error:
    """Further keys that the probe may set in an error."""
    texts = {
        key: error[key] for key in ("module", "cause", "text", "missing_folder") if key in error
    }
    lists = {
        key: error[key]
        for key in ("unset", "refused", "wanted")
        if isinstance(error.get(key), list)
    }
    return cast(Error, texts | lists)
