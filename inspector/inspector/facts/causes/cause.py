"""A cause, and what the modules of this package read from an error."""

from __future__ import annotations

from dataclasses import dataclass, field

from djdesk.projects.discovery.project import DiscoveredProject
from inspector.sections.common import DiagnosisKind, Error


@dataclass
class Cause:
    """``kind`` and ``names`` as in docs/snapshot.md. ``wanted``: a Python or
    packages to install.
    """

    kind: DiagnosisKind
    text: str
    names: list[str] = field(default_factory=list)
    wanted: str | None = None
    packages: list[str] = field(default_factory=list)


def environment(project: DiscoveredProject) -> str:
    """The folder of the chosen interpreter's environment, for use in a sentence."""
    chosen = project.interpreter
    if chosen is None:
        return "the interpreter"
    folder = chosen.path.parent.parent
    return project.relative(folder) or str(folder)


def place(error: Error) -> str:
    """The line of the project's code, in brackets, or empty if unknown."""
    return f" ({error['file']}:{error['line']})" if error.get("file") else ""


def location(error: Error) -> str:
    """The same as part of a sentence: " in shop/settings.py:4"."""
    return f" in {error['file']}:{error['line']}" if error.get("file") else ""


def refused(error: Error, *kinds: str) -> list[str]:
    """The last operations of these kinds that the guard refused: at most
    five, without duplicates.
    """
    rows = [one for one in error.get("refused") or [] if isinstance(one, dict)]
    found = [str(one.get("what")) for one in rows if one.get("kind") in kinds]
    return list(dict.fromkeys(found))[-5:]
