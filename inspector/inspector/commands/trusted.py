"""Discovers a project whose code may be run right now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from djdesk.messages import say

from ..models import Preferences, Project

if TYPE_CHECKING:
    from djdesk.projects.discovery.interpreters import InterpreterRow
    from djdesk.projects.discovery.project import DiscoveredProject


class CannotRun(Exception):
    """Why a command is not started, as a sentence."""


def discover_trusted(project: Project) -> tuple[DiscoveredProject, InterpreterRow]:
    """The project and its trusted interpreter. Raises CannotRun.

    Trust is checked again here, because it may have been withdrawn since the user asked.
    """
    from djdesk.projects.discovery.project import DiscoveryError, find_project

    try:
        discovered = find_project(
            Path(project.path),
            python=project.python or None,
            settings=project.settings_module or None,
        )
    except DiscoveryError as error:
        raise CannotRun(error.reason) from error
    chosen = chosen_interpreter(discovered.as_dict())
    if not Preferences.load().runs_code:
        raise CannotRun(say("The preferences do not allow running project code."))
    if chosen is None or not project.trusts(chosen["path"]):
        raise CannotRun(say("This folder is not trusted to run with the chosen interpreter."))
    return discovered, chosen


class Discovered(TypedDict):
    """The part of a discovered project that says what could run it."""

    interpreters: list[InterpreterRow]


def chosen_interpreter(discovered: Discovered) -> InterpreterRow | None:
    """The interpreter that discovery chose, or None if no interpreter is usable."""
    for interpreter in discovered.get("interpreters") or []:
        if interpreter.get("chosen") and interpreter.get("usable"):
            return interpreter
    return None
