"""Input and output of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from djdesk.app import App

Settings = Mapping[str, Any]

MODES = ("packaged", "development", "test")
# As a value: unset the setting.
DROPPED = object()


@dataclass(frozen=True, slots=True)
class Context:
    """What rules know besides the settings.

    ``mode``: ``packaged`` as users run it, ``development`` (debug pages, static files from the
    apps), or ``test``. ``launched``: by the shell, with a token. ``django``: version, such as ``(5,
    2)``. ``zone``: TZ of the environment before Django changed it. ``secret_key``: the
    installation's own.
    """

    app: App
    mode: str
    data_dir: Path
    django: tuple[int, int]
    launch_id: str = ""
    launched: bool = False
    secret_key: str = ""
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """``changes`` replace the settings of these names. ``said``: what was decided and why, one
    line. ``folders``: folders of the data folder that they require."""

    said: str
    changes: dict[str, Any] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()


# Pure: no files, environment or globals. None: nothing to do.
Rule = Callable[[Settings, Context], Decision | None]


class OverlayProblem(Exception):
    """The project cannot run on a desktop with its settings. The message begins with
    the rule's id.
    """


def after(listed: list[str], name: str, *places: str) -> list[str]:
    """``listed`` with ``name`` inserted after the last of ``places`` in it, else at the front."""
    if name in listed:
        return listed
    at = max((listed.index(place) + 1 for place in places if place in listed), default=0)
    return [*listed[:at], name, *listed[at:]]
