"""Without ``--out``: write the table into the project's own pyproject.toml after showing it."""

from __future__ import annotations

import sys
from pathlib import Path

from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.readiness import table
from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.decide import decided
from djdesk.projects.readiness.options import Options, Result, tell
from djdesk.tools.init.find import candidates
from djdesk.tools.problem import ToolProblem
from djdesk.tools.scratch import temporary_folder
from djdesk.tools.stage.places import pinned_python

from . import apply, trial
from .dependencies import findings


def in_place(project: DiscoveredProject, options: Options, ask: Questions) -> Result:
    """Write the table into the project's own file after showing it."""
    apply.without_table(project)
    modules = candidates(project, options, ask)
    result = decided(project, options, ask, modules[0])
    if _runs_here(project):
        with temporary_folder("init") as scratch:
            folder = scratch
            result.draft.set("project", str(project.base))

            def write() -> None:
                table.write_beside(folder, project, result.draft)

            outcome = trial.until_it_loads(
                result.look, result.draft, folder, Path(sys.executable), write
            )
            result.draft.values.pop("project")
        result.decisions += trial.judged(outcome, result.draft, result.decisions, result.look)
    tell("packages")
    python = options.python or ".".join(pinned_python().split(".")[:2])
    result.decisions += findings.another_python(project, python)
    result.decisions += findings.in_place(project, python)
    file, before, after = apply.inside(project, result.draft)
    print(apply.diff(file, before, after), file=sys.stderr)
    if not options.yes and not ask.quiet and not ask.yes(f"Write this into {file}?"):
        raise ToolProblem(
            "Nothing was written.", "To create the app beside the project, use --out."
        )
    if ask.quiet and not options.yes:
        raise ToolProblem(
            f"{file} was not changed: there was nobody to ask.", "Add --yes, or use --out."
        )
    file.write_text(after, encoding="utf-8", newline="\n")
    result.folder = project.base
    return result


def _runs_here(project: DiscoveredProject) -> bool:
    """Whether djdesk is installed in the project's own environment."""
    chosen = project.interpreter
    return chosen is not None and str(chosen.path.parent.parent) == sys.prefix
