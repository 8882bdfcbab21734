"""Why a project does not load, in plain words, with the way out."""

from __future__ import annotations

import re
from typing import Any

from inspector.discovery import Project

# Modules whose package has another name.
PACKAGES = {
    "PIL": "Pillow",
    "cv2": "opencv-python",
    "yaml": "PyYAML",
    "dotenv": "python-dotenv",
    "environ": "django-environ",
    "decouple": "python-decouple",
    "rest_framework": "djangorestframework",
    "corsheaders": "django-cors-headers",
    "debug_toolbar": "django-debug-toolbar",
    "crispy_forms": "django-crispy-forms",
    "django_filters": "django-filter",
    "allauth": "django-allauth",
    "storages": "django-storages",
    "psycopg2": "psycopg2-binary",
    "MySQLdb": "mysqlclient",
    "bs4": "beautifulsoup4",
    "jwt": "PyJWT",
    "dateutil": "python-dateutil",
    "magic": "python-magic",
    "configurations": "django-configurations",
    "pkg_resources": "setuptools<81",
    "split_settings": "django-split-settings",
}


def diagnose(project: Project, error: dict[str, Any]) -> str:
    """One or two sentences: the cause and what to do. Always says something true."""
    kind, message = error.get("type", ""), error.get("message", "")
    for rule in (_interpreter, _limits, _syntax, _module, _variable, _settings, _refused):
        if hint := rule(project, error, kind, message):
            return hint
    place = f" ({error['file']}:{error['line']})" if error.get("file") else ""
    return (
        f"Loading stopped with {kind}{place}. The static facts are still there; "
        "the trace shows where the project's code failed."
    )


def _environment(project: Project) -> str:
    chosen = project.interpreter
    if chosen is None:
        return "the interpreter"
    folder = chosen.path.parent.parent
    return project.relative(folder) or str(folder)


def _interpreter(project: Project, error: dict[str, Any], kind: str, message: str) -> str | None:
    if kind == "NoInterpreter":
        notes = [f"{one.path}: {one.note}" for one in project.interpreters if one.note]
        if notes:
            return (
                "None of the interpreters found can be used. "
                + " ".join(notes[:3])
                + " Install the project's packages, or choose another interpreter."
            )
        return (
            "No virtual environment was found in or beside the project. Make one "
            "(python -m venv .venv), install the project's packages into it, or choose an "
            "interpreter."
        )
    if kind == "NotStarted":
        chosen = project.interpreter
        path = chosen.path if chosen else "The interpreter"
        return (
            f"{path} could not be started. The environment may have been moved, or its Python "
            "removed: make it anew, or choose another interpreter."
        )
    return None


def _limits(project: Project, error: dict[str, Any], kind: str, message: str) -> str | None:
    if kind in {"TimeLimit", "OutOfTime"}:
        where = (
            f" The last line of the project's code was {error['file']}:{error['line']}."
            if (error.get("file"))
            else ""
        )
        return (
            "Loading took too long: the project may be waiting for a service, or looping."
            f"{where} Raise the time limit, or choose other settings."
        )
    if kind == "OutputLimit":
        return "The project wrote more than the limit allows. What came before is shown."
    if kind == "SystemExit":
        place = f" in {error['file']}:{error['line']}" if error.get("file") else ""
        return f"The project's own code ended the program (SystemExit{place})."
    if kind == "Exited":
        return (
            "The project's own code ended the process (for example os._exit). "
            "What came before is shown."
        )
    if kind == "Crash":
        return (
            "The interpreter itself crashed, usually in a compiled package. Reinstall the packages "
            f"of {_environment(project)}; the trace shows the last Python frames."
        )
    return None


def _syntax(project: Project, error: dict[str, Any], kind: str, message: str) -> str | None:
    if kind not in {"SyntaxError", "IndentationError", "TabError"}:
        return None
    place = f"{error.get('file')}:{error.get('line')}"
    chosen = project.interpreter
    version = (
        f" The chosen interpreter is Python {chosen.python}." if chosen and chosen.python else ""
    )
    text = f"{error.get('text', '')}"
    if "multiple exception types must be parenthesized" in message:
        return f"{place} needs Python 3.14 or newer.{version} Choose a newer interpreter."
    if re.match(r"\s*type \w+", text):
        return f"{place} needs Python 3.12 or newer.{version} Choose a newer interpreter."
    if re.match(r"\s*(match|case) ", text):
        return f"{place} needs Python 3.10 or newer.{version} Choose a newer interpreter."
    if "except*" in text or "except *" in text:
        return f"{place} needs Python 3.11 or newer.{version} Choose a newer interpreter."
    if "f-string" in message:
        return f"{place} may need Python 3.12 or newer (f-string syntax).{version}"
    needed = project.declared.requires_python
    wants = f" The project declares Python {needed}." if needed else ""
    return f"{place} cannot be read by this Python: {message}.{version}{wants}"


def _module(project: Project, error: dict[str, Any], kind: str, message: str) -> str | None:
    found = re.search(r"No module named '([\w.]+)'", f"{message} {error.get('cause', '')}")
    name = error.get("module") if kind == "ModuleNotFoundError" else None
    name = found[1] if found else name
    if not name:
        return None
    top = name.partition(".")[0]
    own = project.settings
    if own and (name == own.module or own.module.startswith(name + ".")):
        return (
            f"The settings module {own.module} cannot be imported: {name} was not found in "
            f"{project.base}. Choose another settings module."
        )
    if (project.base / top).is_dir() or (project.base / f"{top}.py").is_file():
        return f"The module {name} does not exist in the project, but something imports it."
    package = PACKAGES.get(top, top.replace("_", "-"))
    where = _environment(project)
    chosen = project.interpreter
    more = [one for one in chosen.missing if one.lower() != package.lower()] if chosen else []
    also = f" Also missing there: {', '.join(more[:5])}." if more else ""
    return (
        f"Package {package} is missing from {where}. Install it there "
        f"(pip install '{package}'), or choose another interpreter.{also}"
    )


def _variable(project: Project, error: dict[str, Any], kind: str, message: str) -> str | None:
    name = None
    if kind == "KeyError" and (found := re.fullmatch(r"'([A-Z][A-Z0-9_]*)'", message)):
        name = found[1]
    for pattern in (
        r"Set the ([A-Z][A-Z0-9_]*) environment variable",
        r"^([A-Z][A-Z0-9_]*) not found\. Declare it as envvar",
        r"[Ee]nvironment variable[:\s'\"`]*([A-Z][A-Z0-9_]*)",
        r"\b([A-Z][A-Z0-9_]*)\b['\"`]? (?:environment variable )?"
        r"(?:is not set|must be set|is required|not set)",
    ):
        if name is None and (found := re.search(pattern, message)):
            name = found[1]
    if (
        name is None
        and error.get("unset")
        and kind in {"ValueError", "TypeError", "AttributeError"}
    ):
        names = ", ".join(error["unset"][-3:])
        return (
            f"Loading stopped with {kind} after environment variables were read that are not set: "
            f"{names}. One of them may be needed."
        )
    if name is None:
        return None
    example = next(
        (
            file.name
            for file in sorted(project.root.glob("*env*"))
            if file.is_file() and re.search(r"(example|sample|dist|template)", file.name)
        ),
        None,
    )
    where = f" {example} in the project shows its variables." if example else ""
    return (
        f"Environment variable {name} is not set. The inspection runs without your environment; "
        "give the variable a default in the settings, or put it into the .env file that the "
        f"project reads.{where}"
    )


def _settings(project: Project, error: dict[str, Any], kind: str, message: str) -> str | None:
    if kind == "ImproperlyConfigured" and "DJANGO_SETTINGS_MODULE" in message:
        return "No settings module was found. Choose one."
    if kind == "ImproperlyConfigured":
        return f"The project's configuration says: {message[:300]}"
    if kind == "FileNotFoundError" and (found := re.search(r"'([^']+)'", message)):
        return (
            f"The project needs {found[1]}, which is not there. "
            "It may be a file that every developer makes, or a program that is not started here."
        )
    return None


def _refused(project: Project, error: dict[str, Any], kind: str, message: str) -> str | None:
    if "the inspector writes nothing here" in message:
        place = f" ({error['file']}:{error['line']})" if error.get("file") else ""
        return (
            f"The project insists on writing a file while it loads{place}, and an inspection "
            "writes nothing into a project. The static facts are still there."
        )
    if kind in {"ConnectionRefusedError", "gaierror"}:
        return (
            "The project insists on reaching a service while it loads, and an inspection makes no "
            "connections. Choose settings that do not need it."
        )
    if "databases are not opened during an inspection" in message:
        place = f" ({error['file']}:{error['line']})" if error.get("file") else ""
        return f"The project queries its database while it loads{place}; the inspection opens none."
    return None
