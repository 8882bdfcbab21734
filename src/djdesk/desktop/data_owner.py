"""Refuse a data folder that belongs to another app."""

from __future__ import annotations

from pathlib import Path

from djdesk.app import App
from djdesk.messages import say

from . import datadir, ownfiles
from .launch import LaunchFailure

FILE = "data.json"


def check(folder: Path, app: App) -> None:
    """Raises LaunchFailure ``other_app`` for another app's data folder. Writes nothing.

    A folder without an app id (from before ids existed) is accepted only by the app whose default
    folder it is.
    """
    try:
        raw = ownfiles.read_json(folder / FILE)
    except (OSError, ValueError):
        return  # missing or damaged: data_startup.remembered starts with defaults
    if not isinstance(raw, dict):
        return
    owner = raw.get("app")
    if owner == app.id or (not owner and _is_default(folder, app)):
        return
    other = str(raw.get("app_name") or owner or say("another app"))
    raise LaunchFailure(
        "other_app",
        say(
            "The data folder {folder} belongs to {other_text}, not to {name}.",
            folder=folder,
            other_text=other,
            name=app.name,
        ),
        say("Start with another folder: --data-dir. Nothing was changed."),
        f"data.json says {owner!r}, this app is {app.id!r}",
    )


def _is_default(folder: Path, app: App) -> bool:
    return folder.resolve() == datadir.default(app).resolve()
