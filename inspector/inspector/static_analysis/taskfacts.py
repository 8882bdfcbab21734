"""Background tasks in one file: decorators of Celery and Django, and schedules."""

from __future__ import annotations

import ast
import re
from typing import Literal

from djdesk.projects.code.source import dotted, string, text_of
from djdesk.projects.redact import scrub

DJANGO = {"django.tasks.task", "django.tasks.base.task", "django_tasks.task"}
SHARED = {"celery.shared_task", "celery.app.shared_task", "celery.decorators.task"}
# Matches `@app.task` of a Celery application by usual variable names.
OWN = re.compile(r"(^|\.)(\w*celery\w*|app|\w+_app)(\.\w+)?\.task$")
# Other libraries with a decorator of the same name.
OTHERS = ("invoke.", "huey.", "luigi.", "prefect.", "airflow.", "fabric.")
SCHEDULES = {"beat_schedule", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE"}

TaskKind = Literal["celery", "django"]
# Kind, name, function, queue and line.
Task = tuple[TaskKind, str, str, str | None, int]
# Name, task, when and line.
Entry = tuple[str, str, str, int]


def decorated(full: str, own: str, item: ast.expr, line: int) -> Task | None:
    """The task of a decorator whose dotted name is ``full``."""
    if full in DJANGO:
        kind: TaskKind = "django"
    elif full in SHARED or (OWN.search(full) and not full.startswith((*OTHERS, "django"))):
        kind = "celery"
    else:
        return None
    keywords = {
        one.arg: string(one.value) for one in getattr(item, "keywords", []) if one.arg is not None
    }
    queue = keywords.get("queue") or keywords.get("queue_name")
    # A Django task is always identified by its module path.
    name = keywords.get("name") if kind == "celery" else None
    return (kind, scrub(name or own), own, queue and scrub(queue), line)


def scheduled(node: ast.Assign) -> list[Entry]:
    """The entries of a literal schedule."""
    target = dotted(node.targets[0]) or ""
    if target.rpartition(".")[2] not in SCHEDULES or not isinstance(node.value, ast.Dict):
        return []
    rows = []
    for key, value in zip(node.value.keys, node.value.values, strict=True):
        name = string(key) if key is not None else None
        if name is None or not isinstance(value, ast.Dict) or key is None:
            continue
        parts = {string(k): v for k, v in zip(value.keys, value.values, strict=True) if k}
        when = parts.get("schedule")
        rows.append(
            (
                scrub(name),
                scrub(string(parts.get("task")) or ""),
                scrub(" ".join(text_of(when).split()))[:200] if when is not None else "",
                key.lineno,
            )
        )
    return rows
