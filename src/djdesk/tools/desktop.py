"""The environment that a process of the app is started with by the developer's commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path

from djdesk.app import App

Mode = Literal["development", "packaged", "test"]
SETTINGS = "djdesk.overlay.settings"
# What would tell a Python, or Django, to do something else than the app's table says.
UNWANTED = ("PYTHON", "DJANGO_", "DJDESK_DATA", "DJDESK_APP", "DJDESK_MODE")


def data_folder(app: App) -> Path:
    """Where the shell keeps the app's data when nobody says otherwise."""
    named = app.slug if sys.platform not in ("win32", "darwin") else app.name
    return user_data_path(named, appauthor=False)


def environment(
    app: App, mode: Mode, data_dir: Path, *, root: Path | None = None
) -> dict[str, str]:
    """``root``: the project folder, where it is not the app's own (it is staged elsewhere)."""
    kept = {
        name: value for name, value in os.environ.items() if not name.upper().startswith(UNWANTED)
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DJDESK_APP": str(root or app.root),
        "DJDESK_MODE": mode,
        "DJDESK_DATA_DIR": str(data_dir),
    }
