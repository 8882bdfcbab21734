"""Looking into a folder without getting lost in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SKIPPED = {
    "node_modules",
    "bower_components",
    "site-packages",
    "dist-packages",
    "__pycache__",
    "__pypackages__",
    "build",
    "dist",
    "htmlcov",
    "static",
    "media",
    "docs",
}
# Folders of templates for `startproject` hold a manage.py that is nobody's project.
TEMPLATES = {"project_template", "app_template", "project_templates"}
ENTRY_LIMIT = 20_000


def is_environment(folder: Path) -> bool:
    """A virtual or conda environment."""
    return (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()


def folders(root: Path, depth: int) -> Iterator[tuple[Path, list[str]]]:
    """(folder, file names), breadth first, at most ``depth`` levels down; follows no link."""
    level = [root]
    seen = 0
    for _ in range(depth + 1):
        following: list[Path] = []
        for folder in level:
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError:
                continue
            files: list[str] = []
            for entry in entries:
                seen += 1
                if seen > ENTRY_LIMIT:
                    yield folder, files
                    return
                if entry.is_dir(follow_symlinks=False):
                    hidden = entry.name.startswith(".") or entry.name in SKIPPED | TEMPLATES
                    if not hidden and not is_environment(Path(entry.path)):
                        following.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
            yield folder, files
        level = following


def read_text(file: Path, limit: int = 1_000_000) -> str | None:
    """The text of a small file, or None. Devices, pipes and huge files are not opened."""
    try:
        if not file.is_file() or file.stat().st_size > limit:
            return None
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return None
