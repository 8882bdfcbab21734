"""Walk a folder within limits."""

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
# Templates for `startproject` contain a manage.py that belongs to no project.
TEMPLATES = {"project_template", "app_template", "project_templates"}
ENTRY_LIMIT = 20_000


def is_environment(folder: Path) -> bool:
    """A virtual or conda environment."""
    return (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()


def environment_of(python: Path) -> Path:
    """The folder that an interpreter belongs to: `bin/python` and `Scripts\\python.exe` are one
    level below it; the `python.exe` of an installer, conda and uv is directly in it."""
    for folder in (python.parent, python.parent.parent):
        if is_environment(folder):
            return folder
    top = python.suffix.lower() == ".exe" and (python.parent / "Lib").is_dir()
    return python.parent if top else python.parent.parent


def program_folders(python: Path) -> list[Path]:
    """Folders of an environment's programs and libraries, its own folder first. conda keeps the
    libraries that its extension modules link to in `Library\\bin`."""
    folders = [python.parent]
    if (inner := environment_of(python)) == python.parent:
        folders += [inner / "Scripts", inner / "Library" / "bin"]
    return [folder for folder in folders if folder.is_dir()]


def is_link(entry: os.DirEntry[str]) -> bool:
    """A symbolic link or a Windows junction, which looks like a folder. Tree walks follow neither,
    because a junction may lead back up."""
    return entry.is_symlink() or entry.is_junction()


def folders(root: Path, depth: int) -> Iterator[tuple[Path, list[str]]]:
    """(folder, file names), breadth first, at most ``depth`` levels deep; follows no links."""
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
                if is_link(entry):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    hidden = entry.name.startswith(".") or entry.name in SKIPPED | TEMPLATES
                    if not hidden and not is_environment(Path(entry.path)):
                        following.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
            yield folder, files
        level = following
