# ruff: noqa: PTH100, S108, SIM102 - nested conditions and plain os.path read better here
"""`find_project`: from a dropped path to a project, or a reason why there is none."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from djdesk.messages import say, say_n
from djdesk.projects.discovery.bundled import find_bundled
from djdesk.projects.discovery.installed import normalize
from djdesk.projects.discovery.interpreters import Interpreter, InterpreterRow, find_interpreters
from djdesk.projects.discovery.launchers import find_launchers
from djdesk.projects.discovery.opened_path import DiscoveryError, home_folder, refuse, resolve
from djdesk.projects.discovery.requirements import Declared, read_declared
from djdesk.projects.discovery.settings_modules import (
    SettingsModule,
    SettingsModuleRow,
    find_settings,
    locate,
    nanodjango,
    single_files,
)
from djdesk.projects.discovery.settings_names import in_python
from djdesk.projects.discovery.walk import folders
from djdesk.projects.reading import read_text

__all__ = ["DiscoveredProject", "DiscoveryError", "ProjectRow", "find_project"]

DEPTH = 3
MARKERS = (
    "pyproject.toml",
    ".git",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "Pipfile",
    "uv.lock",
)


class ProjectRow(TypedDict):
    """A project as JSON, see `DiscoveredProject`. Files are relative to ``root``."""

    root: str
    name: str
    base: str
    manage_py: str | None
    settings_modules: list[SettingsModuleRow]
    interpreters: list[InterpreterRow]
    django_hint: str | None
    others: list[str]
    bundled: list[str]


@dataclass
class DiscoveredProject:
    """A Django project on disk. ``base`` goes on sys.path; ``others`` are the folders of further
    projects in ``root``, which are not searched."""

    root: Path
    base: Path
    manage_py: Path | None
    settings_modules: list[SettingsModule]
    interpreters: list[Interpreter]
    declared: Declared = field(default_factory=Declared)
    others: list[Path] = field(default_factory=list)
    # Folders of the project that also go on sys.path, because they contain a bundled Django.
    bundled: list[Path] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.root.name

    @property
    def settings(self) -> SettingsModule | None:
        return next((one for one in self.settings_modules if one.chosen), None)

    @property
    def interpreter(self) -> Interpreter | None:
        return next((one for one in self.interpreters if one.chosen), None)

    @property
    def django_hint(self) -> str | None:
        chosen = self.interpreter
        if chosen and chosen.django and chosen.django != "unknown":
            return chosen.django
        return self.declared.locked.get("django")

    def relative(self, file: Path | None) -> str | None:
        if file is None:
            return None
        if file.is_relative_to(self.root):
            return file.relative_to(self.root).as_posix()
        return str(file)

    def as_dict(self) -> ProjectRow:
        """The project as JSON."""
        return {
            "root": str(self.root),
            "name": self.name,
            "base": str(self.base),
            "manage_py": self.relative(self.manage_py),
            "settings_modules": [
                {
                    "module": one.module,
                    "file": self.relative(one.file),
                    "source": one.source,
                    "chosen": one.chosen,
                    "evidence": one.evidence,
                    "tied": one.tied,
                }
                for one in self.settings_modules
            ],
            "interpreters": [one.as_dict() for one in self.interpreters],
            "django_hint": self.django_hint,
            "others": [str(self.relative(one)) for one in self.others],
            "bundled": [str(self.relative(one)) for one in self.bundled],
        }


def find_project(
    path: Path | str, *, python: Path | str | None = None, settings: str | None = None
) -> DiscoveredProject:
    """Find the project at, in, or around ``path``. Raises `DiscoveryError`."""
    place = resolve(Path(path))
    start = place if place.is_dir() else place.parent
    refuse(start)
    manage = _manage_py(place, start)
    if manage is not None:
        base = manage.parent
        if manage.is_symlink() and (target := manage.resolve()).is_relative_to(start):
            base = target.parent  # what Python puts on the path when it runs the link
        root = _root(start, base)
        if root != start and root != base and _others(root, base):
            root = base  # only this one of the repository's projects was meant
        own = base
        base = _outside_package(manage, base)
    else:
        root, base = _without_manage(start)
        own = base
    modules = find_settings(root, base, manage, settings)
    if manage is None:
        manage = _entry(base, modules)
    if manage is None and not any(one.file for one in modules):
        if nano := nanodjango(start):
            raise _nanodjango(nano, start)
        raise _nothing(place, start)
    if manage is not None and not modules and not _mentions_django(manage):
        raise _nothing(place, start)
    declared = read_declared(root, base)
    explicit = Path(os.path.abspath(Path(python).expanduser())) if python else None
    bundled = find_bundled(root)
    interpreters = find_interpreters(root, base, declared, explicit, bundled)
    others = _others(root, own) if manage is not None else []
    return DiscoveredProject(root, base, manage, modules, interpreters, declared, others, bundled)


def _entry(base: Path, modules: list[SettingsModule]) -> Path | None:
    """The entry point instead of manage.py: a similar file, or the file of a single-file site."""
    chosen = next((one for one in modules if one.chosen), None)
    for one in find_launchers(base) if chosen else ():
        if one.kind == "manage" and chosen and one.module == chosen.module:
            return one.file
    single = [file for file, _ in single_files(base)]
    return chosen.file if chosen and chosen.file in single else None


def _nanodjango(file: Path, start: Path) -> DiscoveryError:
    shown = file.relative_to(start).as_posix()
    return DiscoveryError(
        say(
            "{file} is a nanodjango app: Django in one file. “nanodjango convert {file} PATH "
            "--name=NAME” makes a project of it, which can be inspected; “nanodjango manage "
            "{file}” runs Django's commands.",
            file=shown,
        )
    )


def _manage_py(place: Path, start: Path) -> Path | None:
    """The nearest file named exactly manage.py: here, further down, then above a given file."""
    if place.is_file() and place.name == "manage.py":
        return place
    home = home_folder()
    if start == home:
        return start / "manage.py"
    if (start / "manage.py").is_file():
        return start / "manage.py"
    found = [
        folder / "manage.py" for folder, files in folders(start, DEPTH) if "manage.py" in files
    ]
    genuine = [file for file in found if not _in_tests(file, start)]
    with_django = [file for file in genuine or found if _mentions_django(file)]
    if with_django or genuine:
        return (with_django or genuine)[0]
    # A folder inside a project (an app, the settings package): search up, not beyond the home.
    for folder in list(start.parents)[:4]:
        if folder == home or folder == Path(folder.anchor):
            break
        if (folder / "manage.py").is_file() and _mentions_django(folder / "manage.py"):
            return folder / "manage.py"
        if (folder / ".git").exists():
            break
    return found[0] if found and _mentions_django(found[0]) else None


def _others(root: Path, base: Path) -> list[Path]:
    """Other folders beside ``base`` that contain a project; they are reported."""
    found = [folder for folder, files in folders(root, DEPTH) if "manage.py" in files]
    return [
        folder
        for folder in found
        if folder != base
        and not _in_tests(folder / "manage.py", root)
        and _mentions_django(folder / "manage.py")
    ]


def _in_tests(file: Path, start: Path) -> bool:
    return bool(
        {"tests", "test", "testing", "example", "examples"} & set(file.relative_to(start).parts)
    )


def _mentions_django(file: Path) -> bool:
    text = read_text(file) or ""
    return "django" in text.lower() or "execute_from_command_line" in text


def _root(start: Path, base: Path) -> Path:
    """The extent of the project: the given folder, or the repository around manage.py."""
    if base.is_relative_to(start) and base != start:
        return start
    if any((base / marker).exists() for marker in MARKERS):
        return base
    home = home_folder()
    for folder in list(base.parents)[:2]:
        if folder == home or folder == Path(folder.anchor) or _is_shared(folder):
            break
        if any((folder / marker).exists() for marker in MARKERS):
            return folder
    return base


def _is_shared(folder: Path) -> bool:
    return str(folder) in {"/tmp", "/private/tmp", "/home", "/Users", "/var/tmp", "/opt", "/srv"}


def _outside_package(manage: Path, base: Path) -> Path:
    """``base``, or the folder around its package if the settings can be found only from there.

    A manage.py inside the package is an entry point of the installed one: with its own folder on
    the path, ``celery.py`` and ``queue.py`` beside it would hide the libraries of these names.
    """
    around = base
    while (around / "__init__.py").is_file() and around != around.parent:
        around = around.parent
    if around == base:
        return base
    files = [manage, base / "wsgi.py", base / "asgi.py"]
    named = next((found for found in map(in_python, files) if found), [])
    inside = any(locate(one, base, base) for one in named)
    return around if not inside and any(locate(one, around, around) for one in named) else base


def _without_manage(start: Path) -> tuple[Path, Path]:
    """A package that runs without manage.py: its parent goes on sys.path."""
    if (start / "__init__.py").is_file():
        base = start
        while (base / "__init__.py").is_file() and base != base.parent:
            base = base.parent
        return start, base
    if (start / "src").is_dir() and not (start / "src" / "__init__.py").exists():
        if any(find_settings(start, start / "src", None)):
            return start, start / "src"
    return start, start


LOOKED_FOR = [
    say("A file named manage.py in this folder or up to three levels below"),
    say("A settings module named in wsgi.py, asgi.py, pyproject.toml, pytest.ini or setup.cfg"),
    say("A settings file that assigns INSTALLED_APPS"),
]
FRAMEWORKS = {
    "flask": "Flask",
    "fastapi": "FastAPI",
    "starlette": "Starlette",
    "tornado": "Tornado",
    "pyramid": "Pyramid",
    "bottle": "Bottle",
    "aiohttp": "aiohttp",
}


def _nothing(place: Path, start: Path) -> DiscoveryError:
    """Describe what is here instead."""
    found: list[str] = []
    count = python = 0
    other: str | None = None
    named: list[str] = []
    for folder, files in folders(start, 2):
        count += len(files)
        python += sum(name.endswith(".py") for name in files)
        for name in files:
            where = (folder / name).relative_to(start).as_posix()
            if name in {
                "package.json",
                "Gemfile",
                "composer.json",
                "go.mod",
                "Cargo.toml",
                "pom.xml",
            }:
                named.append(where)
    declared = read_declared(start, start)
    names = {normalize(one.name) for one in declared.requirements}
    for name, title in FRAMEWORKS.items():
        if name in names and "django" not in names:
            other = other or title
    if not count and not any(start.iterdir()):
        return DiscoveryError(say("This folder is empty."), LOOKED_FOR, [say("Nothing")])
    for file in declared.files:
        named_file = file.relative_to(start).as_posix()
        found.append(
            say("{file} with Django in it", file=named_file)
            if "django" in names
            else say("{file} without Django in it", file=named_file)
        )
    if python:
        found.append(say_n("{n} Python file", "{n} Python files", python))
    else:
        found.append(
            say_n("{n} file, none of them Python", "{n} files, none of them Python", count)
        )
    found += named[:5]
    if other:
        reason = say("This looks like a {name} project, not a Django project.", name=other)
    elif "django" in names:
        reason = say(
            "Django is declared here, but there is no settings module. "
            "It may be a package for Django, not a project."
        )
    elif not python:
        reason = say("There is no Python code in this folder.")
    else:
        reason = say("This is not a Django project.")
    return DiscoveryError(reason, LOOKED_FOR, found)
