"""TASK1: tasks are queued in the database, and the worker serves every queue."""

from __future__ import annotations

from typing import Any

from ..rule import Context, Decision, OverlayProblem, Settings

BACKEND = "django_tasks_db.DatabaseBackend"


def rule(settings: Settings, context: Context) -> Decision:
    given = settings.get("TASKS") or {"default": {}}
    tasks: dict[str, Any] = {}
    asked: list[str] = []
    for alias, entry in given.items():
        queues = list(entry.get("QUEUES") or [])
        asked += [queue for queue in queues if queue not in asked]
        tasks[alias] = {"BACKEND": BACKEND, "QUEUES": queues}
        if options := entry.get("OPTIONS") if entry.get("BACKEND") == BACKEND else None:
            tasks[alias]["OPTIONS"] = options
    lanes = [list(lane) for lane in context.app.lanes]
    if not lanes:
        lanes = [[queue] for queue in asked] or [["default"]]
    served = [queue for lane in lanes for queue in lane]
    if unserved := [queue for queue in asked if queue not in served]:
        raise OverlayProblem(
            f"TASK1: no lane serves the queue {', '.join(unserved)}, so its tasks would never "
            "run. Add it to lanes in [tool.djdesk]."
        )
    for entry in tasks.values():
        entry["QUEUES"] = entry["QUEUES"] or served
    shown = "; ".join(" + ".join(lane) for lane in lanes)
    return Decision(
        f"Tasks are kept in the database and run by a worker process: {shown}.",
        {"TASKS": tasks, "WORKER_LANES": lanes},
    )
