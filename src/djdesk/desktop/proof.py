"""The task that shows that the worker of a new version works (gate.py)."""

from __future__ import annotations

from django.conf import settings

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef, import-not-found, unused-ignore]


def queues() -> list[str]:
    """One queue of each lane: of those that tasks of the default backend may have."""
    allowed = settings.TASKS.get("default", {}).get("QUEUES") or ["default"]
    lanes = [
        [queue for queue in allowed if queue in lane or "*" in lane]
        for lane in settings.WORKER_LANES
    ]
    return [lane[0] for lane in lanes if lane] or ["default"]


# A queue that the app has: another one would be refused when this is imported.
@task(queue_name=queues()[0], priority=100)
def prove() -> str:
    return "the worker works"
