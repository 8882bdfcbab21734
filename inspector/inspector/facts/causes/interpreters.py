"""An interpreter that is missing, does not start, or is too old for the syntax."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path

from djdesk.messages import joined, say
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.walk import folders
from djdesk.projects.reading import read_head
from inspector.facts.causes.cause import Cause
from inspector.facts.install import install_all
from inspector.facts.knownmodules import older
from inspector.sections.common import Error

SYNTAX: list[tuple[str, Callable[[str, str], bool]]] = [
    ("3.14", lambda text, message: "multiple exception types must be parenthesized" in message),
    ("3.14", lambda text, message: bool(re.search(r"(^|[=(,\s])[tT]['\"]", text))),
    ("3.12", lambda text, message: bool(re.match(r"\s*(type \w+|(class|def) \w+\[)", text))),
    ("3.10", lambda text, message: bool(re.match(r"\s*(match|case) .*:", text))),
    ("3.11", lambda text, message: bool(re.search(r"except ?\*", text))),
    ("3.12", lambda text, message: "f-string" in message),
]


def interpreter(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    if kind == "NoInterpreter":
        notes = [f"{one.path}: " + one.note for one in project.interpreters if one.note]
        if notes:
            text = say(
                "None of the interpreters found can be used. {notes} Install the project's "
                "packages, or choose another interpreter.",
                notes=joined(notes[:3]),
            )
        else:
            text = say(
                "No virtual environment was found in or beside the project. Create one with its "
                "packages ({command}), or choose an interpreter.",
                command=install_all(project),
            )
        return Cause("wrong-python", text, wanted=project.declared.requires_python)
    if kind == "NotStarted":
        chosen = project.interpreter
        path = chosen.path if chosen else "The interpreter"
        return Cause(
            "wrong-python",
            say(
                "{path} could not be started. The environment may have been moved, or its Python "
                "removed: create it again, or choose another interpreter.",
                path=path,
            ),
            [str(path)],
        )
    return None


def syntax(project: DiscoveredProject, error: Error, kind: str, message: str) -> Cause | None:
    if kind not in {"SyntaxError", "IndentationError", "TabError"}:
        return None
    if not error.get("file") and "null bytes" in message:
        return _not_text(project)
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


def _not_text(project: DiscoveredProject) -> Cause:
    """Python reports null bytes without a location."""
    for folder, names in folders(project.base, 6):
        for name in names:
            raw = _beginning(folder / name) if name.endswith(".py") else b""
            shown = project.relative(folder / name)
            if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                text = say(
                    "{file} is encoded as {name}: save it as UTF-8.", file=shown, name="UTF-16"
                )
                return Cause("syntax", text, [str(shown)])
            if b"\0" in raw:
                text = say("{file} holds null bytes: it may be damaged.", file=shown)
                return Cause("syntax", text, [str(shown)])
    return Cause("syntax", say("A file of the project holds null bytes: it may be damaged."))


def _beginning(file: Path) -> bytes:
    try:
        return read_head(file, 100_000)
    except OSError:
        return b""
