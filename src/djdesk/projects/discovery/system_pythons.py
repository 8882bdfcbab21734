"""System Pythons that belong to no environment: the last resort."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from djdesk.projects.discovery.walk import environment_of, is_environment

NAMES = ("python.exe",) if sys.platform == "win32" else ("python3", "python")
# pyenv's and asdf's shims depend on the current folder; Windows' stubs open the store.
NOT_THEM = {"shims", "WindowsApps"}


def on_the_path() -> Iterator[Path]:
    """Each Python on PATH, except environments and DJDesk's own."""
    own = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    seen: set[Path] = set()
    for folder in map(Path, os.get_exec_path()):
        if not folder.is_absolute() or folder.name in NOT_THEM:
            continue
        for name in NAMES:
            python = folder / name
            try:
                real = python.resolve(strict=True)
            except (OSError, RuntimeError):
                continue
            prefix = environment_of(python)
            if real in seen or is_environment(prefix) or prefix.resolve() in own:
                continue
            seen.add(real)
            yield python
