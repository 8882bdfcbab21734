"""The environment that a process of the app is started with by the developer's commands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from djdesk.app import App

Mode = Literal["development", "packaged", "test"]
SETTINGS = "djdesk.overlay.settings"
# What would tell a Python, or Django, to do something else than the app's table says.
UNWANTED = ("PYTHON", "DJANGO_", "DJDESK_DATA", "DJDESK_APP", "DJDESK_MODE")


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
