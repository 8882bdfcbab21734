"""The steps of ``djdesk prove``, in order; each adds to the observations."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from djdesk.app import App, load
from djdesk.tools import builds, plan
from djdesk.tools.desktop import environment, git_elsewhere
from djdesk.tools.nodejs import find_node
from djdesk.tools.problem import ToolProblem
from djdesk.tools.scratch import temporary_folder
from djdesk.tools.serving import pages
from djdesk.tools.serving.pages import Server

from . import policies, shell_start, traces, watch
from .browser import Browser, BrowserProblem
from .crawl import crawl
from .processes import Launch, NotStarted
from .seen import Seen, Visit, Visitor, Who
from .without_browser import WithoutBrowser

INSIDE = Path(__file__).parent / "inside"
DEPTH = 100  # pages per visitor


@dataclass(frozen=True, slots=True)
class Options:
    """``shell``: auto, window, chromium or none. ``data``: a data folder to copy. ``limit``: pages
    per visitor."""

    shell: str = "auto"
    data: Path | None = None
    limit: int = DEPTH


class Stop(Exception):
    """The remaining steps are impossible; the reason is among the failed ones."""


def prove(app: App, options: Options, say: Callable[[str], None]) -> Seen:
    """All its processes have ended and its folder is deleted when this returns or raises."""
    app, failed = _built(app, say)
    with (
        temporary_folder("prove") as scratch,
        contextlib.ExitStack() as stack,
    ):
        run = Run(app, options, scratch, stack, say)
        run.seen.failed += failed
        run.seen.project = app.project
        with contextlib.suppress(Stop):
            run.all()
        # Records are complete once the processes have ended.
        stack.close()
        run.seen.records = traces.records(run.watched)
        return run.seen


def _built(app: App, say: Callable[[str], None]) -> tuple[App, list[dict[str, object]]]:
    """The app after its builds; if one fails, the app without them, and why."""
    if not app.builds:
        return app, []
    say("builds…")
    try:
        return builds.built(app, say), []
    except ToolProblem as problem:
        load.cache_clear()
        return load(app.root), [{
            "rule": "STAT2", "level": "B",
            "what": f"The output of the project's build is missing. {problem.args[0]}",
            "why": problem.detail.strip()[-600:], "todo": problem.hint,
        }]  # fmt: skip


class Run:
    def __init__(
        self,
        app: App,
        options: Options,
        scratch: Path,
        stack: contextlib.ExitStack,
        say: Callable[[str], None],
    ) -> None:
        self.app, self.options, self.say, self.stack = app, options, say, stack
        self.seen = Seen()
        self.data = scratch / "data"
        self.watched = scratch / "watched"
        self.watched.mkdir()
        self.log = scratch / "server.log"
        self.cookies: dict[Who, tuple[str, str] | None] = {}
        self.folders = [str(app.root), str(app.project)]
        self._watch(self.folders)
        self.env = environment(app, "packaged", self.data)
        self.env |= git_elsewhere(app.project, scratch / "git")
        self.env |= {
            "DJDESK_PLAN": str(plan.write_plan(app)),
            "DJDESK_PYTHON": sys.executable,
            "DJDESK_PROVE": str(self.watched),
        }
        # As in a package, no byte code is written beside the sources. It is cached elsewhere,
        # because a dozen processes would each compile everything.
        compiled = f"pycache_prefix={plan.made(app) / 'pycache'}"
        self.python = [sys.executable, "-I", "-X", "utf8", "-X", compiled]
        self.launch = Launch(app, self.python, self.data, self.env, self.log)
        if options.data:
            self._copy(options.data)

    def all(self) -> None:
        before = traces.files(self.app.project)
        try:
            with self._step("settings, checks and migrations"):
                self._look()
            with self._step("static files"):
                self._collect()
            with self._step("first start, on a copy of the data" if self.options.data else
                            "first start, on empty data"):  # fmt: skip
                self._first_start()
            browser = self._browser()
            if browser:
                self._in_browser(browser)
            else:
                self._without_browser()
        finally:
            self.seen.changed = traces.unexplained(
                before, traces.files(self.app.project), traces.records(self.watched)
            )

    def _look(self) -> None:
        try:
            self.seen.facts = json.loads(pages.ask(self.python, self.env, INSIDE / "look.py"))
        except pages.CannotAsk as failure:
            self._fail("SET1", "The app cannot be loaded.", str(failure)[-600:])
        if failed := self.seen.facts.get("failed"):
            self._fail(
                "SET1", failed["what"], failed["why"], file=failed["file"], line=failed["line"],
                todo="Correct it, then run djdesk prove again.",
            )  # fmt: skip
        self.seen.facts["csp"] = self.app.pages.csp
        self._watch([*self.folders, *self.seen.facts["folders"]["own"]])
        views = pages.addresses(self.python, self.env)
        # The app's own pages before those of packages, above all the admin.
        views.sort(key=lambda page: (not watch.own(str(page["file"])), page["path"]))
        self.seen.views = {str(page["path"]): page for page in views}

    def _collect(self) -> None:
        words = ("collectstatic", "--noinput", "--clear", "-v", "0")
        try:
            pages.ask(self.python, self.env, INSIDE / "manage.py", *words)
        except pages.CannotAsk as failure:
            said = str(failure).strip()
            named = traces.missing_in_static(said)
            self._fail(
                "STAT1",
                f"The static file {named} is missing." if named
                else "The static files could not be made.",
                said.splitlines()[-1] if said else "", text=named.rpartition("/")[2],
                todo="Add the file, or correct its name. If packages refer to files that "
                     'nobody needs, set static-files = "lenient" in [tool.djdesk.pages].',
            )  # fmt: skip

    def _first_start(self) -> None:
        try:
            self.launch.start()
            self.stack.callback(self.launch.end)
        except NotStarted as failure:
            self.launch.end()
            (file, line), todo = traces.place_in_log(self.log), failure.hint
            if failure.stage == "migrate":
                file, line = self._where_migrating_fails()
                # The hint is meant for users, who had a working version.
                todo = "Correct what it names, and try it: djdesk manage migrate."
            self._fail(
                "RUN1", str(failure), failure.detail or failure.hint, file=file, line=line,
                todo=todo,
            )  # fmt: skip
        try:
            shell_start.open_app(self.launch.port, self.launch.token, self.launch.launch_id)
        except shell_start.ShutOut as shut:
            file, line = self._who_answered(shut.path)
            self._fail("RUN1", str(shut), shut.why, file=file, line=line, todo=shut.hint)
        for name, why in self.launch.not_running.items():
            self.seen.failed.append({
                "rule": "PROC1", "what": f"The background process {name} does not run.", "why": why,
                "todo": "Correct it in [tool.djdesk.processes].",
            })  # fmt: skip

    def _who_answered(self, path: str) -> tuple[str, int]:
        """The line that redirected ``path``, else the last one that failed."""
        for record in reversed(traces.records(self.watched)):
            if record["kind"] == "redirect" and record["path"] == path:
                return record["file"], record["line"]
        return traces.place_in_log(self.log)

    def _where_migrating_fails(self) -> tuple[str, int]:
        """The message for users does not say where; this runs the migration again to find out."""
        try:
            pages.ask(self.python, self.env, INSIDE / "manage.py", "migrate", "-v", "0")
        except pages.CannotAsk as failure:
            return traces.place_in(str(failure))
        return "", 0

    def _browser(self) -> Browser | None:
        """The requested browser. Raises ToolProblem if it is unavailable."""
        if self.options.shell == "none":
            return None
        try:
            node = find_node()
        except ToolProblem as problem:
            if self.options.shell != "auto":
                raise
            self.seen.no_window = str(problem.args[0])
            return None
        browser = Browser(node, self.options.shell, self.env)
        self.stack.callback(browser.end)
        self.seen.shell, self.seen.shell_version = browser.shell, browser.version
        self.seen.no_window = browser.reason
        if browser.shell == "none" and self.options.shell != "auto":
            raise ToolProblem(
                f"The pages cannot be checked in a {self.options.shell}: {browser.reason}.",
                "Without --shell, it uses what is available.",
            )
        return browser if browser.shell != "none" else None

    def _without_browser(self) -> None:
        with self._step("pages, without a browser"):
            server = Server(self.launch.port, self.launch.token, self.log)
            self._pages(WithoutBrowser(server), self.launch.launch_id)
        with self._step("second start"):
            self.launch.end()
            before, earlier = self._before_restart()
            self.launch.start()
            self.launch.end()
            self._compare(before, earlier)

    def _in_browser(self, browser: Browser) -> None:
        self.launch.end()
        name = "the window" if browser.shell == "window" else "a Chromium"
        try:
            with self._step(f"pages, in {name}"):
                browser.open(self.data)
                self._pages(browser, traces.launch_id(self.data))
                policies.try_out(browser, self.cookies, self.seen)
            written = ""
            if self.seen.facts["admin"]:
                with self._step("something added in the admin"):
                    written = self._add(browser)
            with self._step("second start"):
                browser.close()
                before, earlier = self._before_restart()
                browser.open(self.data)
                if written:
                    self._still_there(browser, written)
                browser.close()
                self._compare(before, earlier)
        except BrowserProblem as problem:
            file, line = traces.place_in_log(self.data / "logs" / "server.log")
            self._fail(
                "RUN1", str(problem), problem.detail.strip()[-600:], file=file, line=line,
                todo="djdesk start --as-packaged shows it.",
            )  # fmt: skip

    def _pages(self, visitor: Visitor, launch_id: str) -> None:
        facts = self.seen.facts
        files = tuple(filter(None, (facts["static"], facts["media"])))
        try:
            cookie = pages.session(self.python, self.env)
        except pages.CannotAsk as failure:
            cookie = None
            self._nobody(str(failure))
        if cookie:
            self.cookies["the first user"] = cookie
            self.cookies["nobody"] = pages.session(self.python, self.env, logged_out_of=launch_id)
        # The window's start page first, however many pages there are.
        paths = sorted(self.seen.views, key=lambda path: path != "/")
        for who, shown in (self.cookies or {"nobody": None}).items():
            visitor.become(shown)
            visits, left_out = crawl(
                visitor, who, paths, limit=self.options.limit, skipped=files,
                on_visit=lambda visit: self.say(f"    {visit.status or '—'} {visit.path}"),
                report=policies.reporting(),
            )  # fmt: skip
            self.seen.visits += visits
            self.seen.left_out = max(self.seen.left_out, left_out)

    def _nobody(self, said: str) -> None:
        file, line = traces.place_in(said)
        last = said.strip().splitlines()[-1] if said.strip() else ""
        self.seen.failed.append({
            "rule": "AUTH1", "what": "Nobody can log in: the first user cannot be created.",
            "why": f"{last.rstrip('.')}. Code that runs when a user is saved may rely on rows "
                   "that a new database does not have.", "file": file, "line": str(line),
            "todo": "Create these rows in a migration, or when they are missing.",
        })  # fmt: skip

    def _add(self, browser: Browser) -> str:
        """Path of the added object; empty if it was not added."""
        browser.become(pages.session(self.python, self.env))
        marker = f"proof{secrets.token_hex(3)}"
        problems = []
        for form in self.seen.facts["admin"][:3]:
            visit, problem = browser.fill(form["path"], marker)
            if not problem:
                self._saw(visit, f"added a {form['name']}")
                links = [url for url in visit.links if url.endswith("/change/")]
                return links[0].removeprefix(browser.origin) if links else ""
            problems.append((visit.status, f"{form['path']}: {problem}"))
        self.seen.failed.append({
            # A form that needs input which cannot be invented is no fault.
            "rule": "ADMIN1", "level": "C" if any(status >= 400 for status, _ in problems) else "",
            "what": "Nothing was added in the admin.",
            "why": " ".join(problem for _, problem in problems),
            "todo": "Try it by hand: djdesk start --as-packaged.",
        })  # fmt: skip
        return ""

    def _still_there(self, browser: Browser, path: str) -> None:
        browser.become(pages.session(self.python, self.env))
        visit = browser.visit(path, "the first user")
        if visit.status == 200 and visit.url.endswith(path):
            self._saw(visit, "what was added is there after a restart")
            return
        self.seen.failed.append({
            "rule": "DB1", "what": f"What was added in the admin is gone after a restart ({path}).",
            "why": f"The page answers {visit.status}.",
            "todo": "Look for code that empties tables when the app starts.",
        })  # fmt: skip

    def _before_restart(self) -> tuple[dict[str, int], dict[Path, int]]:
        """Row counts of each table, and how much is known of the processes that have ended."""
        return traces.rows(self.seen.facts["databases"]), traces.extent(self.watched)

    def _compare(self, before: dict[str, int], earlier: dict[Path, int]) -> None:
        after = traces.rows(self.seen.facts["databases"])
        known = traces.records(self.watched, earlier)
        lost = traces.lost(before, after, known)
        kept = sum(min(count, after.get(table, 0)) for table, count in before.items())
        self.seen.steps[-1]["note"] = f"{kept} rows kept"
        if faults := [one for one in lost if one.is_fault]:
            place = next((one for one in faults if one.file), faults[0])
            self.seen.failed.append({
                "rule": "DB1", "what": f"Rows are gone after a restart: {_all_said(faults)}.",
                "why": "The app deletes them when it starts." if place.file
                else "No query of the app deletes them: the file is changed or replaced.",
                "file": place.file, "line": str(place.line),
                "todo": "Look for code that empties tables when the app starts.",
            })  # fmt: skip
        if passing := [one for one in lost if not one.is_fault]:
            self.seen.failed.append({
                "rule": "DB1", "level": "",
                "what": f"There are fewer rows after a restart: {_all_said(passing)}.",
                "why": "A task or a package deleted them, perhaps because they had expired.",
            })  # fmt: skip

    def _saw(self, visit: Visit, note: str) -> None:
        self.seen.steps[-1] |= {"note": note, "picture": visit.picture}

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self.say(f"{name}…")
        begun = time.monotonic()
        step: dict[str, object] = {"name": name, "good": False}
        self.seen.steps.append(step)
        failed = len(self.seen.failed)
        try:
            yield
            step["good"] = not any(one.get("level") != "" for one in self.seen.failed[failed:])
        finally:
            step["seconds"] = round(time.monotonic() - begun, 1)

    def _fail(self, rule: str, what: str, why: str, **more: object) -> None:
        values = {name: str(value) for name, value in more.items()}
        self.seen.failed.append({"rule": rule, "what": what, "why": why, **values})
        raise Stop

    def _watch(self, installed: list[str]) -> None:
        plan.write_json(
            self.watched / watch.CONFIG,
            {
                "installed": installed,
                "writable": [str(self.data), str(plan.made(self.app))],
                "temporary": tempfile.gettempdir(),
                "folders": [str(self.app.project / name) for name in self.app.folders],
            },
        )

    def _copy(self, folder: Path) -> None:
        from djdesk.desktop import data_owner

        if not folder.is_dir():
            raise ToolProblem(f"There is no data folder {folder}.", "--data names one.")
        data_owner.check(folder.absolute(), self.app)
        left = shutil.ignore_patterns("browser", "logs", "run", "enter", "*.lock")
        shutil.copytree(folder, self.data, ignore=left)


def _all_said(tables: list[traces.Lost]) -> str:
    return ", ".join(one.said for one in tables)
