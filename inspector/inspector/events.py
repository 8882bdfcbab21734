"""The engine's events: from children and stages, and as yielded by `inspect`.

They are plain dictionaries that can be stored as they are; `event` holds the type. docs/engine.md
lists the public ones, and a test compares that list with this module.
"""

from typing import Any, Literal, NotRequired, TypedDict

from inspector.run.child import Ended

Source = Literal["static", "live"]
Status = Literal["complete", "partial", "failed", "cancelled"]
# Why a child stopped: on its own, or what ended it. `not-copied`: there was no private copy to run.
Why = Ended | Literal["crash", "not-copied"]
# Section data and errors come from children: `facts.shape` checks the data, `stages` builds the
# errors.
Data = dict[str, Any]


class ProjectEvent(TypedDict):
    """``data``: `Project.as_dict()`, and ``git``."""

    event: Literal["project"]
    data: Data


class StageEvent(TypedDict):
    """``text``: the current activity. ``progress``: 0 to 1 over the whole scan, None if unknown."""

    event: Literal["stage"]
    name: Source
    text: str
    progress: float | None


class SectionEvent(TypedDict):
    """``data`` if ``ok``, else ``error``: ``{type, message, trace, hint, file, line}``, with more
    keys for `runtime`.
    """

    event: Literal["section"]
    name: str
    source: Source
    ok: bool
    seconds: float
    data: NotRequired[Data]
    error: NotRequired[Data]


class EndEvent(TypedDict):
    """``changed``: project files that changed during the scan."""

    event: Literal["end"]
    status: Status
    seconds: float
    error: Data | None
    changed: list[str]


Event = ProjectEvent | StageEvent | SectionEvent | EndEvent


class PlacesEvent(TypedDict):
    """Where each object is defined, passed from the static half to the live half."""

    event: Literal["places"]
    data: Data


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
    error: Data | None
    had_runtime: bool


ChildEvent = SectionEvent | PlacesEvent | FilesEvent | StoppedEvent
# Everything the live half yields: events of children, and stages in between.
LiveEvent = ChildEvent | StageEvent
