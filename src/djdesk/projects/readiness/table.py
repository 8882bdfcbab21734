"""The small project beside an existing one: its pyproject.toml with the table."""

from __future__ import annotations

import os
import re
from pathlib import Path

from djdesk import __version__
from djdesk.app import METADATA
from djdesk.messages import say
from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.reading import Unreadable, load_toml, read_text

from .draft import Draft, quoted

# The report, in the folder beside the project; marks the folder as ours.
REPORT = "readiness.json"
IGNORED = ".djdesk/\n.venv/\ndist/\n"
VERSION = re.compile(r"^__version__[ \t]*(?::[^=\n]+)?=[ \t]*['\"](\d[\w.+!-]*)['\"]", re.MULTILINE)


class Refused(Exception):
    """It cannot be decided or written; the message is a sentence."""


def name_of(project: DiscoveredProject) -> str:
    """The project's name as a distribution name."""
    given = project.declared.name or project.root.name
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", given).strip("-._")
    return plain if plain[:1].isalpha() else f"app-{plain}"


def version_of(project: DiscoveredProject) -> str:
    """From pyproject.toml, else from the first package that declares its version."""
    for folder in dict.fromkeys((project.root, project.base)):
        text = read_text(folder / "pyproject.toml")
        if text:
            try:
                found = load_toml(text)
            except Unreadable:
                found = {}
            for table in (found.get("project", {}), found.get("tool", {}).get("poetry", {})):
                if isinstance(value := table.get("version"), str) and value[:1].isdigit():
                    return value
    for file in sorted(project.base.glob("*/__init__.py")):
        if match := VERSION.search(read_text(file) or ""):
            return match[1]
    return "0.1.0"


def new_folder(folder: Path, root: Path) -> Path:
    """Raises Refused for a folder inside the project, or one with foreign content."""
    if not folder.is_absolute():
        raise Refused(say("The path of the folder must begin at the root of the file system."))
    if folder.is_relative_to(root):
        raise Refused(say("{path} lies inside the project.", path=folder))
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / REPORT).is_file():
            raise Refused(say("{path} is not empty.", path=folder))
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            say("{path} could not be written: {error}.", path=folder, error=error.strerror)
        ) from error
    return folder


def write_beside(folder: Path, project: DiscoveredProject, draft: Draft) -> None:
    """Write the small project: pyproject.toml with the table, and .gitignore."""
    name = name_of(project)
    text = (
        f'[project]\nname = "{name}-desktop"\nversion = "{version_of(project)}"\n'
        f'description = {quoted(f"{name} as a desktop app")}\nrequires-python = ">=3.12"\n'
        f'dependencies = ["djdesk>={__version__}"]\n\n{draft.toml()}'
    )
    (folder / "pyproject.toml").write_text(text, encoding="utf-8", newline="\n")
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8", newline="\n")


def write_metadata(folder: Path, project: DiscoveredProject, name: str) -> bool:
    """Write installed-distribution metadata into the app's metadata folder, for a project that asks
    for its own version. False for any other name, or if it exists already."""
    if normalize(name) != normalize(name_of(project)):
        return False
    version = version_of(project)
    place = folder / METADATA / f"{normalize(name).replace('-', '_')}-{version}.dist-info"
    if place.is_dir():
        return False
    place.mkdir(parents=True)
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (place / "METADATA").write_text(text, encoding="utf-8", newline="\n")
    return True


def to_project(folder: Path, base: Path) -> str:
    """The project's path in the table: relative, so that both can be moved together."""
    try:
        return Path(os.path.relpath(base, folder)).as_posix()
    except ValueError:
        return base.as_posix()  # on another drive of Windows
