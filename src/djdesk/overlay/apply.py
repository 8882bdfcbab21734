"""Loads a project's settings and lays the rules over them."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from djdesk.app import App

from .rule import DROPPED, Context, OverlayProblem
from .rules import RULES


def load(app: App) -> dict[str, Any]:
    """SET1: the values of the settings module that the table names, as it is.

    The project's folder goes to the front of the path, as ``manage.py`` has it.
    """
    root = str(app.root)
    if root not in sys.path:
        sys.path.insert(0, root)
    module = importlib.import_module(app.settings)
    return {name: getattr(module, name) for name in dir(module) if name.isupper()}


def lay_over(settings: dict[str, Any], context: Context) -> tuple[dict[str, Any], list[str]]:
    """The desktop's settings, and a line for each decision: ``DB1 default: SQLite in …``.

    Raises OverlayProblem where the project cannot run as it is set.
    """
    values = dict(settings)
    said = []
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
    return values, said


__all__ = ["OverlayProblem", "lay_over", "load"]
