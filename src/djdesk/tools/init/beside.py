"""``--out``: a small project with its own environment beside a project that must not be edited."""

from __future__ import annotations

import json
from pathlib import Path

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.readiness import table
from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.decide import decided
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.options import Options, Result, tell
from djdesk.projects.readiness.report import Decision, to_json, union
from djdesk.tools.init.find import candidates
from djdesk.tools.problem import ToolProblem
from djdesk.tools.stage.places import pinned_python

from . import trial
from .dependencies import elsewhere, findings, install
from .dependencies.installed import Installed

INTERRUPTED = Decision("INIT1", "C", "djdesk init did not finish.", todo="Run it again.")


def beside(project: DiscoveredProject, options: Options, ask: Questions) -> Result:
    assert options.out is not None
    folder = options.out.absolute()
    try:
        table.new_folder(folder, project.root)
    except table.Refused as no:
        hint = "Choose a folder beside it: --out ../NAME-desktop"
        raise ToolProblem(str(no), hint) from no
    # Written first, so that an interrupted run can be started again in this folder.
    _report(folder, [INTERRUPTED])
    python = options.python or ".".join(pinned_python().split(".")[:2])
    modules = candidates(project, options, ask)
    packages = Installed(project, folder, python)
    packages.decisions += findings.another_python(project, python)
    tell("packages")
    resolved = packages.resolved()
    packages.decisions += resolved.decisions
    if resolved.problem:
        packages.decisions.append(findings.misfit(resolved.problem, python))
        result = decided(project, options, ask, modules[0])
        result.decisions += packages.decisions
        result.draft.set("project", table.to_project(folder, project.base))
        return _finished(result, folder, project)
    tell(f"environment with {len(resolved.versions)} packages")
    packages.begin(resolved)
    refused = ""
    tries: list[tuple[Result, trial.Outcome]] = []
    for module in modules:
        result = decided(
            project, options, ask, module,
            packages=install.packages_of(folder), refused=refused,
        )  # fmt: skip
        tell(f"loading with {module.module}")
        outcome = _loaded(result.look, result.draft, packages)
        tries.append((result, outcome))
        if outcome.ok:
            break
        reason = trial.failure(outcome)
        refused += f" {module.module} does not load here: {reason.what}"
    # If none loads, report the error of the best candidate: the first one with a ROOT_URLCONF.
    whole = [one for one in tries if "ROOT_URLCONF" not in one[1].facts.get("message", "")]
    result, outcome = tries[-1] if tries[-1][1].ok else [*whole, *tries][0]
    before = [*result.decisions, *packages.decisions]
    # What a package that could not be fetched leads to comes after it.
    result.decisions += [one for one in packages.decisions if one.rule == "DEP2"]
    result.decisions += trial.judged(outcome, result.draft, before, result.look)
    tell("wheels for Linux, macOS and Windows")
    while True:
        text, built = elsewhere.wheels_of(folder, packages.text)
        text, wheels, compiled = _wheels(folder, text, python)
        # Wheels built here fit only this system; another version may have wheels for all.
        if not any(packages.newer(name) for name in compiled):
            break
    (folder / "requirements.txt").write_text(text, encoding="utf-8", newline="\n")
    result.decisions += packages.decisions + built + wheels
    return _finished(result, folder, project)


# Modules removed from the standard library, each on PyPI as standard-NAME.
DROPPED = {
    "aifc", "asynchat", "asyncore", "cgi", "cgitb", "chunk", "crypt", "distutils", "imghdr",
    "mailcap", "nntplib", "pipes", "smtpd", "sndhdr", "sunau", "telnetlib", "uu", "xdrlib",
}  # fmt: skip


# Packages that others import without requiring them, because something else once brought them:
# Django pytz and six, pip's tools packaging and setuptools. Module and package have one name.
UNDECLARED = {"packaging", "pytz", "setuptools", "six", "typing_extensions"}


def _loaded(look: Look, draft: Draft, packages: Installed) -> trial.Outcome:
    """Load it; missing packages that only the project's development requirements name are added,
    outdated ones upgraded, and both are reported."""
    folder = packages.folder
    draft.set("project", table.to_project(folder, look.base))
    wider: list[str] = []

    def write() -> None:
        table.write_beside(folder, look.project, draft)

    while True:
        outcome = trial.until_it_loads(look, draft, folder, install.python_of(folder), write)
        if not outcome.ok and outcome.module:
            found = of_the_repository(look, outcome.module)
            if not set(found) <= set(wider):
                if not wider:
                    draft.set("project", table.to_project(folder, look.project.root))
                    draft.rebase(look.base.relative_to(look.project.root).as_posix())
                wider = list(dict.fromkeys([*wider, *found]))
                draft.set("path", list(dict.fromkeys([*wider, *(draft.get("path") or [])])))
                packages.decisions.append(
                    Decision(
                        "PATH1", "",
                        f"The repository is the project, with {', '.join(wider)} on the path.",
                        f"The app imports {outcome.module}, which is there.",
                        outcome.facts["place"],
                    )
                )  # fmt: skip
                continue
        facts = outcome.facts
        if outcome.ok:
            # Classes named in settings are imported only on first use, far too late.
            wanted = [(one["module"], one["setting"]) for one in facts["missing"] if one["module"]]
            if not any(
                packages.add(declared(look, module), f"{setting} wants it.", look.place_of(setting))
                for module, setting in wanted
            ):
                return outcome
            continue
        asked = facts["distribution"]
        if facts["type"] == "NameError" and "__version__" in facts["message"]:
            # It asked for its own version, found none, and went on without.
            asked = table.name_of(look.project)
        if asked and table.write_metadata(folder, look.project, asked):
            packages.decisions.append(
                Decision(
                    "DEP4", "", f"The app contains package metadata for {asked}.",
                    "The project looks up its own version, but is not installed.", facts["place"],
                )
            )  # fmt: skip
            continue
        extra = declared(look, outcome.module) if outcome.module else ""
        if packages.add(extra, f"the settings import {outcome.module}.", facts["place"]):
            continue
        top = outcome.module.partition(".")[0]
        if facts["packages"] and top in UNDECLARED and packages.add(
            top, f"a package imports {outcome.module}.", facts["packages"][-1].rpartition(
                "site-packages")[2].lstrip("/\\"),
            "The package does not declare it as a dependency. Other packages used to install "
            "it.",
        ):  # fmt: skip
            continue
        if outcome.module in DROPPED and packages.add(
            f"standard-{outcome.module}", f"{facts['line'] or outcome.module}", facts["place"],
            f"Python has had no module {outcome.module} since 3.13 (asynchat, asyncore, distutils "
            "and smtpd: 3.12).",
        ):  # fmt: skip
            continue
        why = f"{facts['type']}: {facts['message'][:200]}"
        if packages.keep(facts["lacking"], why, facts["place"]):
            continue
        if any(packages.renew(file, why) for file in facts["packages"]):
            continue
        if not (older := trial.with_older_names(draft, facts)):
            return outcome
        packages.decisions += older


def of_the_repository(look: Look, module: str) -> list[str]:
    """In a repository with several folders: manage.py's folder and the one that holds ``module``,
    relative to the root; empty if no folder does. A project that is a package itself, with its
    manage.py at the top, has it in ``src``."""
    root, top = look.project.root, module.partition(".")[0]
    for place in (root, root / "src", root / "lib", *sorted(root.iterdir())):
        if place == look.base or not place.is_dir() or place.name.startswith("."):
            continue
        there = (place / top / "__init__.py").is_file() or (place / f"{top}.py").is_file()
        # manage.py's own folder may be a package without an __init__.py.
        if there or place / top == look.base:
            found = [one.relative_to(root).as_posix() for one in (look.base, place)]
            return [one for one in found if one != "."]
    return []


def declared(look: Look, module: str) -> str:
    """The requirement, from any group, that provides ``module``, or empty."""
    top = normalize(module.partition(".")[0])
    if top in ("psycopg", "psycopg2"):
        # Django imports it for contrib.postgres on any database.
        return "psycopg[binary]"
    for one in look.declared.requirements:
        name = normalize(one.name)
        if top == name or name.startswith(f"{top}-") or name.endswith(f"-{top}"):
            # Keep a URL requirement: an index may have an unrelated package of that name.
            return f"{one.name}{one.specifier if one.specifier[:1] in '<>=!~@' else ''}"
    return ""


def _wheels(folder: Path, text: str, python: str) -> tuple[str, list[Decision], list[str]]:
    """The list with hashes of the wheels that were built, the messages, and the packages for which
    no index has a wheel and none could be built for every system."""
    missing = install.missing_wheels(folder, text, python)
    names = list(dict.fromkeys(name for rows in missing.values() for name in rows))
    everywhere = [
        name
        for name in names
        if install.systems_of(text, name) <= {s for s, rows in missing.items() if name in rows}
    ]
    text, decisions = install.build_wheels(folder, everywhere, text)
    compiled = [name for name, one in zip(everywhere, decisions, strict=True) if one.level == "B"]
    decisions += findings.without_wheels(missing, python, everywhere)
    return text, decisions, compiled


def _report(folder: Path, decisions: list[Decision]) -> None:
    text = json.dumps(to_json(decisions), ensure_ascii=False, indent=2)
    (folder / table.REPORT).write_text(text + "\n", encoding="utf-8", newline="\n")


def _finished(result: Result, folder: Path, project: DiscoveredProject) -> Result:
    table.write_beside(folder, project, result.draft)
    _report(folder, union(result.decisions))
    result.folder = folder
    return result
