"""Bundled libraries: a folder of the project that contains Django."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from djdesk.projects.discovery.walk import is_environment, is_link
from djdesk.projects.reading import read_text

DEPTH = 3
MOST = 4000  # folders to search; a bundle is near the top
NEVER = {"node_modules", "__pycache__", "site-packages", "dist-packages"}


def find_bundled(root: Path) -> list[Path]:
    """Folders below ``root`` that must be on sys.path, because they contain Django."""
    return [folder for folder in _folders(root) if (folder / "django/apps/registry.py").is_file()]


def bundled_django(folders: list[Path]) -> str | None:
    """The version of Django in the first of them, or None."""
    for folder in folders:
        text = read_text(folder / "django" / "__init__.py") or ""
        if found := re.search(r"^VERSION = \((\d+), (\d+), (\d+)", text, re.MULTILINE):
            return ".".join(found.groups())
    return None


def _folders(root: Path) -> Iterator[Path]:
    """``root`` and its subfolders, breadth first; a bundle may be called dist or build."""
    level, seen = [root], 0
    for depth in range(DEPTH + 1):
        following: list[Path] = []
        for folder in level:
            seen += 1
            if seen > MOST:
                return
            yield folder
            if depth == DEPTH:
                continue
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if entry.name.startswith(".") or entry.name in NEVER:
                    continue
                place = Path(entry.path)
                if is_link(entry) or not entry.is_dir(follow_symlinks=False):
                    continue
                if not is_environment(place):
                    following.append(place)
        level = following
