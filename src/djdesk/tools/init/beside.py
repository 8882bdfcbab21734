"""``--out``: a small project beside the one that must not be edited, with its environment."""

from __future__ import annotations

import json
import re
from pathlib import Path

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.project import Project
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
from .dependencies import install, resolve

INTERRUPTED = Decision("INIT1", "C", "djdesk init did not come to its end.", todo="Run it again.")


def beside(project: Project, options: Options, ask: Questions) -> Result:
    assert options.out is not None
    folder = options.out.absolute()
    try:
        table.new_folder(folder, project.root)
    except table.Refused as no:
        hint = "Choose a folder beside it: --out ../NAME-desktop"
        raise ToolProblem(str(no), hint) from no
    # Until the end of this: a later run may begin anew in this folder.
    _report(folder, [INTERRUPTED])
    python = options.python or ".".join(pinned_python().split(".")[:2])
    modules = candidates(project, options)
    packages = python_decision(project, python)
    tell("packages")
    resolved = resolve.resolve(project, python, [])
    packages += resolved.decisions
    if resolved.problem:
        packages.append(
            Decision(
                "DEP1", "C", f"The packages do not fit Python {python} and the desktop's together.",
                resolved.problem[:1200], "", "Change the versions that the message names.",
            )
        )  # fmt: skip
        result = decided(project, options, ask, modules[0])
        result.decisions += packages
        result.draft.set("project", table.to_project(folder, project.base))
        return _finished(result, folder, project)
    tell(f"environment with {len(resolved.versions)} packages")
    text, left_out = install.make(folder, python, resolved.text, older=resolved.older_setuptools)
    packages += left_out
    refused = ""
    tries: list[tuple[Result, trial.Outcome]] = []
    for module in modules:
        result = decided(
            project, options, ask, module,
            packages=install.packages_of(folder), refused=refused,
        )  # fmt: skip
        tell(f"loading with {module.module}")
        outcome, text = _loaded(result.look, result.draft, folder, text, python, packages)
        tries.append((result, outcome))
        if outcome.ok:
            break
        reason = trial.failure(outcome)
        refused += f" {module.module} does not load here: {reason.what}"
    # Where none loads, what is wrong with the best is told.
    result, outcome = tries[-1] if tries[-1][1].ok else tries[0]
    result.decisions += trial.judged(outcome, result.draft, result.decisions)
    tell("wheels for Linux, macOS and Windows")
    text, wheels = _wheels(folder, text, python)
    (folder / "requirements.txt").write_text(text, encoding="utf-8", newline="\n")
    result.decisions += packages + wheels
    return _finished(result, folder, project)


def python_decision(project: Project, python: str) -> list[Decision]:
    """PY1: the app's Python is another than the project asks for."""
    wanted = project.declared.requires_python or ""
    if not wanted or allows(wanted, python):
        return []
    return [
        Decision(
            "PY1", "B", f"The app runs on Python {python}; the project asks for {wanted}.",
            f"Packages ship Python {python}.", "",
            "Run the project's tests with it: djdesk test.",
        )
    ]  # fmt: skip


def allows(specifier: str, python: str) -> bool:
    """Whether ``>=3.10,<3.13`` (or Poetry's ``^3.10``) allows ``3.13``."""
    have = tuple(map(int, python.split(".")))
    for part in specifier.replace(" ", "").split(","):
        match = re.match(r"(>=|<=|==|~=|!=|>|<|\^|~)?(\d+)(?:\.(\d+))?", part)
        if match is None:
            continue
        sign, want = match[1] or "==", (int(match[2]), int(match[3] or 0))
        holds = {
            ">=": have >= want, "<=": have <= want, "==": have == want, "!=": have != want,
            ">": have >= want, "<": have < want, "~": have == want,
            "~=": have >= want and have[0] == want[0], "^": have >= want and have[0] == want[0],
        }  # fmt: skip
        if match[3] is None and sign == "==":
            holds["=="] = have[0] == want[0]
        if not holds[sign]:
            return False
    return True


def _loaded(
    look: Look, draft: Draft, folder: Path, text: str, python: str, packages: list[Decision]
) -> tuple[trial.Outcome, str]:
    """Load it; a package that only the project's development names is added, and told."""
    draft.set("project", table.to_project(folder, look.base))
    added: list[str] = []
    wider: list[str] = []

    def write() -> None:
        table.write_beside(folder, look.project, draft)

    while True:
        outcome = trial.until_it_loads(look, draft, folder, install.python_of(folder), write)
        if not outcome.ok and outcome.module and not wider:
            wider = of_the_repository(look, outcome.module)
            if wider:
                draft.set("project", table.to_project(folder, look.project.root))
                draft.set("path", list(dict.fromkeys([*wider, *(draft.get("path") or [])])))
                packages.append(
                    Decision(
                        "PATH1", "",
                        f"The repository is the project, with {', '.join(wider)} on the path.",
                        f"The settings import {outcome.module}, which lies beside manage.py's "
                        "folder.", outcome.facts["place"],
                    )
                )  # fmt: skip
                continue
        extra = "" if outcome.ok or not outcome.module else declared(look, outcome.module)
        if not extra or extra in added or len(added) > 8:
            return outcome, text
        added.append(extra)
        again = resolve.resolve(look.project, python, added)
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


def of_the_repository(look: Look, module: str) -> list[str]:
    """In a repository of several folders: manage.py's and the one that holds ``module``, relative
    to the root; empty where no folder does."""
    root, top = look.project.root, module.partition(".")[0]
    if look.base == root:
        return []
    for place in (root, root / "src", root / "lib", *sorted(root.iterdir())):
        if place == look.base or not place.is_dir() or place.name.startswith("."):
            continue
        if (place / top / "__init__.py").is_file() or (place / f"{top}.py").is_file():
            own = look.base.relative_to(root).as_posix()
            return [own, *([place.relative_to(root).as_posix()] if place != root else [])]
    return []


def declared(look: Look, module: str) -> str:
    """The requirement of any group that brings ``module``, or empty."""
    top = normalize(module.partition(".")[0])
    if top in ("psycopg", "psycopg2"):
        # Django imports it for contrib.postgres on any database.
        return "psycopg[binary]"
    for one in look.declared.requirements:
        name = normalize(one.name)
        if top == name or name.startswith(f"{top}-") or name.endswith(f"-{top}"):
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


def _report(folder: Path, decisions: list[Decision]) -> None:
    text = json.dumps(to_json(decisions), ensure_ascii=False, indent=2)
    (folder / table.REPORT).write_text(text + "\n", encoding="utf-8", newline="\n")


def _finished(result: Result, folder: Path, project: Project) -> Result:
    table.write_beside(folder, project, result.draft)
    _report(folder, union(result.decisions))
    result.folder = folder
    return result
