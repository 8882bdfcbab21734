"""The environment that a process of the app is started with by the developer's commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from djdesk.app import App

from .problem import ToolProblem

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


def check_loading(folder: Path, env: dict[str, str]) -> None:
    """Raises ToolProblem where this Python cannot load the app, in ``folder`` and with ``env``."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "djdesk.desktop.loading"],
        cwd=folder, env=env, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise ToolProblem(done.stderr.strip())
