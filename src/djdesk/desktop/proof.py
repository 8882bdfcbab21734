"""The task that proves that a new version's worker works (update_confirmation.py)."""

from __future__ import annotations

from django.conf import settings

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef, import-not-found, unused-ignore]


def queues() -> list[str]:
    """One queue per lane, of those that the default backend accepts."""
    allowed = settings.TASKS.get("default", {}).get("QUEUES") or ["default"]
    lanes = [
        [queue for queue in allowed if queue in lane or "*" in lane]
        for lane in settings.WORKER_LANES
    ]
    return [lane[0] for lane in lanes if lane] or ["default"]


# One of the app's queues: the decorator would refuse any other at import.
@task(queue_name=queues()[0], priority=100)
def prove() -> str:
    return "the worker works"
