"""Returns a workspace's project if its code may be run right now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from djdesk.messages import say

from ..models import Preferences, Workspace

if TYPE_CHECKING:
    from djdesk.projects.discovery.project import Project


class CannotRun(Exception):
    """Why a command is not started, as a sentence."""


def trusted_project(workspace: Workspace) -> tuple[Project, dict[str, Any]]:
    """The project and its trusted interpreter. Raises CannotRun.

    Trust is checked again here, because it may have been withdrawn since the user asked.
    """
    from djdesk.projects.discovery.project import DiscoveryError, find_project

    try:
        project = find_project(
            Path(workspace.path),
            python=workspace.python or None,
            settings=workspace.settings_module or None,
        )
    except DiscoveryError as error:
        raise CannotRun(error.reason) from error
    chosen = chosen_interpreter(project.as_dict())
    if not Preferences.load().runs_code:
        raise CannotRun(say("The preferences do not allow running project code."))
    if chosen is None or not workspace.trusts(chosen["path"]):
        raise CannotRun(say("This folder is not trusted to run with the chosen interpreter."))
    return project, chosen


def chosen_interpreter(project: Mapping[str, Any]) -> dict[str, Any] | None:
    """The interpreter that discovery chose, or None if no interpreter is usable."""
    for interpreter in project.get("interpreters") or []:
        if interpreter.get("chosen") and interpreter.get("usable"):
            return interpreter
    return None
