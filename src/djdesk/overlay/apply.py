"""Load a project's settings and apply the rules."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from djdesk.app import App

from .rule import DROPPED, Context, OverlayProblem
from .rules import RULES


def load(app: App) -> dict[str, Any]:
    """SET1: the values of the settings module that the table names, unchanged.

    The project's folder goes to the front of sys.path, as with ``manage.py``.
    """
    for folder in reversed([str(one) for one in app.import_folders]):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    module = importlib.import_module(app.settings)
    return {name: getattr(module, name) for name in dir(module) if name.isupper()}


def lay_over(
    settings: dict[str, Any], context: Context
) -> tuple[dict[str, Any], list[str], list[Path]]:
    """The desktop's settings, a line for each decision (``DB1 default: SQLite in …``), and the
    folders that they need.

    Raises OverlayProblem if the project cannot run with its settings.
    """
    values = dict(settings)
    said: list[str] = []
    folders: list[Path] = []
    for name, rule in RULES.items():
        decision = rule(values, context)
        if decision is None:
            continue
        for key, value in decision.changes.items():
            if value is DROPPED:
                values.pop(key, None)
            else:
                values[key] = value
        said.append(f"{name} {decision.said}")
        folders += decision.folders
    return values, said, folders


__all__ = ["OverlayProblem", "lay_over", "load"]
