"""Compares the assignments of several settings modules (base, development, production)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TypedDict

from djdesk.projects.code.settings import Reader, Settings
from djdesk.projects.code.tree import Tree
from inspector.sections.common import Problem
from inspector.sections.project import AssignedModule, Assignment, Variable
from inspector.static_analysis.memo import Memo
from inspector.static_analysis.settings_facts import variable_rows

LIMIT = 8  # modules
FOLDERS = {"settings", "config", "conf"}
NOT_SETTINGS = {
    "__init__",
    "urls",
    "wsgi",
    "asgi",
    "celery",
    "apps",
    "tests",
    "conftest",
    "routing",
}


class Assigned(TypedDict):
    """What a module assigns, and what could not be read."""

    variables: list[Assignment]
    errors: list[Problem]


def modules(
    tree: Tree, chosen: Settings, own: list[Variable], given: Iterable[str], memo: Memo
) -> list[AssignedModule]:
    """The chosen module, modules that something refers to, and their siblings; empty if there is
    only one.

    ``own``: the variables of the chosen module.
    """
    names = [chosen.module] if chosen.module else []
    for name in (*given, *_neighbours(tree, chosen.module)):
        if name not in names and tree.module(name) is not None:
            names.append(name)
    rows: list[AssignedModule] = []
    for name in names[:LIMIT]:
        if name == chosen.module:
            found: Assigned = {"variables": list(map(_assignment, own)), "errors": chosen.errors}
        else:
            found = memo.result(f"assigned:{name}", "", partial(_assigned, tree, name))
            if not found["variables"]:
                continue
        module = tree.module(name)
        rows.append(
            {
                "module": name,
                "file": tree.relative(module.file) if module else None,
                "chosen": name == chosen.module,
                **found,
            }
        )
    return rows if len(rows) > 1 else []


def _assigned(tree: Tree, name: str) -> Assigned:
    found = _read(tree, name)
    variables = [_assignment(row) for row in variable_rows(tree, found)]
    return {"variables": variables, "errors": found.errors}


def _assignment(row: Variable) -> Assignment:
    kept: Assignment = {
        "name": row["name"],
        "value": row["value"],
        "redacted": row["redacted"],
        "computed": row["computed"],
        "file": row["file"],
        "line": row["line"],
    }
    if "env" in row:
        kept["env"] = row["env"]
    if row.get("conditional"):
        kept["conditional"] = True
    return kept


def _read(tree: Tree, name: str) -> Settings:
    reader = Reader(tree, name)
    try:
        return reader.read()
    except (Exception, RecursionError) as fault:
        reader.settings.errors.append(
            {"text": f"Not read to the end: {fault}", "file": None, "line": None}
        )
        return reader.settings


def _neighbours(tree: Tree, chosen: str | None) -> list[str]:
    """Files next to the chosen module that are settings by their folder or name."""
    file = tree.locate(chosen) if chosen else None
    if chosen is None or file is None:
        return []
    package = chosen if file.name == "__init__.py" else chosen.rpartition(".")[0]
    whole = Path(file).parent.name in FOLDERS
    found = []
    for one in sorted(file.parent.glob("*.py")):
        if one.stem in NOT_SETTINGS or not (whole or "settings" in one.stem):
            continue
        found.append(f"{package}.{one.stem}" if package else one.stem)
    return found
