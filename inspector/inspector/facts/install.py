"""The command that installs missing packages: for the user's terminal, never run here."""

from __future__ import annotations

import re
from pathlib import Path

from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.walk import environment_of
from djdesk.projects.reading import read_text

# A name with extras and versions; anything else is kept out of commands that users copy.
PACKAGE = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9._,-]+\])?"
    r"(?:(?:===?|~=|!=|<=?|>=?)[A-Za-z0-9.*+!_-]+(?:,(?:~=|!=|==|<=?|>=?)[A-Za-z0-9.*+!_-]+)*)?"
)
PLAIN_PATH = re.compile(r"[\w/\\:.~ +-]+")


def pinned(project: DiscoveredProject, name: str) -> str:
    """The package in the version pinned by a lock file or requirement, or else as declared."""
    declared = next(
        (one for one in project.declared.requirements if normalize(one.name) == normalize(name)),
        None,
    )
    extras = f"[{','.join(declared.extras)}]" if declared and declared.extras else ""
    if version := project.declared.locked.get(normalize(name)):
        whole = f"{name}{extras}=={version}"
    else:
        whole = f"{name}{extras}{declared.specifier if declared else ''}"
    return whole if PACKAGE.fullmatch(whole) else name


def install_command(python: str, packages: list[str]) -> str:
    """``"/…/python" -m pip install a==1 "b>=2"``, or the uv command for an environment created by
    uv, which has no pip; empty if there is nothing to install.
    """
    if not packages:
        return ""
    start = "pip install"
    if PLAIN_PATH.fullmatch(python):
        start = f'"{python}" -m pip install'
        if _made_by_uv(Path(python)):
            start = f'uv pip install --python "{python}"'
    names = [one if re.fullmatch(r"[\w.=-]+", one) else f'"{one}"' for one in packages]
    return f"{start} {' '.join(names)}"


def _made_by_uv(python: Path) -> bool:
    config = read_text(environment_of(python) / "pyvenv.cfg") or ""
    return bool(re.search(r"^uv\s*=", config, re.MULTILINE))


def install_all(project: DiscoveredProject) -> str:
    """The command that installs everything a project declares into an environment next to it."""
    names = [file.name for file in project.declared.files]
    if "uv.lock" in names:
        return "uv sync"
    pip = "python -m venv .venv && .venv/bin/python -m pip install"
    if file := next((one for one in project.declared.files if one.suffix == ".txt"), None):
        return f"{pip} -r {project.relative(file)}"
    return f"{pip} ." if {"pyproject.toml", "setup.py"} & set(names) else f"{pip} django"
