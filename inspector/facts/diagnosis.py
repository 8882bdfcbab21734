"""Why a project does not load: the cause in plain words, what is missing, and the ways out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspector.discovery import Project
from inspector.facts.knownmodules import NAMES_SINCE, SINCE, UNTIL, package_of
from inspector.redact import secret_name
from inspector.wording import say, say_n

REFUSED_WRITE = "the inspector writes nothing here"
REFUSED_DATABASE = "databases are not opened during an inspection"
REFUSED_SQLITE = "unable to open database file (inspection)"
SECRET_MISSING = "The SECRET_KEY setting must not be empty"  # noqa: S105 - Django's message

# How libraries and projects say that a variable is missing; the first group is its name.
VARIABLE = [
    re.compile(pattern)
    for pattern in (
        r"Set the ([A-Z][A-Z0-9_]*) environment variable",
        r"^([A-Z][A-Z0-9_]*) not found\. Declare it as envvar",
        r"[Ee]nvironment variable[:\s'\"`]*([A-Z][A-Z0-9_]{2,})",
        r"\benv(?:ironment)? var(?:iable)?s? [`'\"]?([A-Z][A-Z0-9_]{2,})",
        r"\b([A-Z][A-Z0-9_]{2,})\b['\"`]? (?:environment variable )?"
        r"(?:is not set|must be set|is required|not set|is missing|must not be empty|is undefined"
        r"|cannot be empty|needs to be set|has to be set|was not set|is unset)",
        r"(?:[Mm]issing|[Rr]equired|[Pp]lease set|[Yy]ou must set|[Mm]ust define|[Uu]ndefined)"
        r"(?: the| a)?(?: required)?(?: environment)?(?: variable| setting)?:? "
        r"[`'\"]?([A-Z][A-Z0-9]*_[A-Z0-9_]+)",
    )
]


@dataclass
class Cause:
    """``kind`` and ``names`` as in docs/snapshot.md; ``wanted``: a Python or packages to get."""

    kind: str
    text: str
    names: list[str] = field(default_factory=list)
    wanted: str | None = None
    packages: list[str] = field(default_factory=list)


def diagnose(project: Project, error: dict[str, Any]) -> Cause:
    """The cause. Always says something true."""
    kind, message = str(error.get("type", "")), str(error.get("message", ""))
    for rule in RULES:
        if cause := rule(project, error, kind, message):
            return cause
    return Cause(
        "other",
        say(
            "Loading stopped with {kind}{place}. The static facts are still there; "
            "the trace shows where the project's code failed.",
            kind=kind,
            place=_place(error),
        ),
    )


def missing_variables(error: dict[str, Any]) -> list[str]:
    """Names of variables that an error says are missing; [] when it names none."""
    kind, message = error.get("type", ""), str(error.get("message", ""))
    unset = error.get("unset") or []
    if kind == "KeyError":
        found = re.fullmatch(r"'([A-Za-z_][A-Za-z0-9_]*)'", message)
        # A KeyError of any dictionary looks the same: the variable must have been asked for, or
        # look like one.
        if found and (found[1] in unset or re.fullmatch(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+", found[1])):
            return [found[1]]
    if error.get("wanted"):
        return [str(name) for name in error["wanted"]]
    texts = [message]
    if error.get("cause"):
        texts.append(re.sub(r"^\w+: ", "", str(error["cause"])))
    for text in texts:
        for pattern in VARIABLE:
            names = [
                name for name in pattern.findall(text) if name not in {"DJANGO_SETTINGS_MODULE"}
            ]
            if names and SECRET_MISSING not in text:
                return list(dict.fromkeys(names))
    # pydantic-settings: the name on a line of its own, "Field required" below it.
    if "validation error" in message:
        names = re.findall(r"^(\w+)\n\s+[Ff]ield required", message, re.MULTILINE)
        known = {name.lower(): name for name in unset}
        return [known.get(name.lower(), name.upper()) for name in names]
    return []


def _environment(project: Project) -> str:
    chosen = project.interpreter
    if chosen is None:
        return "the interpreter"
    folder = chosen.path.parent.parent
    return project.relative(folder) or str(folder)


def _place(error: dict[str, Any]) -> str:
    return f" ({error['file']}:{error['line']})" if error.get("file") else ""


def _interpreter(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
    if kind == "NoInterpreter":
        notes = [f"{one.path}: {one.note}" for one in project.interpreters if one.note]
        if notes:
            text = say(
                "None of the interpreters found can be used. {notes} Install the project's "
                "packages, or choose another interpreter.",
                notes=" ".join(notes[:3]),
            )
        else:
            text = say(
                "No virtual environment was found in or beside the project. Make one "
                "(python -m venv .venv), install the project's packages into it, or choose an "
                "interpreter."
            )
        return Cause("wrong-python", text, wanted=project.declared.requires_python)
    if kind == "NotStarted":
        chosen = project.interpreter
        path = chosen.path if chosen else "The interpreter"
        return Cause(
            "wrong-python",
            say(
                "{path} could not be started. The environment may have been moved, or its Python "
                "removed: make it anew, or choose another interpreter.",
                path=path,
            ),
            [str(path)],
        )
    return None


def _limits(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
    if kind in {"TimeLimit", "OutOfTime"}:
        text = say("Loading took too long: the project may be waiting for a service, or looping.")
        if error.get("file"):
            where = f"{error['file']}:{error['line']}"
            text += " " + say("The last line of the project's code was {where}.", where=where)
        text += " " + say("Raise the time limit, or choose other settings.")
        return Cause(
            "service" if _refused(error, "connect", "resolve") else "other",
            text,
            _refused(error, "connect", "resolve"),
        )
    if kind == "OutputLimit":
        text = say("The project wrote more than the limit allows. What came before is shown.")
    elif kind == "SystemExit":
        text = say(
            "The project's own code ended the program (SystemExit{place}).", place=_where(error)
        )
    elif kind == "EOFError" and "reading a line" in message:
        text = say(
            "The project asks for input while it loads{place}, and nobody is there to answer. "
            "Let it read a variable or a file instead.",
            place=_where(error),
        )
    elif kind == "Exited":
        text = say(
            "The project's own code ended the process (for example os._exit). "
            "What came before is shown."
        )
    elif kind == "Crash":
        text = say(
            "The interpreter itself crashed, usually in a compiled package. Reinstall the packages "
            "of {folder}; the trace shows the last Python frames.",
            folder=_environment(project),
        )
    else:
        return None
    return Cause("other", text)


def _where(error: dict[str, Any]) -> str:
    return f" in {error['file']}:{error['line']}" if error.get("file") else ""


SYNTAX = [
    ("3.14", lambda text, message: "multiple exception types must be parenthesized" in message),
    ("3.14", lambda text, message: bool(re.search(r"(^|[=(,\s])[tT]['\"]", text))),
    ("3.12", lambda text, message: bool(re.match(r"\s*(type \w+|(class|def) \w+\[)", text))),
    ("3.10", lambda text, message: bool(re.match(r"\s*(match|case) .*:", text))),
    ("3.11", lambda text, message: bool(re.search(r"except ?\*", text))),
    ("3.12", lambda text, message: "f-string" in message),
]


def _syntax(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
    if kind not in {"SyntaxError", "IndentationError", "TabError"}:
        return None
    place = f"{error.get('file')}:{error.get('line')}"
    chosen = project.interpreter
    python = chosen.python if chosen else None
    version = ""
    if python:
        version = " " + say("The chosen interpreter is Python {version}.", version=python)
    text = str(error.get("text", ""))
    for needed, fits in SYNTAX:
        if fits(text, message) and older(python, needed):
            hint = say("{where} needs Python {version} or newer.", where=place, version=needed)
            hint += version + " " + say("Choose a newer interpreter.")
            return Cause("wrong-python", hint, wanted=f">={needed}")
    if text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        hint = say("{where} holds the conflict markers of an unfinished merge.", where=place)
        return Cause("syntax", hint)
    needed = project.declared.requires_python or ""
    hint = say("{where} cannot be read by this Python: {why}.", where=place, why=message) + version
    if needed:
        hint += " " + say("The project declares Python {version}.", version=needed)
    return Cause("syntax", hint)


def older(python: str | None, than: str) -> bool:
    """Whether a version such as "3.12.4" is below "3.14"; True where it is not known."""
    if not python:
        return True
    numbers = [int(part) for part in re.findall(r"\d+", python)[:2]]
    return numbers < [int(part) for part in than.split(".")]


LIBRARY = re.compile(
    r"(lib[\w.+-]+\.(?:so|dylib)[\w.]*|\bGDAL\b|\bGEOS\b)[^\n]*?"
    r"(?:cannot open shared|not find|no such file|image not found)",
    re.IGNORECASE,
)
DRIVER = re.compile(r"Error loading ([\w ]+?) module|Did you install (\w+)\?")


def _module(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
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
    found = re.search(r"No module named '([\w.]+)'", whole)
    name = error.get("module") if kind == "ModuleNotFoundError" else None
    name = found[1] if found else name
    if not name:
        return _outdated(project, error, kind, message)
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
            "The module {name} is gone since Python {version}; the chosen one is {python}. "
            "Choose an older interpreter, or newer packages.",
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
    if (project.base / top).is_dir() or (project.base / f"{top}.py").is_file():
        return _own_module(project, name)
    return _package(project, package_of(name))


def _own_module(project: Project, name: str) -> Cause:
    file = Path(*name.split(".")).with_suffix(".py")
    sample = _sample_of(project.base / file)
    shown = project.relative(sample) if sample else None
    text = say(
        "The module {name} does not exist in the project, but something imports it.", name=name
    )
    if shown:
        text += " " + say("Developers make it from {file}.", file=shown)
    return Cause("missing-file", text, [file.as_posix()])


def _sample_of(file: Path) -> Path | None:
    """`local.py` is often made from `local.py.example`, `local_example.py`, `local.example.py`."""
    words = ("example", "sample", "dist", "template", "default")
    names = [f"{file.name}.{word}" for word in words]
    names += [f"{file.stem}{mark}{word}{file.suffix}" for mark in "_.-" for word in words]
    names += [f"{word}{mark}{file.name}" for mark in "_.-" for word in words]
    return next((file.with_name(name) for name in names if file.with_name(name).is_file()), None)


def _package(project: Project, package: str) -> Cause:
    where = _environment(project)
    chosen = project.interpreter
    more = [one for one in chosen.missing if one.lower() != package.lower()] if chosen else []
    text = say(
        "Package {name} is missing from {where}. Install it there "
        "(pip install '{name}'), or choose another interpreter.",
        name=package,
        where=where,
    )
    if more:
        text += " " + say("Also missing there: {names}.", names=", ".join(more[:5]))
    return Cause("missing-package", text, [package], packages=[package, *more[:20]])


CIRCLE = re.compile(r"cannot import name '(\w+)' from partially initialized module '([\w.]+)'")


def _outdated(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
    """A package is there, but not in the version that the code was written for."""
    found = re.search(r"cannot import name '(\w+)' from '([\w.]+)' \((.*)\)?", message)
    if circle := CIRCLE.search(message):
        text = say(
            "The imports go round in a circle{place}: {name} is wanted from {module}, which has "
            "not come to it yet. Import it inside a function, or name the model as a text.",
            place=_where(error),
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
        place=_place(error),
    )
    if declared:
        text += " " + say("The project declares {package}.", package=package + declared.specifier)
    text += " " + say("Install the version that the project was written for.")
    wanted = f"{package}{declared.specifier}" if declared else package
    return Cause("missing-package", text, [package], packages=[wanted])


def _variable(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
    names = missing_variables(error)
    if not names:
        unset = error.get("unset") or []
        if not unset or kind not in {"ValueError", "TypeError", "AttributeError"}:
            return None
        return Cause(
            "missing-variable",
            say(
                "Loading stopped with {kind}{place} after environment variables were read "
                "that are not set: {names}. One of them may be needed.",
                kind=kind,
                place=_place(error),
                names=", ".join(unset[-3:]),
            ),
            unset[-5:],
        )
    example = _example(project)
    text = say_n(
        "Environment variable {names} is not set.",
        "Environment variables {names} are not set.",
        len(names),
        names=", ".join(names),
    )
    text += " " + say(
        "The inspection runs without your environment; give values for it here, or put them into "
        "the .env file that the project reads."
    )
    if example:
        text += " " + say("{file} in the project shows its variables.", file=example)
    return Cause("missing-variable", text, names)


def _example(project: Project) -> str | None:
    from inspector.discovery.env_files import find_examples

    examples = find_examples(project.root, project.base)
    return project.relative(examples[0].file) if examples else None


def _settings(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
    if kind == "ImproperlyConfigured" and "DJANGO_SETTINGS_MODULE" in message:
        return Cause("settings", say("No settings module was found. Choose one."))
    if kind == "ImproperlyConfigured":
        text = say("The project's configuration says: {message}", message=message[:300])
        missing = re.search(
            r"([\w./-]+\.\w+|[\w.]+) (?:was )?(?:not found|does not exist)", message
        )
        if missing:
            return Cause("missing-file", text, [missing[1]])
        return Cause("settings", text)
    if kind == "FileNotFoundError" and (found := re.search(r"'([^']+)'", message)):
        program = _refused(error, "spawn")
        if program and any(found[1] in one for one in program):
            text = say(
                "The project runs {program} while it loads{place}, and an inspection starts no "
                "programs.",
                program=found[1],
                place=_place(error),
            )
            return Cause("other", text, [found[1]])
        text = say(
            "The project needs {file}, which is not there{place}. It may be a file that every "
            "developer makes, or a program that is not started here.",
            file=found[1],
            place=_place(error),
        )
        return Cause("missing-file", text, [found[1]])
    return None


def _blocked(project: Project, error: dict[str, Any], kind: str, message: str) -> Cause | None:
    whole = f"{message} {error.get('cause', '')}"
    if REFUSED_WRITE in whole or REFUSED_SQLITE in whole:
        text = say(
            "The project insists on writing a file while it loads{place}, and an inspection "
            "writes nothing into a project. The static facts are still there.",
            place=_place(error),
        )
        return Cause("write-refused", text, _refused(error, "write", "sqlite-open"))
    if REFUSED_DATABASE in whole:
        text = say(
            "The project queries its database while it loads{place}; the inspection opens none.",
            place=_place(error),
        )
        return Cause("service", text, _refused(error, "database") or ["database"])
    if "no such table" in whole and any(
        one.get("kind") == "database" for one in error.get("repairs") or []
    ):
        text = say(
            "The project queries its database while it loads{place}, and expects tables in it; "
            "a private copy of the database has none.",
            place=_place(error),
        )
        return Cause("service", text, ["database"])
    reached = _refused(error, "connect", "resolve")
    network = re.search(r"[Cc]onnection ?(refused|[Ee]rror)|name resolution|Max retries", whole)
    if kind in {"ConnectionRefusedError", "gaierror", "URLError"} or (network and reached):
        what = f": {', '.join(reached)}" if reached else ""
        text = say(
            "The project insists on reaching a service while it loads{place}. An inspection "
            "makes no connections. Choose settings that do not need it.",
            place=_place(error) + what,
        )
        return Cause("service", text, reached)
    return None


def _refused(error: dict[str, Any], *kinds: str) -> list[str]:
    rows = [one for one in error.get("refused") or [] if isinstance(one, dict)]
    found = [str(one.get("what")) for one in rows if one.get("kind") in kinds]
    return list(dict.fromkeys(found))[-5:]


Rule = Callable[[Project, dict[str, Any], str, str], Cause | None]
RULES: list[Rule] = [
    _interpreter,
    _limits,
    _syntax,
    _blocked,
    _module,
    _variable,
    _settings,
]


def secrets(names: list[str]) -> list[str]:
    return [name for name in names if secret_name(name)]
