# ruff: noqa: PTH100, PTH119, SIM102 - nested conditions and plain os.path read better here
"""Interpreters that belong to a project, found and judged without starting them.

`pyvenv.cfg` has the Python version, the names of the `*.dist-info` folders the installed packages.
Even ``python --version`` would run project code: `.pth` files are executed at startup.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from djdesk.messages import joined, say, say_noop
from djdesk.projects.discovery.bundled import bundled_django
from djdesk.projects.discovery.environment_managers import READERS
from djdesk.projects.discovery.installed import packages_of, quick_versions
from djdesk.projects.discovery.missing import missing
from djdesk.projects.discovery.requirements import Declared
from djdesk.projects.discovery.system_pythons import on_the_path
from djdesk.projects.discovery.walk import environment_of, is_environment
from djdesk.projects.lists import listed
from djdesk.projects.reading import read_text

NAMES = (".venv", "venv", "env", ".env", "virtualenv")
OLDEST, NEWEST = (3, 8), (3, 99)


class InterpreterRow(TypedDict):
    """An interpreter as JSON, see `Interpreter`."""

    path: str
    source: str
    python: str | None
    django: str | None
    missing: list[str]
    usable: bool
    chosen: bool
    note: str


@dataclass
class Interpreter:
    """One candidate. ``packages``: folders of its distributions."""

    path: Path
    source: str
    python: str | None = None
    django: str | None = None
    missing: list[str] = field(default_factory=list)
    usable: bool = False
    chosen: bool = False
    note: str = ""
    packages: list[Path] = field(default_factory=list)
    # The machine's rather than the project's: used only if nothing else is usable.
    shared: bool = False

    def as_dict(self) -> InterpreterRow:
        return {
            "path": str(self.path),
            "source": self.source,
            "python": self.python,
            "django": self.django,
            "missing": self.missing,
            "usable": self.usable,
            "chosen": self.chosen,
            "note": self.note,
        }


def find_interpreters(
    root: Path,
    base: Path,
    declared: Declared,
    explicit: Path | None = None,
    bundled: list[Path] | None = None,
) -> list[Interpreter]:
    """Candidates in order of preference; at most one is chosen.

    ``bundled``: folders of the project that contain a Django of their own.
    """
    found: dict[str, Interpreter] = {}
    for place, source in candidates(root, base, declared, explicit):
        key = os.path.abspath(place)
        if key not in found:
            found[key] = judge(place, source, declared, bundled)
    rows = list(found.values())
    if explicit is None:
        rows += _shared(declared, {os.path.realpath(one.path) for one in rows})
    best: Interpreter | None = None
    if explicit is not None:
        best = rows[0] if rows and rows[0].usable else None
    else:
        usable = [row for row in rows if row.usable]
        # The first that has everything; otherwise the one that lacks least.
        best = min(usable, key=lambda row: (row.shared, len(row.missing)), default=None)
    if best is not None:
        best.chosen = True
    return rows


def _shared(declared: Declared, known: set[str]) -> Iterator[Interpreter]:
    """System Pythons that have Django: developers without an environment install there."""
    for python in on_the_path():
        if os.path.realpath(python) in known:
            continue
        row = judge(python, say("{word} of this machine", word=python.name), declared)
        if row.usable and row.django != "unknown":
            row.shared = True
            note = say("This is not the project's own environment; it also has packages of others.")
            row.note = joined([note, row.note or ""])
            yield row


def candidates(
    root: Path, base: Path, declared: Declared, explicit: Path | None
) -> Iterator[tuple[Path, str]]:
    if explicit is not None:
        path = explicit
        if path.is_dir():
            path = executable_in(path) or path / "bin" / "python"
        same = _same(path, Path(sys.executable))
        yield path, say("this app's own Python") if same else say("chosen by you")
        return
    yield from _folders(root, base)
    for reader in READERS:
        for place, source in reader(root, base, declared):
            if python := executable_in(place) if place.is_dir() else place:
                if python.is_file():
                    yield python, source


def _same(one: Path, two: Path) -> bool:
    return os.path.abspath(one) == os.path.abspath(two)


def executable_in(environment: Path) -> Path | None:
    """The python of an environment, in any platform's layout."""
    for relative in (
        "bin/python",
        "bin/python3",
        "Scripts/python.exe",
        "bin/python.exe",  # MSYS2
        "python.exe",
    ):
        if (environment / relative).is_file():
            return environment / relative
    return None


def _folders(root: Path, base: Path) -> Iterator[tuple[Path, str]]:
    places = [
        (base, say_noop("{word} beside manage.py")),
        (root, say_noop("{word} in the project")),
        (root.parent, say_noop("{word} beside the project")),
    ]
    if base == root:
        places = places[1:]
    named = os.environ.get("UV_PROJECT_ENVIRONMENT")
    if named and (python := executable_in(root / named)):
        yield python, "UV_PROJECT_ENVIRONMENT"
    for folder, where in places:
        for name in NAMES:
            place = folder / name
            if place.is_file() and name == ".venv":  # a file that contains the path
                text = (read_text(place, 4096) or "").strip().splitlines()
                target = Path(text[0]).expanduser() if text and text[0] else None
                if target and (python := executable_in(folder / target)):
                    yield python, say("the path in {what_text}", what_text=say(where, word=name))
            elif python := executable_in(place):
                yield python, say(where, word=name)
    for folder, where in places[:-1]:
        try:
            children = sorted(folder.iterdir())
        except OSError:
            continue
        for child in children:
            if child.name not in NAMES and child.is_dir() and is_environment(child):
                if python := executable_in(child):
                    yield python, say(where, word=child.name)


def judge(
    path: Path, source: str, declared: Declared, bundled: list[Path] | None = None
) -> Interpreter:
    """Fill in what the files around an executable reveal."""
    row = Interpreter(path, source)
    if not path.is_file():
        row.note = say("There is no such file.")
        return row
    if os.name != "nt" and not os.access(path, os.X_OK):
        row.note = say("This file cannot be executed.")
        return row
    environment = environment_of(path)
    row.python = _version(environment, path)
    row.packages = packages_of(environment, row.python)
    config = read_text(environment / "pyvenv.cfg") or ""
    if re.search(r"^include-system-site-packages\s*=\s*true", config, re.MULTILINE | re.IGNORECASE):
        if match := re.search(r"^home\s*=\s*(.+)$", config, re.MULTILINE):
            home = Path(match[1].strip()) / path.name
            row.packages += packages_of(environment_of(home), row.python)
    versions = quick_versions(row.packages)
    row.django = versions.get("django")
    if row.django is None and any((one / "django").is_dir() for one in row.packages):
        row.django = "unknown"
    carried = None
    if row.django is None and bundled:
        # The interpreter needs no Django: the project's own is put on its path.
        row.django = carried = bundled_django(bundled) or "unknown"
        versions |= quick_versions(bundled)
    row.missing = missing(declared, versions, row.packages, row.python)
    if row.python and not OLDEST <= _pair(row.python) <= NEWEST:
        row.note = say("Python {version} is too old: 3.8 or newer is needed.", version=row.python)
    elif row.django is None:
        row.note = say("Django is not installed here.")
    else:
        row.usable = True
        if carried:
            row.note = say("Django comes with the project, in a folder of its own.")
        if row.missing:
            row.note = say("Missing: {names_list}", names_list=listed(row.missing, 8))
    return row


def _pair(version: str) -> tuple[int, int]:
    parts = [int(part) for part in re.findall(r"\d+", version)[:2]]
    return (parts[0], parts[1]) if len(parts) == 2 else (0, 0)


def _version(environment: Path, path: Path) -> str | None:
    text = read_text(environment / "pyvenv.cfg") or ""
    if match := re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)", text, re.MULTILINE):
        return match[1]
    for meta in sorted((environment / "conda-meta").glob("python-3*.json")):
        if match := re.match(r"python-(\d+\.\d+\.\d+)", meta.name):
            return match[1]
    for name in (path.name, os.path.basename(os.path.realpath(path))):
        if match := re.search(r"python(\d+\.\d+)", name):
            return match[1]
    if _same(path, Path(sys.executable)):
        return ".".join(str(part) for part in sys.version_info[:3])
    # Windows: python.exe is a few kilobytes beside its python313.dll.
    for dll in sorted(environment.glob("python3*.dll")):
        if match := re.fullmatch(r"python3(\d+)\.dll", dll.name, re.IGNORECASE):
            return f"3.{match[1]}"
    return None
