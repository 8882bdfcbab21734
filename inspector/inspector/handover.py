"""Secret values on their way from the window to the next scan: one file, read once, never kept.

The window and the worker are two processes that share nothing but the data folder. A value that
looks like a secret is not stored: it waits in a file that only this user may read, and the worker
removes it before the project starts. One that nobody fetches is removed after ``LIFETIME``.
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

from .models import Workspace

FOLDER = "handover"
LIFETIME = 600.0  # seconds


def is_secret(name: str, value: str = "") -> bool:
    """Whether a variable must not be stored: by its name, or because the value says so."""
    return secret_name(name) or scrub(value[:2000]) != value[:2000]


def give(workspace: Workspace, values: dict[str, str]) -> None:
    """Leave the values for this workspace's next scan, in place of any that wait already."""
    sweep()
    if not values:
        return
    path = _path(workspace)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.unlink(missing_ok=True)
    # O_EXCL: the file is ours from its first byte on, with the mode that is asked for.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file)


def take(workspace: Workspace) -> dict[str, str]:
    """The values that wait for this workspace; they are gone afterwards."""
    sweep()
    path = _path(workspace)
    try:
        values = load_json(read_bytes(path))
    except (OSError, Unreadable):
        values = {}
    path.unlink(missing_ok=True)
    values = values if isinstance(values, dict) else {}
    return {str(name): str(value) for name, value in values.items()}


def sweep() -> None:
    """Remove what was never fetched, such as after a scan that was cancelled while it waited."""
    oldest = time.time() - LIFETIME
    for path in (settings.DATA_DIR / FOLDER).glob("*.json"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _path(workspace: Workspace) -> Path:
    return settings.DATA_DIR / FOLDER / f"{workspace.pk}.json"
