"""The events of the engine: what children and stages say, and what `inspect` yields.

Plain dictionaries, so that they can be written down as they are; `event` tells which one it is.
The table of docs/engine.md names the public ones, and a test holds it to these.
"""

from typing import Any, Literal, NotRequired, TypedDict

from inspector.run.child import Ended

Source = Literal["static", "live"]
Status = Literal["complete", "partial", "failed", "cancelled"]
# Why a child stopped: by itself, or what ended it. `not-copied`: there was no private copy to run.
Why = Ended | Literal["crash", "not-copied"]
# Data of a section and errors come from children: `facts.shape` looks at the first, and
# `stages` puts the second together.
Data = dict[str, Any]


class ProjectEvent(TypedDict):
    """``data``: `Project.as_dict()`, and ``git``."""

    event: Literal["project"]
    data: Data


class StageEvent(TypedDict):
    """``text``: what is being done. ``progress``: 0 to 1 over the whole scan, or None where nothing
    true can be said."""

    event: Literal["stage"]
    name: Source
    text: str
    progress: float | None


class SectionEvent(TypedDict):
    """``data`` when ``ok``, else ``error``: ``{type, message, trace, hint, file, line}``, of the
    section `runtime` more."""

    event: Literal["section"]
    name: str
    source: Source
    ok: bool
    seconds: float
    data: NotRequired[Data]
    error: NotRequired[Data]


class EndEvent(TypedDict):
    """``changed``: files of the project that differ from before."""

    event: Literal["end"]
    status: Status
    seconds: float
    error: Data | None
    changed: list[str]


Event = ProjectEvent | StageEvent | SectionEvent | EndEvent


class PlacesEvent(TypedDict):
    """Where the files define what, from the static half for the live one."""

    event: Literal["places"]
    data: Data


class FilesEvent(TypedDict):
    """Files of the project that a child has read, when other settings were checked."""

    event: Literal["files"]
    files: list[str]


class StoppedEvent(TypedDict):
    """The last event of each child. ``error``: None where nothing went wrong. ``had_runtime``:
    whether its section `runtime` came."""

    event: Literal["stopped"]
    why: Why
    error: Data | None
    had_runtime: bool


ChildEvent = SectionEvent | PlacesEvent | FilesEvent | StoppedEvent
# What the live half as a whole says: children, and stages between them.
LiveEvent = ChildEvent | StageEvent
