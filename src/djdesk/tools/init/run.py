"""``djdesk init`` from its arguments to the report."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from djdesk.projects.discovery.env_files import parse
from djdesk.projects.discovery.project import Project
from djdesk.projects.discovery.settings_modules import SettingsModule
from djdesk.projects.reading import read_text
from djdesk.tools.problem import ToolProblem
from djdesk.tools.readiness import Decision, as_text, level, to_json, union
from djdesk.tools.stage.places import pinned_python

from . import apply, trial
from .ask import Questions
from .dependencies import install, resolve
from .draft import Draft
from .look import Look, find
from .rules import (
    accounts,
    builds,
    databases,
    environment,
    pages,
    processes,
    programs,
    services,
    settings_module,
)

REPORT = "readiness.json"


@dataclass(frozen=True)
class Options:
    path: Path
    settings: str | None = None
    manage: str | None = None
    env_file: Path | None = None
    python: str | None = None
    out: Path | None = None
    report_only: bool = False
    json: bool = False
    yes: bool = False


@dataclass
class Result:
    """``look``: what was read; ``draft``: the table; ``folder``: the app's, once it is written."""

    look: Look
    draft: Draft
    decisions: list[Decision]
    folder: Path | None = None


def run(options: Options) -> int:
    """0 for the levels A and B, 4 for C and D. Raises ToolProblem."""
    ask = Questions.here(yes=options.yes)
    project = find(options.path, settings=options.settings, manage=options.manage)
    if options.report_only:
        result = _decided(project, options, ask, _first(project, options))
    elif options.out:
        result = _beside(project, options, ask)
    else:
        result = _inside(project, options, ask)
    rows = union(result.decisions)
    if options.json:
        print(json.dumps(to_json(rows), ensure_ascii=False, indent=2))
    else:
        print(as_text(rows))
        for line in ask.taken:
            print(f"\nNot asked: {line}")
        _next(result, options)
    return 0 if level(rows) in "AB" else 4


def _first(project: Project, options: Options) -> SettingsModule:
    found = settings_module.candidates(project, options.settings)
    if not found:
        named = ", ".join(one.module for one in project.settings_modules) or "none"
        raise ToolProblem(
            f"The settings module {options.settings} was not found."
            if options.settings
            else "The project has no settings module that can be found.",
            f"There are: {named}. Name one with --settings.",
        )
    return found[0]


def _decided(
    project: Project, options: Options, ask: Questions, module: SettingsModule, refused: str = ""
) -> Result:
    """What the files tell, with ``module`` as the settings."""
    packages = project.interpreter.packages if project.interpreter else []
    look = Look(options.path, project, module.module, packages)
    draft = _begun(look)
    others = [one for one in settings_module.candidates(project) if one.module != module.module]
    given = parse(read_text(options.env_file) or "") if options.env_file else None
    decisions = [
        settings_module.decision(module, others, refused),
        *environment.rule(look, draft, given),
        *databases.rule(look, draft),
        *services.rule(look, draft),
        *processes.rule(look, draft, ask),
        *accounts.rule(look, draft, ask),
        *pages.rule(look, draft),
        *builds.rule(look, draft),
        *programs.rule(look, draft),
    ]
    return Result(look, draft, decisions)


def _begun(look: Look) -> Draft:
    project = look.project
    name = apply.name_of(project)
    draft = Draft()
    title = " ".join(part.capitalize() for part in name.replace("_", "-").split("-"))
    draft.set("name", title)
    plain = "".join(c if c.isalnum() or c == "-" else "-" for c in name.lower()).strip("-")
    draft.set("id", f"local.{plain}", "Before anybody else starts the app: an id of your own.")
    draft.set("settings", look.module)
    if folders := import_folders(look):
        draft.set("path", folders)
    return draft


def import_folders(look: Look) -> list[str]:
    """Further folders that the project's own launchers put on the path, relative to it."""
    from djdesk.projects.code.paths import added_folders

    found = []
    for file in dict.fromkeys([look.project.manage_py, *(one.file for one in look.launchers)]):
        if file is None or file.suffix != ".py":
            continue
        for folder in added_folders(file):
            if folder.is_dir() and folder != look.base and folder.is_relative_to(look.base):
                found.append(folder.relative_to(look.base).as_posix())
    return list(dict.fromkeys(found))


def _beside(project: Project, options: Options, ask: Questions) -> Result:
    assert options.out is not None
    folder = options.out.absolute()
    if folder.is_relative_to(project.root):
        raise ToolProblem(
            f"{folder} lies inside the project.", "Choose a folder beside it: --out ../NAME-desktop"
        )
    if folder.exists() and any(folder.iterdir()) and not (folder / REPORT).is_file():
        raise ToolProblem(f"{folder} is not empty.", "Choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    python = options.python or ".".join(pinned_python().split(".")[:2])
    modules = settings_module.candidates(project, options.settings) or [_first(project, options)]
    result = _decided(project, options, ask, modules[0])
    tell("packages")
    resolved = resolve.resolve(result.look, python, [])
    packages = list(resolved.decisions)
    if resolved.problem:
        packages.append(
            Decision(
                "DEP1", "C", f"The packages do not fit Python {python} and the desktop's together.",
                resolved.problem[:1200], "", "Change the versions that the message names.",
            )
        )  # fmt: skip
        result.decisions += packages
        result.draft.set("project", apply.to_project(folder, project.base))
        return _finished(result, folder, project)
    tell(f"environment with {len(resolved.versions)} packages")
    text, left_out = install.make(folder, python, resolved.text)
    packages += left_out
    outcome, refused = None, ""
    for number, module in enumerate(modules):
        if number:
            result = _decided(project, options, ask, module, refused)
        tell(f"loading with {module.module}")
        outcome, text = _loaded(result.look, result.draft, folder, text, python, packages)
        if outcome.ok or number == len(modules) - 1:
            break
        reason = trial.failure(outcome)
        refused += f" {module.module} does not load here: {reason.what}"
    assert outcome is not None
    _judge(result, outcome)
    tell("wheels for Linux, macOS and Windows")
    text, wheels = _wheels(folder, text, python)
    (folder / "requirements.txt").write_text(text, encoding="utf-8", newline="\n")
    result.decisions += packages + wheels
    return _finished(result, folder, project)


def _judge(result: Result, outcome: trial.Outcome) -> None:
    """What the attempt to load it has shown."""
    result.decisions += outcome.decisions
    said = {one.rule for one in result.decisions}
    if outcome.ok:
        result.decisions += trial.loaded(outcome, result.draft, said)
    else:
        result.decisions.append(trial.failure(outcome))


def _loaded(
    look: Look, draft: Draft, folder: Path, text: str, python: str, packages: list[Decision]
) -> tuple[trial.Outcome, str]:
    """Load it; a package that only the project's development names is added, and told."""
    draft.set("project", apply.to_project(folder, look.base))
    added: list[str] = []

    def write() -> None:
        apply.write_beside(folder, look.project, draft)

    while True:
        outcome = trial.until_it_loads(look, draft, folder, install.python_of(folder), write)
        extra = "" if outcome.ok or not outcome.module else declared(look, outcome.module)
        if not extra or extra in added or len(added) > 8:
            return outcome, text
        added.append(extra)
        again = resolve.resolve(look, python, added)
        if again.problem:
            return outcome, text
        text = again.text
        (folder / "requirements.txt").write_text(text, encoding="utf-8", newline="\n")
        done = install.install(folder, ["--no-deps", "-r", str(folder / "requirements.txt")])
        if done.returncode != 0:
            return outcome, text
        packages.append(
            Decision(
                "DEP4", "", f"{extra} is added: the settings import {outcome.module}.",
                "It is declared for another group only.", outcome.facts["place"],
            )
        )  # fmt: skip


def declared(look: Look, module: str) -> str:
    """The requirement of any group that brings ``module``, or empty."""
    from djdesk.projects.discovery.installed import normalize

    top = normalize(module.partition(".")[0])
    for one in look.declared.requirements:
        name = normalize(one.name)
        if name in (top, f"django-{top}", f"python-{top}"):
            return f"{one.name}{one.specifier if one.specifier[:1] in '<>=!~' else ''}"
    return ""


def _wheels(folder: Path, text: str, python: str) -> tuple[str, list[Decision]]:
    missing = install.missing_wheels(folder, text, python)
    names = list(dict.fromkeys(name for rows in missing.values() for name in rows))
    everywhere = [name for name in names if all(name in missing.get(s, []) for s in missing)]
    decisions: list[Decision] = []
    if everywhere and len(missing) == len(install.TARGETS):
        text, decisions = install.build_wheels(folder, everywhere, text)
    else:
        everywhere = []
    by_name: dict[str, list[str]] = {}
    for system, rows in missing.items():
        for name in rows:
            if name not in everywhere:
                by_name.setdefault(name, []).append(system)
    for name, systems in by_name.items():
        where = " and ".join(systems)
        decisions.append(
            Decision(
                "NAT1", "B", f"{name} has no wheel for {where} with Python {python}.",
                "A package for that system cannot be built without one.", "requirements.txt",
                f"Build a wheel there and put it into wheels/, or do without {where}.",
            )
        )  # fmt: skip
    return text, decisions


def _finished(result: Result, folder: Path, project: Project) -> Result:
    apply.write_beside(folder, project, result.draft)
    report = json.dumps(to_json(union(result.decisions)), ensure_ascii=False, indent=2)
    (folder / REPORT).write_text(report + "\n", encoding="utf-8", newline="\n")
    result.folder = folder
    return result


def _inside(project: Project, options: Options, ask: Questions) -> Result:
    """The table goes into the project's own file, after it was shown."""
    modules = settings_module.candidates(project, options.settings) or [_first(project, options)]
    result = _decided(project, options, ask, modules[0])
    if _runs_here(project):
        with tempfile.TemporaryDirectory(prefix="djdesk-init-") as scratch:
            folder = Path(scratch).resolve()
            result.draft.set("project", str(project.base))

            def write() -> None:
                apply.write_beside(folder, project, result.draft)

            outcome = trial.until_it_loads(
                result.look, result.draft, folder, Path(sys.executable), write
            )
            result.draft.values.pop("project")
        _judge(result, outcome)
    file, before, after = apply.inside(project, result.draft)
    print(apply.diff(file, before, after), file=sys.stderr)
    if not options.yes and not ask.quiet and not ask.yes(f"Write this into {file}?"):
        raise ToolProblem("Nothing was written.", "The table can be made beside it with --out.")
    if ask.quiet and not options.yes:
        raise ToolProblem(
            f"{file} was not changed: nobody could be asked.", "Say --yes, or use --out."
        )
    file.write_text(after, encoding="utf-8", newline="\n")
    result.folder = project.base
    return result


def _runs_here(project: Project) -> bool:
    """Whether djdesk is installed in the project's own environment."""
    chosen = project.interpreter
    return chosen is not None and str(chosen.path.parent.parent) == sys.prefix


def _next(result: Result, options: Options) -> None:
    if result.folder is None:
        return
    print(f"\nThe table: {result.folder / 'pyproject.toml'}\n\nNow:\n  cd {result.folder}")
    own = install.python_of(result.folder).with_name("djdesk")
    program = ".venv/bin/djdesk" if options.out and own.is_file() else "djdesk"
    if not options.out and shutil.which("uv"):
        print("  uv add djdesk")
    print(f"  {program} start\n  {program} prove\n  {program} package")


def tell(what: str) -> None:
    print(f"djdesk init: {what}…", file=sys.stderr, flush=True)


def load_report(folder: Path) -> dict[str, Any]:
    """What an earlier run decided. Raises OSError and ValueError."""
    found: dict[str, Any] = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    return found
