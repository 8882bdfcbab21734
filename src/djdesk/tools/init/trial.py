"""Try to load the app with the decisions made so far; its failures lead to the next decision."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from djdesk.app import load
from djdesk.overlay import older_django
from djdesk.projects.discovery.launchers import EXAMPLE
from djdesk.projects.readiness import table
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision
from djdesk.projects.readiness.rules.environment import add, value_for
from djdesk.tools.desktop import environment, git_elsewhere
from djdesk.tools.plan import MADE
from djdesk.tools.scratch import temporary_folder

from . import variables

INSIDE = Path(__file__).parent / "inside" / "load.py"
LIMIT = 120  # seconds
ROUNDS = 25
FOLDER = re.compile(
    r"(DATA|STORAGE|VAR|STATE|LOGS?|CACHE|MEDIA|UPLOADS?|EXPORTS?)_?(DIR(ECTORY)?|ROOT|PATH|FOLDER)$"
)
CACHE = Path(MADE, "pycache")
UNCOPIED = ("node_modules", ".git", ".venv", "venv", "env", "__pycache__")


@dataclass
class Outcome:
    """``facts``: output of inside/load.py. ``module``: of a missing package."""

    facts: dict[str, Any]
    decisions: list[Decision] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.facts.get("ok"))

    @property
    def module(self) -> str:
        wanted = self.facts.get("type") == "ModuleNotFoundError"
        return str(self.facts.get("module") or "") if wanted else ""


def attempt(folder: Path, python: Path, cache: Path, root: Path | None = None) -> dict[str, Any]:
    """Load the app in ``folder`` once, on its own data. ``cache``: folder for byte code, which must
    not be written to the project. ``root``: reported paths are relative to it."""
    load.cache_clear()
    app = load(folder)
    root = root or app.project
    with temporary_folder("init") as scratch:
        data = scratch / "data"
        env = environment(app, "packaged", data) | git_elsewhere(root, scratch / "git")
        try:
            done = subprocess.run(
                [python, "-X", "utf8", "-X", f"pycache_prefix={cache}", INSIDE, root],
                capture_output=True, text=True, timeout=LIMIT, check=False, cwd=scratch,
                stdin=subprocess.DEVNULL, env=env,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return _broken(f"It did not load within {LIMIT} seconds.")
    lines = done.stdout.strip().splitlines()
    try:
        found: dict[str, Any] = json.loads(lines[-1])
    except (ValueError, IndexError):
        return _broken(done.stderr.strip()[-800:] or "Python ended without a message.")
    if found.get("type") == "SystemExit":
        # The process printed the reason before exiting; the exit code itself is useless.
        words = " ".join([*lines[:-1], *done.stderr.split("\n")]).split()
        found["message"] = " ".join(words)[-600:] or found["message"]
    prefix = "" if app.project == root else f"{app.project.relative_to(root).as_posix()}/"
    for row in (found, *found["written"]):
        if row.get("place"):
            row["place"] = prefix + row["place"]
    return found


def _broken(message: str) -> dict[str, Any]:
    return {
        "ok": False, "stage": "start", "type": "Error", "message": message, "outer": message,
        "module": None, "place": "", "line": "", "at": "", "packages": [], "written": [],
        "own_module": "", "distribution": "", "lacking": "", "python": "",
    }  # fmt: skip


def until_it_loads(look: Look, draft: Draft, folder: Path, python: Path, write: Any) -> Outcome:
    """Add the variables that the settings require, one after the other. ``write()`` writes the
    draft table into ``folder``."""
    decisions: list[Decision] = []
    for _ in range(ROUNDS):
        write()
        facts = attempt(folder, python, folder / CACHE, look.project.root)
        if not facts["ok"] and facts["written"] and (more := folders_of_its_own(look, draft)):
            decisions += more
            continue
        # Prefer a newer version of the package that asks for them.
        if not facts["ok"] and not facts["packages"] and (more := with_older_names(draft, facts)):
            decisions += more
            continue
        name = "" if facts["ok"] else variables.missing(facts)
        before = draft.get(f"environment.{name}")
        if not name or before not in (None, ""):
            break
        if before == "":
            # Some projects count an empty value as none.
            decisions.append(add(draft, name, variables.UNSET, facts["place"]))
            continue
        alike = variables.asked_alike(look, name)
        for one in [name, *(other for other in alike if not draft.get(f"environment.{other}"))]:
            value = value_for(one, variables.kind_of(look, one))
            decisions.append(add(draft, one, value, alike.get(one, facts["place"])))
    if not facts["ok"] and facts["type"] == "PermissionError" and facts["written"]:
        facts, more = _with_its_folders(look, draft, python, folder / CACHE, facts)
        decisions += more
    elif facts["written"]:
        decisions += [_wrote(row, "B") for row in facts["written"][:3]]
    write()
    return Outcome(facts, decisions)


def folders_of_its_own(look: Look, draft: Draft) -> list[Decision]:
    """Optional variables that may name the folders that the project writes to: without them it
    writes into itself. Each is set once."""
    decisions = []
    for name, fact in sorted(look.variables.items()):
        if FOLDER.search(name) and draft.get(f"environment.{name}") is None:
            decisions.append(
                add(
                    draft,
                    name,
                    f"{{data}}/{name.lower()}",
                    f"{fact['file']}:{fact['line']}",
                    "Without it, the project writes inside itself, where users may not write.",
                )
            )
    return decisions


def _with_its_folders(
    look: Look, draft: Draft, python: Path, cache: Path, facts: dict[str, Any]
) -> tuple[dict[str, Any], list[Decision]]:
    """Try on a copy of the project that has the folders which loading creates: a packaged app can
    have them too. Other writes are reported."""
    refused = facts["written"]
    if any(row["path"].startswith("..") for row in refused):
        # Outside the project's folder in the repository: not part of a package.
        return facts, [_wrote(row) for row in refused[-3:]]
    with temporary_folder("init") as scratch:
        copy, app = scratch / "project", scratch / "app"
        shutil.copytree(look.base, copy, ignore=shutil.ignore_patterns(*UNCOPIED), symlinks=True)
        app.mkdir()
        beside = Draft({**draft.values, "project": str(copy)})
        table.write_beside(app, look.project, beside)
        folders: list[str] = []
        found = facts
        for _ in range(ROUNDS):
            wanted = found["written"][-1:] if not found["ok"] else []
            if not wanted or wanted[0]["event"] != "os.mkdir":
                break
            folders.append(wanted[0]["path"])
            (copy / folders[-1]).mkdir(parents=True, exist_ok=True)
            found = attempt(app, python, cache)
    if not found["ok"]:
        return facts, [_wrote(row) for row in [*refused, *found["written"]][-3:]]
    draft.set("folders", list(dict.fromkeys(folders)))
    made = Decision(
        "PATH1", "", f"Folders that the project creates inside itself: {', '.join(folders)}.",
        "The package contains them, because users may not write where an app is installed.",
        refused[-1]["place"],
    )  # fmt: skip
    return found, [made]


# Python's messages for a missing name in a module.
LACKING = (
    re.compile(r"cannot import name '(?P<name>\w+)' from '(?P<module>django[\w.]*)'"),
    re.compile(r"module '(?P<module>django[\w.]*)' has no attribute '(?P<name>\w+)'"),
    re.compile(r"No module named '(?P<module>django[\w.]*)'(?P<name>)"),
    re.compile(r"'(?P<module>class Meta)' got invalid .*\b(?P<name>index_together)\b"),
    re.compile(
        r"(?P<module>allauth\.account)\.middleware\.(?P<name>AccountMiddleware) must be added"
    ),
    re.compile(r"(?P<module>ForeignKey|OneToOneField)\.\w+\(\) missing .*'(?P<name>on_delete)'"),
    re.compile(r"(?P<module>Signal).*unexpected keyword argument '(?P<name>providing_args)'"),
)


def dropped_name(facts: dict[str, Any]) -> str:
    """The removed Django name in a failure, if the overlay can restore it; otherwise empty."""
    found = next(filter(None, (one.search(facts["message"]) for one in LACKING)), None)
    if found is None:
        return ""
    module, name = found["module"], found["name"]
    whole = f"{module}.{name}".rstrip(".").removeprefix("class ")
    own = not module.startswith("django")
    return whole if own or older_django.knows(module, name) else ""


def with_older_names(draft: Draft, facts: dict[str, Any]) -> list[Decision]:
    """The message about restored Django names; empty if that does not help or has been done
    already."""
    name = dropped_name(facts)
    if not name or draft.get("older-django"):
        return []
    draft.set("older-django", True)
    return [
        Decision(
            "OLD1", "B", f"Names that Django has removed are restored, such as {name}.",
            "The project was written for an older Django; its tests did not run on this one.",
            facts["place"] or facts["at"].rpartition("site-packages" + os.sep)[2],
            "Run the project's tests with it: djdesk test.",
        )
    ]  # fmt: skip


def _wrote(row: dict[str, Any], level: Any = "C") -> Decision:
    return Decision(
        "PATH1",
        level,
        f"The project writes {row['path']} inside itself when it is loaded.",
        "Users may not write where an app is installed."
        if level == "C"
        else "It continues without it, as it must where users may not write.",
        row["place"],
        "Read the folder from an environment variable, and set it to {data} in "
        "[tool.djdesk.environment].",
    )


def judged(outcome: Outcome, draft: Draft, before: list[Decision], look: Look) -> list[Decision]:
    """The results of the attempt, given the earlier decisions in ``before``."""
    said = {one.rule for one in [*before, *outcome.decisions]}
    last = (
        [*loaded(outcome, draft, said), *map(absent, outcome.facts["missing"])]
        if outcome.ok
        else []
        if _follows(outcome, before) or _told(outcome)
        else [failure(outcome, before, look)]
    )
    return [*outcome.decisions, *last]


def _follows(outcome: Outcome, before: list[Decision]) -> bool:
    """A database server is refused; why it is still there was reported with its migrations."""
    refused = outcome.facts["type"] == "OverlayProblem" and "DB1:" in outcome.facts["message"]
    return refused and any(one.rule == "DB2" and one.level == "C" for one in before)


def _told(outcome: Outcome) -> bool:
    """Writes into the project have been reported already, and nothing else is wrong yet."""
    refused = outcome.facts["type"] == "PermissionError" and outcome.facts["written"]
    return bool(refused) and any(one.rule == "PATH1" and one.level for one in outcome.decisions)


def loaded(outcome: Outcome, draft: Draft, said_rules: set[str]) -> list[Decision]:
    """Results from a loaded app: the overlay's decisions, languages, and paths it writes to.
    ``said_rules``: rules reported already."""
    facts = outcome.facts
    decisions = []
    for line in facts["decisions"]:
        rule, _, said = line.partition(" ")
        if rule not in said_rules:
            decisions.append(Decision(rule, "", said))
    if facts["paths"]:
        draft.set("data.move", facts["paths"])
        decisions.append(
            Decision(
                "PATH1", "", f"Moved to the data folder: {', '.join(facts['paths'])}.",
                "They name places inside the project that do not exist yet: the app writes "
                "there.",
                "", "Remove from data.move what is only read.",
            )
        )  # fmt: skip
    languages = [one for one in facts["languages"] if re.fullmatch(r"[a-z]{2,3}(-\w+)*", one)]
    if languages and languages != ["en"]:
        first = languages[0].split("-")[0]
        draft.set("languages", list(dict.fromkeys([first, *languages[1:]])))
    return decisions


def absent(row: dict[str, Any]) -> Decision:
    """A class named in a setting that cannot be imported."""
    every_page = row["setting"] in ("MIDDLEWARE", "AUTHENTICATION_BACKENDS")
    return Decision(
        "DEP4", "C" if every_page else "B",
        f"{row['name']}, named by {row['setting']}, cannot be imported.",
        f"{row['type']}: {row['message'][:300]}", row["place"],
        "Add what it needs to the project's runtime dependencies, or use another class.",
    )  # fmt: skip


def _template(module: str, look: Look) -> str:
    """The template of a module that git ignores: ``local_settings.py.template``."""
    *folders, name = module.split(".")
    there = sorted(look.base.joinpath(*folders).glob(f"{name}*"))
    return next((look.shown(one) for one in there if one.is_file()), "")


ABSENT_FILE = r"does not exist|[Nn]o such file|not found|is missing"


def _missing_file(message: str, look: Look) -> Path | None:
    """A file of the project that an error says is missing, and that is: “File '/shop/.env' does not
    exist”."""
    for named in re.findall(r"['\"]([^'\"]+)['\"]", message):
        file = look.base / named
        if file.is_relative_to(look.project.root) and not file.exists():
            return file if re.search(ABSENT_FILE, message) else None
    return None


def failure(
    outcome: Outcome, before: Sequence[Decision] = (), look: Look | None = None
) -> Decision:
    """``before``: earlier decisions. A newer Django may need code changes, which no table can
    replace.
    """
    facts = outcome.facts
    if facts["type"] == "OverlayProblem":
        # “DB1: DATABASES['default'] is …. What to do.” The location is the setting's, not ours.
        rule, _, said = facts["message"].partition(": ")
        setting = re.search(r"\b[A-Z][A-Z_]{3,}\b", said)
        where = look.place_of(setting[0]) if look and setting else ""
        return Decision(
            rule,
            "C",
            said,
            "The app does not load with it.",
            where,
            "Correct it in a settings module for the desktop, and pass that module with "
            "--settings.",
        )
    # A newer Django is not to blame for errors about files, connections and variables.
    outside = facts["type"].endswith(("FileNotFoundError", "PermissionError", "ConnectionError"))
    # The project's own code, not a package's, raises it: a condition of the project.
    refused = facts["line"].startswith("raise ") and not facts["packages"]
    outside = outside or refused or bool(variables.ASKED.search(facts["message"]))
    newer = any(one.rule == "DEP1" and one.what.startswith("Django ") for one in before)
    moved = (newer and not outside) or (
        facts["type"] == "ImportError" and "from 'django." in facts["message"]
    )
    newest = f"Django 5.2 and Python {facts['python']}" if facts["python"] else "Django 5.2"
    what = {
        "settings": "The settings cannot be loaded",
        "apps": "An app of INSTALLED_APPS cannot be loaded",
        "urls": "The URLs cannot be loaded",
        "migrations": "The migrations cannot be loaded",
    }.get(facts["stage"], "The app cannot be loaded")
    if facts["own_module"]:
        template = _template(facts["own_module"], look) if look else ""
        return Decision(
            "LOAD1", "C", f"{what}: the project has no module {facts['own_module']}.",
            f"{facts['line']} Git may ignore the file, as it does local settings.",
            facts["place"],
            f"Create it{f' from {template}' if template else ''}, or choose other settings "
            "with --settings.",
        )  # fmt: skip
    if look and (absent_file := _missing_file(facts["message"], look)):
        name = look.shown(absent_file)
        # local_settings_example.py, as well as .env.template
        near = [
            one
            for one in sorted(absent_file.parent.glob(f"{absent_file.stem}*"))
            if one.is_file() and EXAMPLE.search(one.name)
        ]
        template = look.shown(near[0]) if near else ""
        return Decision(
            "LOAD1", "C", f"{what}: the project has no file {name}.",
            f"{facts['line']} Git may ignore the file, as it does secrets.",
            facts["place"],
            f"Create it{f' from {template}' if template else ''}, or choose other settings "
            "with --settings.",
        )  # fmt: skip
    if outcome.module:
        return Decision(
            "DEP4", "C", f"{what}: the package {outcome.module.partition('.')[0]} is missing.",
            facts["line"] or facts["message"],
            facts["place"] or (look.place_of("INSTALLED_APPS") if look else ""),
            "It may come with a package that could not be fetched (DEP2): add that first."
            if any(one.rule == "DEP2" and one.level == "C" for one in before)
            else "It may come with a package that was left out (DEP3): add that first."
            if any(one.rule == "DEP3" and " is left out" in one.what for one in before)
            else "Add it to the project's runtime dependencies, or choose other settings.",
        )  # fmt: skip
    if facts["type"] == "SyntaxError" and any(one.rule == "PY1" for one in before):
        return Decision(
            "LOAD1", "C", f"{what}: the project is written for another Python.",
            f"SyntaxError: {facts['message'][:300]}", facts["place"] or facts["at"],
            "Change what the message names to suit the Python of the packages (PY1), or wait "
            "until packages can contain the project's version.",
        )  # fmt: skip
    return Decision(
        "LOAD1", "C", f"{what}: {facts['type']}: {facts['message'][:300]}",
        facts["line"], facts["place"] or facts["at"],
        f"Upgrade the project to {newest} first: the newer versions require changes like this."
        if moved
        else "The project's own code refuses to start. Give it what the message asks for, "
             "such as a file or a variable (--env-file), or choose other settings with "
             "--settings."
        if refused
        else "Choose other settings with --settings, or give variables with --env-file.",
    )  # fmt: skip
