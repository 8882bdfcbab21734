"""Passes secret values from the window to the next scan in one file that is read once.

The window and the worker are two processes that share only the data folder. Values that look secret
are never stored in the database: they wait in a file that only this user can read, and the worker
deletes it before the project starts. A file that no scan fetches is deleted after ``LIFETIME``.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path

from django.conf import settings

from djdesk.projects.reading import Unreadable, load_json, read_bytes
from djdesk.projects.redact import scrub, secret_name

from ..models import Project

FOLDER = "handover"
LIFETIME = 600.0  # seconds


def is_secret(name: str, value: str = "") -> bool:
    """Whether a variable must not be stored, judged by its name or its value."""
    return secret_name(name) or scrub(value[:2000]) != value[:2000]


def give(project: Project, values: dict[str, str]) -> None:
    """Store the values for this project's next scan, replacing any that are still waiting."""
    sweep()
    if not values:
        return
    path = _path(project)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    # O_EXCL: we create the file ourselves, with the requested mode from the start.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file)


def take(project: Project) -> dict[str, str]:
    """Return the waiting values for this project and delete them."""
    sweep()
    path = _path(project)
    try:
        values = load_json(read_bytes(path))
    except (OSError, Unreadable):
        values = {}
    path.unlink(missing_ok=True)
    values = values if isinstance(values, dict) else {}
    return {str(name): str(value) for name, value in values.items()}


def sweep() -> None:
    """Remove values that were never fetched, for example because the scan was cancelled in the
    queue.
    """
    oldest = time.time() - LIFETIME
    for path in (settings.DATA_DIR / FOLDER).glob("*.json"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _path(project: Project) -> Path:
    return settings.DATA_DIR / FOLDER / f"{project.pk}.json"
