"""Modules and packages that are missing or have an unsuitable version."""

from __future__ import annotations

import re
from pathlib import Path

from djdesk.messages import say, say_n
from djdesk.projects.discovery.project import DiscoveredProject
from inspector.facts.causes.cause import Cause, environment, location, place
from inspector.facts.install import install_command, pinned
from inspector.facts.knownmodules import (
    NAMES_SINCE,
    SINCE,
    UNTIL,
    known,
    older,
    package_of,
)
from inspector.sections.common import Error

LIBRARY = re.compile(
    r"(lib[\w.+-]+\.(?:so|dylib)[\w.]*|\bGDAL\b|\bGEOS\b)[^\n]*?"
    r"(?:cannot open shared|not find|no such file|image not found)",
    re.IGNORECASE,
)
DRIVER = re.compile(r"Error loading ([\w ]+?) module|Did you install (\w+)\?")
# A file that every developer creates, not a package: settings_local, local_settings, secrets.
LOCAL = re.compile(r"(^|_)(settings|secrets?|config|local)(_|$)")
METADATA = re.compile(r"No package metadata was found for ([\w.-]+)|^([\w.-]+)$")
CIRCLE = re.compile(r"cannot import name '(\w+)' from partially initialized module '([\w.]+)'")


def modules(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    whole = f"{message} {error.get('cause', '')}"
    if "Could not find the GDAL library" in whole:
        text = say(
            "The system library GDAL is missing, which GeoDjango needs. "
            "Install it with the system's package manager."
        )
        return Cause("missing-package", text, ["gdal"])
    if (library := LIBRARY.search(whole)) and kind in {
        "ImportError",
        "OSError",
        "ImproperlyConfigured",
    }:
        name = library[1]
        text = say(
            "The system library {name} is missing. Install it with the system's package manager.",
            name=name,
        )
        return Cause("missing-package", text, [name])
    if (driver := DRIVER.search(whole)) and kind != "ModuleNotFoundError":
        names = {
            "psycopg2 or psycopg": "psycopg",
            "MySQLdb": "mysqlclient",
            "cx_Oracle": "oracledb",
        }
        name = names.get(driver[1] or "", driver[2] or package_of(driver[1]))
        return _package(project, name)
    if kind == "PackageNotFoundError" and (lost := METADATA.search(message)):
        return _metadata(project, lost[1] or lost[2])
    found = re.search(r"No module named '([\w.]+)'", whole)
    name = error.get("module") if kind == "ModuleNotFoundError" else None
    name = found[1] if found else name
    if not name:
        return _outdated(project, error, kind, message) or _unfit(project, error, kind, message)
    top = name.partition(".")[0]
    chosen = project.interpreter
    python = chosen.python if chosen else None
    if top in SINCE and older(python, SINCE[top]):
        text = say(
            "The module {name} needs Python {version} or newer; the chosen one is {python}.",
            name=top,
            version=SINCE[top],
            python=python,
        )
        return Cause("wrong-python", text, [name], wanted=f">={SINCE[top]}")
    if top in UNTIL and not older(python, UNTIL[top]):
        text = say(
            "The module {name} was removed in Python {version}; the chosen one is {python}. "
            "Choose an older interpreter, or install newer packages.",
            name=top,
            version=UNTIL[top],
            python=python,
        )
        return Cause("wrong-python", text, [name], wanted=f"<{UNTIL[top]}")
    own = project.settings
    if own and (name == own.module or own.module.startswith(name + ".")):
        return Cause(
            "settings",
            say(
                "The settings module {module} cannot be imported: {name} was not found in "
                "{folder}. Choose another settings module.",
                module=own.module,
                name=name,
                folder=project.base,
            ),
            [own.module],
        )
    package = _declared(project, name)
    own_top = (project.base / top).is_dir() or (project.base / f"{top}.py").is_file()
    if own_top or (package is None and LOCAL.search(top)):
        return _own_module(project, name)
    if package is None and not known(name):
        return _unknown(project, top)
    return _package(project, package or package_of(name))


def _metadata(project: DiscoveredProject, name: str) -> Cause:
    """`importlib.metadata` knows only installed packages, so a project that queries
    itself must be installed.
    """
    if _squashed(name) != _squashed(project.declared.name or ""):
        return _package(project, name)
    chosen = project.interpreter
    text = say(
        "The project asks for its own version, and is not installed in {where}. Install it there "
        "({command}).",
        where=environment(project),
        command=install_command(str(chosen.path) if chosen else "python", ["--editable=."]),
    )
    return Cause("missing-package", text, [name], packages=["--editable=."])


def _declared(project: DiscoveredProject, module: str) -> str | None:
    """The requirement that provides a module: one with its name, or one that contains it."""
    names = [one.name for one in project.declared.requirements]
    short = _squashed(module.partition(".")[0])
    same = [name for name in names if _squashed(name) in {short, _squashed(package_of(module))}]
    missing = project.interpreter.missing if project.interpreter else []
    holding = [name for name in names if len(short) > 4 and short in _squashed(name)]
    return next(iter([*same, *(name for name in holding if name in missing)]), None)


def _squashed(name: str) -> str:
    return re.sub(r"[-_.]", "", name).lower()


def _unknown(project: DiscoveredProject, module: str) -> Cause:
    """The package's name is unknown, and a guess could be somebody else's package."""
    text = say(
        "The module {name} is missing from {where}. Install the package that provides it, which "
        "may have another name, or choose another interpreter.",
        name=module,
        where=environment(project),
    )
    chosen = project.interpreter
    more = [pinned(project, one) for one in chosen.missing] if chosen else []
    if chosen and more:
        text += " " + say(
            "This installs what else the project declares and lacks there: {command}",
            command=install_command(str(chosen.path), more),
        )
    return Cause("missing-package", text, [module], packages=more)


def _own_module(project: DiscoveredProject, name: str) -> Cause:
    file = Path(*name.split(".")).with_suffix(".py")
    sample = sample_of(project.base / file)
    shown = project.relative(sample) if sample else None
    text = say(
        "The module {name} does not exist in the project, but something imports it.", name=name
    )
    if shown:
        text += " " + say("Developers make it from {file}.", file=shown)
    return Cause("missing-file", text, [file.as_posix()])


def sample_of(file: Path) -> Path | None:
    """The sample of a missing file: `local.py` often comes from `local.py.example`,
    `local_example.py` or `local.example.py`.
    """
    words = ("example", "sample", "dist", "template", "default")
    names = [f"{file.name}.{word}" for word in words]
    names += [f"{file.stem}{mark}{word}{file.suffix}" for mark in "_.-" for word in words]
    names += [f"{word}{mark}{file.name}" for mark in "_.-" for word in words]
    return next((file.with_name(name) for name in names if file.with_name(name).is_file()), None)


def _package(project: DiscoveredProject, package: str) -> Cause:
    """All missing packages at once, in the versions that the project pins."""
    chosen = project.interpreter
    more = [one for one in chosen.missing if one.lower() != package.lower()] if chosen else []
    packages = [pinned(project, one) for one in [package, *more]]
    command = install_command(str(chosen.path) if chosen else "python", packages)
    text = say(
        "Package {name} is missing from {where}. Install it there ({command}), or choose another "
        "interpreter.",
        name=package,
        where=environment(project),
        command=command,
    )
    if more:
        text = say_n(
            "Package {name} and {n} more that the project declares is missing from {where}. "
            "Install both there ({command}), or choose another interpreter.",
            "Package {name} and {n} more that the project declares are missing from {where}. "
            "Install all of them there ({command}), or choose another interpreter.",
            len(more),
            name=package,
            where=environment(project),
            command=command,
        )
    return Cause("missing-package", text, [package], packages=packages)


def _unfit(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    """An installed package that fails on import because it does not fit another one."""
    last = str((error.get("trace") or [""])[-1])
    module = re.search(r"-packages[/\\](\w+)[^:]*:\d+ in <module>$", last)
    if kind not in {"TypeError", "AttributeError"} or not module or "NoneType" in message:
        return None
    package = package_of(module[1])
    chosen = project.interpreter
    text = say(
        "The installed {package} cannot be imported{place}: {message}. It does not fit the Django "
        "({django}) or the Python ({python}) of this environment.",
        package=package,
        place=place(error),
        message=message,
        django=(chosen and chosen.django) or "?",
        python=(chosen and chosen.python) or "?",
    )
    wanted = pinned(project, package)
    if wanted != package:
        text += " " + say("The project declares {package}.", package=wanted)
    text += " " + say("Install the version that the project was written for.")
    return Cause("missing-package", text, [package], packages=[wanted])


def _outdated(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    """A package is installed, but not in the version that the code requires."""
    found = re.search(r"cannot import name '(\w+)' from '([\w.]+)' \((.*)\)?", message)
    if circle := CIRCLE.search(message):
        text = say(
            "Circular import{place}: {name} is imported from {module} before it is defined there. "
            "Import it inside a function, or reference the model by a string.",
            place=location(error),
            name=circle[1],
            module=circle[2],
        )
        return Cause("other", text)
    if kind != "ImportError" or not found:
        return None
    name, module = found[1], found[2]
    top = module.partition(".")[0]
    chosen = project.interpreter
    python = chosen.python if chosen else None
    if (module, name) in NAMES_SINCE and older(python, NAMES_SINCE[module, name]):
        needed = NAMES_SINCE[module, name]
        text = say(
            "{name} needs Python {version} or newer; the chosen one is {python}.",
            name=f"{module}.{name}",
            version=needed,
            python=python,
        )
        return Cause("wrong-python", text, [f"{module}.{name}"], wanted=f">={needed}")
    if "-packages" not in message:
        return None
    package = package_of(top)
    declared = next(
        (one for one in project.declared.requirements if one.name.lower() == package.lower()), None
    )
    text = say(
        "The installed version of {package} has no {name} in {module}{place}: it does not fit "
        "this code.",
        package=package,
        name=name,
        module=module,
        place=place(error),
    )
    if declared:
        text += " " + say("The project declares {package}.", package=package + declared.specifier)
    text += " " + say("Install the version that the project was written for.")
    wanted = f"{package}{declared.specifier}" if declared else package
    return Cause("missing-package", text, [package], packages=[wanted])
