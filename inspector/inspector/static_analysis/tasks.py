"""The `tasks` section: background tasks, as far as they are literal."""

from __future__ import annotations

import ast

from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import string
from djdesk.projects.code.tree import Tree
from inspector.sections.behaviour import Scheduled, Task, TaskBackend, Tasks
from inspector.static_analysis.files import Files


def section(tree: Tree, files: Files, known: Settings) -> Tasks:
    tasks: list[Task] = []
    schedule: list[Scheduled] = []
    for file in files.rows:
        if file.test:
            continue
        for kind, name, function, queue, line in file.facts["tasks"]:
            tasks.append(
                {
                    "name": name,
                    "kind": kind,
                    "function": function,
                    "queue": queue,
                    "origin": "project",
                    "file": file.relative,
                    "line": line,
                }
            )
        for name, task, when, line in file.facts["schedule"]:
            schedule.append(
                {"name": name, "task": task, "when": when, "file": file.relative, "line": line}
            )
    tasks.sort(key=lambda row: (row["kind"], row["name"]))
    schedule.sort(key=lambda row: row["name"])
    return {
        "tasks": tasks,
        "schedule": schedule,
        "backends": backends(tree, known),
        "errors": [],
    }


def backends(tree: Tree, known: Settings) -> list[TaskBackend]:
    """The entries of Django's `TASKS` setting if it is a dictionary literal."""
    place = known.places.get("TASKS")
    if place is None or not isinstance(place[2], ast.Dict):
        return []
    rows: list[TaskBackend] = []
    for key, value in zip(place[2].keys, place[2].values, strict=True):
        alias = string(key) if key is not None else None
        if alias is None or key is None or not isinstance(value, ast.Dict):
            continue
        parts = {string(k): v for k, v in zip(value.keys, value.values, strict=True) if k}
        queues = parts.get("QUEUES")
        names = queues.elts if isinstance(queues, ast.List | ast.Tuple) else []
        rows.append(
            {
                "alias": alias,
                "backend": string(parts.get("BACKEND")) or "",
                "queues": [text for one in names if (text := string(one)) is not None],
                "file": tree.relative(place[0]),
                "line": key.lineno,
            }
        )
    return rows
