"""The child process: one JSON request on stdin; on stdout one JSON line per
section, then an end line.

Lines have the probe's format, see `docs/engine.md`.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NotRequired, TypedDict

from djdesk.messages import dumps, say
from djdesk.projects.code import settings
from djdesk.projects.code.environment import Variable
from djdesk.projects.code.paths import added_folders
from djdesk.projects.code.tree import Tree
from inspector.sections.code import UrlName
from inspector.sections.common import Error
from inspector.sections.project import Settings
from inspector.sections.templates import Templates as TemplatesSection
from inspector.static_analysis import (
    apps,
    code,
    dependencies,
    drift,
    migrations,
    registrations,
    settings_facts,
    settings_modules,
    tasks,
    translations,
)
from inspector.static_analysis.facts_cache import FactsCache, own_digest
from inspector.static_analysis.files import Files, Names
from inspector.static_analysis.memo import Memo
from inspector.static_analysis.models import Models
from inspector.static_analysis.places import Known, known_places
from inspector.static_analysis.replay import Operations
from inspector.static_analysis.template_dirs import template_dirs
from inspector.static_analysis.templates import Templates
from inspector.static_analysis.urls import Urls

# Enough for 20,000 frames. Python on Windows refuses 256 MiB and more.
STACK = 255 * 2**20


class Request(TypedDict):
    """What the engine asks for."""

    root: str
    base: str
    settings: NotRequired[str | None]  # dotted name of the module
    settings_modules: NotRequired[list[str]]  # others that were found
    packages: NotRequired[list[str]]  # folders with the interpreter's packages
    has_interpreter: NotRequired[bool]
    python: NotRequired[str | None]  # version
    django: NotRequired[str | None]  # version
    cache: NotRequired[str | None]  # folder
    places: NotRequired[bool]  # whether the live child wants `places`


class SectionLine(TypedDict):
    """A section: with ``data`` if it is ``ok``, else with ``error``."""

    section: str
    seconds: float
    ok: bool
    data: NotRequired[object]
    error: NotRequired[Error]


class PlacesLine(TypedDict):
    """For the live child, before the end."""

    places: dict[str, Known]


class HelloLine(TypedDict):
    """The first line: version and process."""

    hello: dict[str, str | int]


class EndLine(TypedDict):
    """The last line: status and seconds."""

    end: dict[str, str | float]


Send = Callable[[SectionLine | PlacesLine | HelloLine | EndLine], None]


class Analysis:
    """One pass over a project; each section is sent as soon as it is known."""

    def __init__(self, request: Request, send: Send) -> None:
        self.send = send
        self.request = request
        self.tree = Tree(
            Path(request["root"]),
            Path(request["base"]),
            [Path(folder) for folder in request.get("packages", [])],
        )

    def run(self) -> None:
        tree = self.tree
        started = time.perf_counter()
        files = tree.project_files()
        reader = settings.Reader(tree, self.request.get("settings"))
        try:
            known = reader.read()
        except (Exception, RecursionError) as fault:
            # A settings file that fails halfway still contributes what was read before.
            known = reader.settings
            known.errors.append(
                {"text": say("Not read to the end: {why}", why=fault), "file": None, "line": None}
            )
        for file in [tree.base / "manage.py", *known.files]:
            for folder in added_folders(file):
                tree.add_root(folder)
        cache = self.request.get("cache")
        sources = Files(tree, FactsCache(Path(cache) if cache else None, tree.root))
        sources.read(files)
        memo = Memo(tree, sources.cache)
        found, rest = apps.find_apps(tree, known, memo)
        guessed = rest["source"] == "folders"
        sources.claim([app for app in found if app.folder])
        models = Models(tree, known, found, sources.with_models(), memo, self.request.get("django"))
        data, failure, seconds = self._attempt(models.section)
        # Send apps first, because the page shows them first, although their rows count models.
        self._section("apps", lambda: apps.section(tree, found, rest), started)
        self._done("models", data, failure, seconds)
        replay: Operations = {}
        graph = self._section(
            "migrations",
            lambda: migrations.section(
                tree,
                known,
                found,
                memo,
                replay,
                complete=rest["complete"] and all(app.folder for app in found),
                guessed=guessed,
            ),
        )
        written = {name for row in sources.rows for name in row.facts["routes"] if not row.test}
        self._section("urls", Urls(tree, known, memo, written).section)
        self._section("settings", lambda: self._settings(known, sources, memo))
        self._section(
            "dependencies",
            lambda: dependencies.section(
                tree,
                sources.cache,
                has_interpreter=bool(self.request.get("has_interpreter")),
                python=self.request.get("python"),
            ),
        )
        names = Names(tree, data)
        self._section("admin", lambda: registrations.admin(sources, names))
        self._section("commands", lambda: registrations.commands(tree, sources, found))
        self._section("signals", lambda: registrations.signals(sources, names))
        self._section("middleware", lambda: registrations.middleware(tree, known, memo))
        self._section(
            "drift",
            lambda: drift.section(
                tree, sources, known, found, graph, replay, data, guessed=guessed
            ),
        )
        urls: list[UrlName] = []

        def shown() -> TemplatesSection:
            templates = Templates(tree, sources, found, template_dirs(tree, known))
            urls.extend(templates.url_names())
            every = rest["source"] == "settings" and not rest["unresolved"]
            return templates.section(names, settings_facts.engines(known), complete=every)

        self._section("templates", shown)
        self._section("tests", lambda: code.tests(tree, sources))
        self._section("tasks", lambda: tasks.section(tree, sources, known))
        urls += code.url_names(sources) + settings_facts.url_names(tree, known)
        self._section("code", lambda: code.section(tree, sources, found, names, urls))
        self._section("i18n", lambda: translations.section(tree, sources.cache, known, found))
        if self.request.get("places"):
            self.send({"places": known_places(tree, sources)})
        sources.cache.save()

    def _settings(self, known: settings.Settings, sources: Files, memo: Memo) -> Settings:
        reads: dict[str, Variable] = {}
        for row in sources.rows:
            for name, fact in row.facts["env"].items():
                if name in reads:
                    reads[name]["places"] += fact["places"]
                else:
                    reads[name] = {**fact, "places": list(fact["places"])}
        found = settings_facts.section(tree=self.tree, settings=known, reads=reads)
        given = self.request.get("settings_modules") or []
        found["modules"] = settings_modules.modules(
            self.tree, known, found["variables"], given, memo
        )
        return found

    def _attempt[Data](
        self, make: Callable[[], Data]
    ) -> tuple[Data | None, BaseException | None, float]:
        started = time.perf_counter()
        try:
            return make(), None, time.perf_counter() - started
        except (Exception, RecursionError) as error:
            return None, error, time.perf_counter() - started

    def _section[Data](
        self, name: str, make: Callable[[], Data], started: float | None = None
    ) -> Data | None:
        data, error, seconds = self._attempt(make)
        if started is not None:
            seconds = time.perf_counter() - started
        self._done(name, data, error, seconds)
        return data

    def _done(self, name: str, data: object, error: BaseException | None, seconds: float) -> None:
        line: SectionLine = {"section": name, "seconds": round(seconds, 3), "ok": error is None}
        if error is None:
            line["data"] = data
        else:
            line["error"] = {
                "type": type(error).__name__,
                "message": str(error)[:2000],
                "trace": traceback.format_exception(error)[-6:],
                "hint": say("This is a bug in DJDesk, not in the project."),
            }
        self.send(line)


PARENT = os.getppid() if os.name == "posix" else 0


def _orphaned() -> bool:
    """Windows keeps reporting the id of a dead parent; there a job object ends this process."""
    return os.name == "posix" and os.getppid() != PARENT


def main() -> None:
    own_digest()  # hash the source that was imported now, however late the request comes
    line = sys.stdin.readline()
    if not line:
        return  # started ahead and not needed, or the parent is gone
    request: Request = json.loads(line)
    # Reserve stdout for our lines; anything printed goes to stderr.
    output = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)

    def send(message: SectionLine | PlacesLine | HelloLine | EndLine) -> None:
        output.write(dumps(message, ensure_ascii=True, default=str) + "\n")
        output.flush()

    started = time.perf_counter()
    send({"hello": {"python": sys.version.split()[0], "pid": os.getpid()}})

    def work() -> None:
        Analysis(request, send).run()
        send({"end": {"status": "complete", "seconds": round(time.perf_counter() - started, 3)}})

    gc.disable()  # syntax trees are many small objects, and the process is short-lived
    # Deeply nested source needs a deep stack, and the main thread's cannot be enlarged.
    threading.stack_size(STACK)
    sys.setrecursionlimit(20_000)
    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive() and not _orphaned():
        thread.join(0.5)  # stop if the inspector is gone
    output.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
