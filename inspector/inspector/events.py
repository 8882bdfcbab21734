"""The engine's events: from children and stages, and as yielded by `inspect`.

They are plain dictionaries that can be stored as they are; `event` holds the type. docs/engine.md
lists the public ones, and a test compares that list with this module.
"""

from typing import Any, Literal, TypedDict

from inspector.run.child import Ended
from inspector.sections.behaviour import BehaviourSectionEvent
from inspector.sections.checks import CheckSectionEvent
from inspector.sections.code import CodeSectionEvent
from inspector.sections.common import Error, EventOf, Source
from inspector.sections.migrations import MigrationSectionEvent
from inspector.sections.models import ModelSectionEvent
from inspector.sections.project import ProjectSectionEvent
from inspector.sections.scan import ProjectFacts, Status
from inspector.sections.templates import TemplateSectionEvent

# Why a child stopped: on its own, or what ended it. `not-copied`: there was no private copy to run.
Why = Ended | Literal["crash", "not-copied"]
# Where objects are defined, by name; goes from one child to the other and is not looked at.
Places = dict[str, Any]


class ProjectEvent(TypedDict):
    """``data``: `Project.as_dict()`, and ``git``."""

    event: Literal["project"]
    data: ProjectFacts


class StageEvent(TypedDict):
    """``text``: the current activity. ``progress``: 0 to 1 over the whole scan, None if unknown."""

    event: Literal["stage"]
    name: Source
    text: str
    progress: float | None


class Sql(TypedDict):
    """The SQL of one migration, which is no section of a snapshot: made on request only.

    ``state``: ok, gone, driver or database.
    """

    state: str
    lines: list[str]
    driver: str | None
    why: str | None
    tables: Any


SectionEvent = (
    ProjectSectionEvent
    | ModelSectionEvent
    | MigrationSectionEvent
    | CheckSectionEvent
    | BehaviourSectionEvent
    | CodeSectionEvent
    | TemplateSectionEvent
    | EventOf[Literal["sql"], Sql]
)


class EndEvent(TypedDict):
    """``changed``: project files that changed during the scan."""

    event: Literal["end"]
    status: Status
    seconds: float
    error: Error | None
    changed: list[str]


Event = ProjectEvent | StageEvent | SectionEvent | EndEvent


class PlacesEvent(TypedDict):
    """Where each object is defined, passed from the static half to the live half."""

    event: Literal["places"]
    data: Places


class FilesEvent(TypedDict):
    """Project files that a child read while checking other settings."""

    event: Literal["files"]
    files: list[str]


class StoppedEvent(TypedDict):
    """The last event of each child. ``error``: None if nothing went wrong. ``had_runtime``: whether
    the section `runtime` arrived.
    """

    event: Literal["stopped"]
    why: Why
    error: Error | None
    had_runtime: bool


ChildEvent = SectionEvent | PlacesEvent | FilesEvent | StoppedEvent
# Everything the live half yields: events of children, and stages in between.
LiveEvent = ChildEvent | StageEvent
