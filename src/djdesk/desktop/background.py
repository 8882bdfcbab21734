"""What runs in the background, and tasks that no worker will ever run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _

from . import launch
from .lock import WORKER_LOCK, is_held
from .process import lock_of, why_ended

# Task backends with a worker of their own: app, name, and the management commands that run it.
OTHERS = (
    ("huey.contrib.djhuey", "Huey", ("run_huey", "run_djhuey")),
    ("django_rq", "RQ", ("rqworker", "rqworker-pool")),
    ("django_q", "Django Q", ("qcluster",)),
    ("django_celery_results", "Celery", ("celery",)),
    ("django_celery_beat", "Celery", ("celery",)),
    ("django_dramatiq", "Dramatiq", ("rundramatiq",)),
)


@dataclass(frozen=True, slots=True)
class Helper:
    """The worker (empty ``name``) or one of the app's own processes."""

    name: str
    command: str
    running: bool
    reason: str = ""  # why it exited the last time


def helpers(data_dir: Path) -> list[Helper]:
    """The app's background processes, running or not. The state is read from their locks."""
    config = launch.current()
    processes = config.processes if config else {}
    return [
        Helper("", "", is_held(data_dir / WORKER_LOCK)),
        *(
            Helper(
                name,
                " ".join(words),
                is_held(lock_of(data_dir, name).path),
                why_ended(data_dir, name),
            )
            for name, words in processes.items()
        ),
    ]


@dataclass(frozen=True, slots=True)
class Work:
    """A task that the worker is running now. ``share``: progress from 0 to 1, if known.
    ``resumable``: it continues after a restart of the app with little or no loss."""

    title: str
    since: datetime | None
    share: float | None
    resumable: bool


def running() -> list[Work]:
    """The tasks that a restart of the app would interrupt, longest-running first."""
    if not apps.is_installed("django_tasks_db"):
        return []
    from django_tasks_db.models import DBTaskResult

    from .jobs.models import Job
    from .jobs.rows import needs_of_row
    from .orphans import repeats_of

    rows = list(DBTaskResult.objects.running().order_by("started_at"))
    jobs = Job.objects.in_bulk([row.pk for row in rows])
    found = []
    for row in rows:
        job, needs = jobs.get(row.pk), needs_of_row(row)
        found.append(
            Work(
                title=job.title if job else row.task_name.replace("_", " "),
                since=(job.started if job else None) or row.started_at,
                share=job.share if job else None,
                resumable=needs.resumable if needs else repeats_of(row) >= len(row.worker_ids),
            )
        )
    return found


def unserved() -> list[str]:
    """Warnings about tasks that will never run: queues without a lane, and task backends whose
    worker is not among the app's processes."""
    return [*_queues(), *_packages()]


def _queues() -> list[str]:
    if not apps.is_installed("django_tasks_db"):
        return []
    from django.db.models import Count
    from django_tasks_db.models import DBTaskResult

    served = {queue for lane in settings.WORKER_LANES for queue in lane}
    if "*" in served:
        return []
    waiting = (
        DBTaskResult.objects.filter(status="READY")
        .exclude(queue_name__in=served)
        .values_list("queue_name")
        .annotate(Count("pk"))
        .order_by("queue_name")
    )
    return [
        _("No worker handles the queue “%(queue)s”. Tasks waiting in it: %(count)s. %(way)s")
        % {
            "queue": queue,
            "count": count,
            "way": _("The developer of the app can add the queue to a lane."),
        }
        for queue, count in waiting
    ]


def _packages() -> list[str]:
    config = launch.current()
    commands = {words[0] for words in (config.processes if config else {}).values()}
    missing = {
        name
        for app, name, runs in OTHERS
        if apps.is_installed(app) and not commands.intersection(runs)
    }
    return [
        _("Tasks of %(package)s do not run: the app has no process for them. %(way)s")
        % {"package": name, "way": _("The developer of the app can add a process for them.")}
        for name in sorted(missing)
    ]
