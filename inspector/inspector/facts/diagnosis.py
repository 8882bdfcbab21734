"""Why a project does not load: the cause in plain words, what is missing, and remedies."""

from __future__ import annotations

from collections.abc import Callable

from djdesk.messages import say
from djdesk.projects.discovery.project import DiscoveredProject
from inspector.facts.causes.cause import Cause, place
from inspector.facts.causes.interpreters import interpreter, syntax
from inspector.facts.causes.limits import limits
from inspector.facts.causes.modules import modules
from inspector.facts.causes.refusals import refusals
from inspector.facts.causes.settings import settings
from inspector.facts.causes.variables import variables
from inspector.sections.common import Error

Rule = Callable[[DiscoveredProject, Error, str, str], Cause | None]
# The first rule that finds a cause wins.
RULES: list[Rule] = [interpreter, limits, syntax, refusals, modules, variables, settings]


def diagnose(project: DiscoveredProject, error: Error) -> Cause:
    """The cause; falls back to a general but true statement."""
    kind, message = str(error.get("type", "")), str(error.get("message", ""))
    for rule in RULES:
        if cause := rule(project, error, kind, message):
            return cause
    return Cause(
        "other",
        say(
            "Loading stopped with {kind}{place}. The static facts are still shown; the traceback "
            "shows where the project's code failed.",
            kind=kind,
            place=place(error),
        ),
    )
