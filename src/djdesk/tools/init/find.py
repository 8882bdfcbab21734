"""Find the project and its settings, or explain why there is none."""

from __future__ import annotations

from pathlib import Path

from djdesk.projects.discovery.project import DiscoveredProject, DiscoveryError, find_project
from djdesk.projects.discovery.settings_modules import SettingsModule
from djdesk.projects.readiness.ask import Questions
from djdesk.projects.readiness.options import Options
from djdesk.projects.readiness.rules import settings_module
from djdesk.tools.problem import ToolProblem


def find(folder: Path, *, settings: str | None, manage: str | None) -> DiscoveredProject:
    """Raises ToolProblem with what was looked for."""
    place = folder / manage if manage else folder
    try:
        return find_project(place, settings=settings)
    except DiscoveryError as error:
        found = [*error.looked_for, *error.found]
        raise ToolProblem(error.reason, "", "\n".join(f"  {line}" for line in found)) from error


def candidates(
    project: DiscoveredProject, options: Options, ask: Questions
) -> list[SettingsModule]:
    """Possible settings modules, best first; asks the user if several are equally likely. Raises
    ToolProblem if there is none."""
    found = settings_module.candidates(project, options.settings)
    if not found:
        named = ", ".join(one.module for one in project.settings_modules) or "none"
        raise ToolProblem(
            f"The settings module {options.settings} was not found."
            if options.settings
            else "The project has no settings module that can be found.",
            f"There are: {named}. Choose one with --settings.",
        )
    tied = [one.module for one in settings_module.alike(found)]
    chosen = ask.choose("Which settings are for users?", tied)
    return sorted(found, key=lambda one: one.module != chosen)
