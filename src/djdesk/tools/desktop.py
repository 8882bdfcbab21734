"""The environment in which the developer's commands start the app's processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from djdesk.app import App

from .problem import ToolProblem

Mode = Literal["development", "packaged", "test"]
SETTINGS = "djdesk.overlay.settings"
# Variables that would override the app's table in Python or Django.
UNWANTED = ("PYTHON", "DJANGO_", "DJDESK_DATA", "DJDESK_APP", "DJDESK_MODE")


def environment(
    app: App, mode: Mode, data_dir: Path, *, root: Path | None = None
) -> dict[str, str]:
    """``root``: the project folder, if it is not the app's own (a staged copy)."""
    kept = {
        name: value for name, value in os.environ.items() if not name.upper().startswith(UNWANTED)
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DJDESK_APP": str(root or app.root),
        "DJDESK_MODE": mode,
        "DJDESK_DATA_DIR": str(data_dir),
    }


def git_elsewhere(project: Path, folder: Path) -> dict[str, str]:
    """Variables for a project that asks git for its version: git locks and refreshes a copy of the
    index in ``folder``. `git describe --dirty` would write beside the project's own.

    setuptools_scm takes git's variables away before it asks. It is given a version instead, as a
    package has no git folder either."""
    for place in (project, *project.parents):
        index = place / ".git" / "index"
        if index.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            copy = shutil.copyfile(index, folder / "git-index")
            return {
                "GIT_INDEX_FILE": str(copy),
                "GIT_OPTIONAL_LOCKS": "0",
                "SETUPTOOLS_SCM_PRETEND_VERSION": "0",
            }
    return {}


def check_loading(folder: Path, env: dict[str, str]) -> None:
    """Raises ToolProblem if this Python cannot load the app in ``folder`` with ``env``."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "djdesk.desktop.loading"],
        cwd=folder, env=env, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise ToolProblem(done.stderr.strip())
