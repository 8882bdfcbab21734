"""Messages about a project's packages without installing any."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.readiness.report import Decision
from djdesk.tools.problem import ToolProblem
from djdesk.tools.scratch import temporary_folder

from . import install, resolve
from .versions import allows

# uv's words for an unreachable index: nothing is known about the packages then.
UNREACHABLE = re.compile(r"failed to fetch|error sending request|dns error|connect", re.IGNORECASE)


def in_place(project: DiscoveredProject, python: str) -> list[Decision]:
    """For a project that uses its developer's environment: packages that conflict with the
    desktop's, do not build, come from git or URLs, or lack a wheel."""
    with temporary_folder("init") as scratch:
        try:
            found = resolve.resolve(project, python, [])
            if found.problem and UNREACHABLE.search(found.problem):
                raise ToolProblem("the index cannot be reached.", "", found.problem)
            missing = {} if found.problem else install.missing_wheels(
                scratch, found.text, python
            )  # fmt: skip
        except ToolProblem as problem:
            return [
                Decision(
                    "DEP1", "", f"The packages were not checked: {problem}",
                    problem.detail[:600], "", problem.hint or "Run djdesk init again later.",
                )
            ]  # fmt: skip
    if found.problem:
        return [misfit(found.problem, python)]
    where = next((one.where for one in found.decisions if one.where), "")
    return [*found.decisions, *without_wheels(missing, python, where=where)]


def misfit(problem: str, python: str) -> Decision:
    """``problem``: uv's output."""
    return Decision(
        "DEP1", "C", f"The packages conflict with Python {python} or with the desktop's "
                     "packages.",
        problem[:1200], "", "Change the versions that the message names.",
    )  # fmt: skip


def another_python(project: DiscoveredProject, python: str) -> list[Decision]:
    """PY1: the app's Python differs from the one that the project asks for."""
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


def without_wheels(
    missing: Mapping[str, Sequence[str]],
    python: str,
    built: Collection[str] = (),
    where: str = "requirements.txt",
) -> list[Decision]:
    """``missing``: from install.missing_wheels; ``built``: those that have one by now; ``where``:
    the list that names them."""
    by_name: dict[str, list[str]] = {}
    for system, rows in missing.items():
        for name in rows:
            if name not in built:
                by_name.setdefault(name, []).append(system)
    return [
        Decision(
            "NAT1", "B", f"{name} has no wheel for {' and '.join(systems)} with Python {python}.",
            "A package for that system cannot be built without one.", where,
            f"Build a wheel there and put it into wheels/, or leave out {' and '.join(systems)}.",
        )
        for name, systems in by_name.items()
    ]  # fmt: skip
