"""The app's icons, drawn from the picture named in its table."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from djdesk.app import App

from . import plan
from .nodejs import find_node
from .problem import ToolProblem


def folder(app: App) -> Path:
    return plan.made(app) / "stage" / "icons"


def draw(app: App) -> Path:
    """Draw them unless they are newer than the picture and the table. Returns their folder:
    png/*.png, icon.ico, icon.icns."""
    picture = app.root / app.icon if app.icon else plan.shell_folder(app) / "electron/pages/app.svg"
    if not picture.is_file():
        raise ToolProblem(
            f"There is no picture {picture}.",
            "Set icon in [tool.djdesk] of pyproject.toml to an SVG file.",
        )
    out = folder(app)
    stamp = out / "icon.icns"
    # The table may now name another, older picture.
    changed = max(one.stat().st_mtime for one in (picture, app.root / "pyproject.toml"))
    if stamp.is_file() and stamp.stat().st_mtime >= changed:
        return out
    env = os.environ | {"DJDESK_PLAN": str(plan.write_plan(app))}
    done = subprocess.run(
        [find_node(), plan.NODE_TOOLS / "icons.js", picture, out], env=env, check=False
    )
    if done.returncode != 0:
        raise ToolProblem("The icons could not be drawn.", "The lines above name the cause.")
    return out
