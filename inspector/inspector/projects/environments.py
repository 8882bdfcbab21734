"""Plans a virtual environment in the data folder for a project that has none: what to install, and
with which tool. Nothing here runs a program except to read its version.

The packages are those the project declares, in the versions it locks. They are copied into our own
requirements file, so that nothing in the project is built or changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from djdesk.messages import say
from djdesk.projects.lists import listed
from djdesk.projects.reading import read_text

if TYPE_CHECKING:
    from djdesk.projects.discovery.requirements import Declared

    from ..models import Project

FOLDER = "environments"
ASIDE = "-removed-"  # part of the name of a folder that was put aside
TIMEOUT = 10  # seconds to wait for a program's version
FILE_LIMIT = 4 * 2**20  # bytes
# A project with its own package index: fetching the same names from PyPI would invite dependency
# confusion.
OWN_INDEX = re.compile(
    r"^\s*(?:-i|--index-url|--extra-index-url|-f|--find-links)\b"
    r"|^\s*\[\[tool\.(?:uv\.index|poetry\.source|pdm\.source)\]\]",
    re.M,
)
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
SPECIFIER = re.compile(r"(?:\s*(?:===?|~=|!=|<=?|>=?)\s*[\w.*+!-]+\s*,?)*")
MARKER = re.compile(r"[\w\s.\"'<>=!~()+*-]*")
PYTHON = re.compile(r"(?:\s*(?:==|~=|!=|<=?|>=?)\s*[\d.*]+\s*,?)+")


class CannotMake(Exception):
    """Why no environment can be created, as a sentence."""


@dataclass(frozen=True)
class Tool:
    """``program`` is uv, or a Python whose venv and pip are used."""

    program: str
    is_uv: bool


@dataclass(frozen=True)
class Wanted:
    """What to install: the lines of our requirements and constraints files.

    ``files``: names of the project's files they come from. ``left_out``: packages that come from
    the project's own folder or a URL.
    """

    lines: list[str]
    constraints: list[str]
    files: list[str]
    left_out: list[str]
    python: str = ""


def folder_of(project: Project) -> Path:
    return settings.DATA_DIR / FOLDER / str(project.pk)


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def remove(project: Project) -> None:
    for folder in (folder_of(project), *_aside(project)):
        shutil.rmtree(folder, ignore_errors=True)


def put_aside(project: Project) -> None:
    """Rename the environment's folder, so that removing it can be undone. Raises OSError; nothing
    has changed then. The new name ends with the time, in seconds since 1970.
    """
    folder = folder_of(project)
    if folder.is_dir():
        folder.rename(folder.with_name(f"{folder.name}{ASIDE}{time.time():.0f}"))


def bring_back(project: Project) -> bool:
    """Restore the environment that was put aside last. Returns False if it is gone or another one
    has been created since. Raises OSError.
    """
    newest = max(_aside(project), key=_time_of, default=None)
    if newest is None or folder_of(project).exists():
        return False
    newest.rename(folder_of(project))
    return True


def delete_aside(until: datetime) -> int:
    """Delete the environments put aside up to then; returns the number."""
    due = [
        folder
        for folder in (settings.DATA_DIR / FOLDER).glob(f"*{ASIDE}*")
        if _time_of(folder) <= until.timestamp()
    ]
    for folder in due:
        shutil.rmtree(folder, ignore_errors=True)
    return len(due)


def _aside(project: Project) -> list[Path]:
    return list((settings.DATA_DIR / FOLDER).glob(f"{project.pk}{ASIDE}*"))


def _time_of(folder: Path) -> float:
    return float(folder.name.rpartition("-")[2])


def is_ours(project: Project) -> bool:
    """Whether the project uses an environment that we created."""
    return project.python == str(python_of(folder_of(project)))


def candidates() -> list[Tool]:
    """Tools that may be able to create an environment, best first, as far as they exist."""
    home, ending = Path.home(), ".exe" if sys.platform == "win32" else ""
    uvs = [
        os.environ.get("UV"),
        "uv",
        str(Path(sys.prefix) / ("Scripts" if ending else "bin") / f"uv{ending}"),
        str(home / ".local" / "bin" / f"uv{ending}"),
        str(home / ".cargo" / "bin" / f"uv{ending}"),
    ]
    pythons = ["python3", "python", *(f"python3.{minor}" for minor in range(14, 9, -1))]
    found = [Tool(path, True) for name in uvs if name and (path := shutil.which(name))]
    found += [Tool(path, False) for name in pythons if (path := shutil.which(name))]
    return list(dict.fromkeys(found))


def tool() -> Tool:
    """The first tool that runs. Raises CannotMake."""
    for one in candidates():
        if _runs(one):
            return one
    raise CannotMake(
        say(
            "Neither uv nor a Python that can make environments was found. Install uv or Python, "
            "or name an interpreter."
        )
    )


@lru_cache(maxsize=32)
def _runs(one: Tool) -> bool:
    """Whether it starts: PATH may hold links to programs that are not installed."""
    check = ["--version"] if one.is_uv else ["-I", "-c", "import ensurepip, venv"]
    try:
        done = subprocess.run(
            [one.program, *check], capture_output=True, timeout=TIMEOUT, check=False,
            cwd=Path.home(), env=environment(),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def environment() -> dict[str, str]:
    """Our own environment, without variables that would redirect the tools."""
    dropped = ("PYTHON", "DJANGO_", "VIRTUAL_ENV", "DJDESK_")
    kept = {k: v for k, v in os.environ.items() if not k.upper().startswith(dropped)}
    return kept | {"UV_NO_PROGRESS": "1", "NO_COLOR": "1", "PIP_NO_INPUT": "1"}


def wanted(declared: Declared) -> Wanted:
    """Raises CannotMake for a project that uses its own package index."""
    from djdesk.projects.discovery.installed import normalize

    for file in declared.files:
        if OWN_INDEX.search(read_text(file, FILE_LIMIT) or ""):
            raise CannotMake(
                say(
                    "{file} names its own package index. Create the environment in a terminal, as "
                    "the project's instructions say, then choose its interpreter.",
                    file=file.name,
                )
            )
    own = normalize(declared.name or "")
    lines, left_out = [], []
    for one in declared.requirements:
        if one.group != "main" or normalize(one.name) == own:
            continue
        extras = [extra for extra in one.extras if NAME.fullmatch(extra)]
        whole = NAME.fullmatch(one.name) and MARKER.fullmatch(one.marker)
        if not whole or not SPECIFIER.fullmatch(one.specifier):
            left_out.append(one.name)
            continue
        suffix = f"[{','.join(extras)}]" if extras else ""
        marker = f" ; {one.marker}" if one.marker else ""
        lines.append(f"{one.name}{suffix}{one.specifier}{marker}")
    constraints = [
        f"{name}=={version}"
        for name, version in sorted(declared.locked.items())
        if NAME.fullmatch(name) and re.fullmatch(r"[\w.!+-]+", version)
    ]
    python = declared.requires_python or ""
    return Wanted(
        list(dict.fromkeys(lines)) or ["Django"],
        constraints,
        [file.name for file in declared.files] if lines else [],
        list(dict.fromkeys(left_out)),
        python if PYTHON.fullmatch(python) else "",
    )


def steps(tool: Tool, want: Wanted, folder: Path, lists: Path) -> list[list[str]]:
    """The commands to run, in order; ``lists`` holds requirements.txt and constraints.txt."""
    given = ["-r", str(lists / "requirements.txt"), "-c", str(lists / "constraints.txt")]
    python = str(python_of(folder))
    if tool.is_uv:
        version = ["--python", want.python] if want.python else []
        return [
            [tool.program, "venv", "--no-project", *version, str(folder)],
            [tool.program, "pip", "install", "--python", python, *given],
        ]
    return [
        [tool.program, "-I", "-m", "venv", str(folder)],
        [python, "-I", "-m", "pip", "install", "--disable-pip-version-check", *given],
    ]


def left_out_sentence(want: Wanted) -> str:
    """A sentence about packages that were left out; empty if there are none."""
    if not want.left_out:
        return ""
    return say(
        "Left out, because no package index has them: {names_list}.",
        names_list=listed(want.left_out, 6),
    )
