"""Remembers how a project was made to load, so that the next scan need not repeat the search.

A project that lacks variables or folders can take up to 14 attempts. The successful plan is kept in
the app's cache, next to the facts about the project's files, without any value the user gave. It is
reused as long as everything that decides it is unchanged: the settings, configuration and example
files, folders, the interpreter and the user's choices. If it no longer works, the scan starts from
scratch.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from djdesk.messages import dumps, loads
from djdesk.projects.discovery.env_files import RESERVED
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.reading import read_bytes
from inspector.engine.repair import NAME, Plan, Step
from inspector.run.fingerprint import Fingerprint
from inspector.sections.checks import DeployModule
from inspector.sections.common import Repair

if TYPE_CHECKING:
    from inspector.engine.inspection import Options

FORMAT = 1
SIZE_LIMIT = 2**20
# Files whose presence or content may decide how a project loads.
CONFIGURATION = {".toml", ".ini", ".cfg", ".json", ".yaml", ".yml", ".conf", ".env", ".properties"}
DATABASES = {".sqlite3", ".sqlite", ".db"}
ASKED = {"values", "forgotten", "path"}  # kinds of steps that every scan works out again


class Loading(TypedDict):
    """How settings were loaded. ``placed``: variables and their placeholders; ``examples``:
    variables with a value from an example file. The rest is as in `Plan`.
    """

    placed: dict[str, str]
    examples: list[str]
    copy: bool
    database: bool
    redirect: bool
    folders: list[str]
    settings: str | None
    steps: list[Repair]
    loaded: bool


class Checked(TypedDict):
    """Results of `check --deploy`. ``files``: size and time of each file that was read."""

    row: DeployModule
    files: dict[str, list[int] | None]


class Learned:
    """What is remembered about one project. ``module``: an additional settings module, or empty for
    the main run.
    """

    def __init__(
        self, folder: Path, project: DiscoveredProject, options: Options, before: Fingerprint
    ) -> None:
        name = hashlib.sha256(os.fsencode(project.root)).hexdigest()[:24]
        self.file = folder / f"{name}.loading.json"
        self.key = _key(project, options, before)
        self.options = options
        self.before = before
        self.checks: dict[str, Checked] = {}
        self.rows = self._read()

    def recall(self, plan: Plan, module: str = "") -> bool:
        """Start the plan from what was learned.

        Returns False, with the plan unchanged, if nothing is known or an example file no longer
        provides a value.
        """
        row = self.rows.get(module)
        if row is None:
            return False
        values = dict(row["placed"])
        known = [example.values for example in plan.examples]
        for name in row["examples"]:
            value = next((one[name] for one in known if one.get(name)), None)
            if value is None:
                return False
            values[name] = value
        if not all(NAME.match(name) and not RESERVED.match(name) for name in values):
            return False
        plan.env = values | plan.env
        plan._placed = list(row["placed"])
        plan.copy, plan.database, plan.redirect = row["copy"], row["database"], row["redirect"]
        plan.folders, plan.settings = list(row["folders"]), row["settings"]
        own = [one for one in plan.steps if one.kind in ASKED]
        plan.steps = own + [Step(**step) for step in row["steps"]]
        plan.recalled = True
        return True

    def keep(self, plan: Plan, module: str = "", *, loaded: bool = True) -> None:
        """Store how the plan ended, if it took more than one attempt."""
        if plan.recalled:
            return
        if plan.attempts == 1:
            if self.rows.pop(module, None) is not None:
                self._write()
            return
        learned = plan.env.keys() - self.options.env.keys()
        self.rows[module] = {
            "placed": {name: plan.env[name] for name in plan._placed if name in learned},
            "examples": sorted(learned - set(plan._placed)),
            "copy": plan.copy,
            "database": plan.database,
            "redirect": plan.redirect,
            "folders": plan.folders,
            "settings": plan.settings,
            "steps": [step.as_dict() for step in plan.steps if step.kind not in ASKED],
            "loaded": loaded,
        }
        self._write()

    def failed(self, module: str) -> bool:
        """Whether these settings finally failed to load, so that retrying is pointless."""
        row = self.rows.get(module)
        return row is not None and not row["loaded"]

    def forget(self, module: str = "") -> None:
        if self.rows.pop(module, None) is not None:
            self._write()

    def checked(self, module: str) -> DeployModule | None:
        """Stored results of `check --deploy` for these settings, valid while every project file
        that was read for them is unchanged.
        """
        kept = self.checks.get(module)
        if kept is None or self.options.env or kept["files"] != self._marks(kept["files"]):
            return None
        return kept["row"]

    def keep_checked(self, row: DeployModule, files: list[str]) -> None:
        if not self.options.env:
            self.checks[row["module"]] = {"row": row, "files": self._marks(files)}
            self._write()

    def _marks(self, files: Iterable[str]) -> dict[str, list[int] | None]:
        """Size and mtime of each file before anything was run."""
        marks = {file: self.before.get(file.replace("/", os.sep)) for file in files}
        return {file: list(mark[:2]) if mark else None for file, mark in marks.items()}

    def _read(self) -> dict[str, Loading]:
        try:
            found = loads(read_bytes(self.file, SIZE_LIMIT))
            if found["key"] != self.key:
                return {}
            self.checks = found["checks"]
            rows: dict[str, Loading] = found["rows"]
            return rows
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}

    def _write(self) -> None:
        text = dumps({"key": self.key, "rows": self.rows, "checks": self.checks})
        partial = self.file.with_suffix(f".{os.getpid()}")
        # If it cannot be stored, the next scan just takes longer.
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial.write_text(text, "utf-8")
            partial.replace(self.file)


def _key(project: DiscoveredProject, options: Options, before: Fingerprint) -> str:
    """A hash of everything visible from outside that decides how a project loads."""
    chosen = project.interpreter
    modules = [one.file for one in project.settings_modules if one.file]
    beside = {project.relative(file.parent) or "" for file in modules}
    seen: list[tuple[str, tuple[int, int] | None]] = []
    for name, mark in before.items():
        # As strings: a pathlib.Path per file would take longer than everything else here.
        path = name.replace(os.sep, "/")
        if "__pycache__" in path.split("/"):
            continue
        parent, _, last = path.rstrip("/").rpartition("/")
        suffix = posixpath.splitext(last)[1]
        settings = suffix == ".py" and parent in beside
        if name.endswith("/") or suffix in DATABASES:
            seen.append((name, None))
        elif settings or suffix in CONFIGURATION or "env" in last.lower():
            seen.append((name, mark[:2]))
    decided = [
        FORMAT,
        str(chosen.path) if chosen else None,
        [chosen.python, chosen.django, chosen.missing] if chosen else None,
        [_changed(folder) for folder in chosen.packages] if chosen else None,
        project.settings.module if project.settings else None,
        sorted(options.env),
        [options.use_env_example, options.private_copy, options.repair, options.sandbox],
        sorted(seen),
    ]
    return hashlib.sha256(json.dumps(decided, default=str).encode()).hexdigest()


def _changed(folder: Path) -> int | None:
    """When a package was last installed or removed there."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return None
