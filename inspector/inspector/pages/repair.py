"""A project that does not load: the cause, possible remedies, and the user's choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from djdesk.projects.discovery.env_files import RESERVED

from ..facts.install import PACKAGE, install_command
from ..forms.scan import VARIABLE
from ..models import Project
from ..scans.secret_handoff import is_secret

# Completes the sentence “The project did not load:”.
KINDS = {
    "missing-package": _("a package is missing"),
    "missing-variable": _("an environment variable is missing"),
    "missing-file": _("a file is missing"),
    "wrong-python": _("it needs a different Python"),
    "service": _("it connects to a service while it loads"),
    "syntax": _("a file is not valid Python"),
    "write-refused": _("it writes files while it loads"),
    "program": _("it starts a program while it loads"),
    "settings": _("the settings are not complete"),
    "sandbox": _("its sandbox did not start"),
    "other": _("its own code failed"),
}


@dataclass(frozen=True)
class Variable:
    """One field of the form. ``value``: the stored value; secrets are never stored."""

    name: str
    secret: bool
    value: str = ""


def diagnosis(error: Mapping[str, Any] | None, python: str) -> dict[str, Any]:
    """``error.diagnosis`` with a ``title``; for older scans, derived from the error. ``python``:
    the interpreter that packages would be installed for.
    """
    if not error:
        return {}
    found = error.get("diagnosis") or {}
    return {
        "title": KINDS.get(found.get("kind") or "", KINDS["other"]),
        "text": found.get("text") or error.get("hint") or "",
        "file": found.get("file") or error.get("file"),
        "line": found.get("line") or error.get("line"),
        "asks": any(r.get("action") == "values" for r in found.get("remedies") or []),
        "remedies": [_safe(r, python) for r in found.get("remedies") or []],
    }


def _safe(remedy: dict[str, Any], python: str) -> dict[str, Any]:
    """Allow only valid package names in a command that the user may paste into a terminal."""
    packages = [p for p in remedy.get("packages") or [] if PACKAGE.fullmatch(p)]
    return remedy | {"packages": packages, "command": install_command(python, packages)}


def asked(project: Project, error: Mapping[str, Any] | None) -> list[str]:
    """Names of variables to ask for: those the project named, and those given before."""
    names = [*project.env, *project.asked_names]
    for remedy in ((error or {}).get("diagnosis") or {}).get("remedies") or []:
        if remedy.get("action") == "values":
            names += remedy.get("names") or []
    return list(dict.fromkeys(names))


def read_names(settings: dict[str, Any] | None) -> list[str]:
    """Other variables that the settings read, which may also be given a value."""
    found = (e.get("name") or "" for e in (settings or {}).get("env") or [])
    return [n for n in dict.fromkeys(found) if VARIABLE.fullmatch(n) and not RESERVED.match(n)][:80]


def variables(project: Project, names: list[str]) -> list[Variable]:
    return [
        Variable(name, is_secret(name) or name in project.asked_names, project.env.get(name, ""))
        for name in names
    ]
