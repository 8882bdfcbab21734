"""State changes of jobs in the database. Only the worker makes them, apart from user requests.

Each change updates the job and its task row in one transaction.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from djdesk.messages import say

from .marks import Needs, needs_of

# A job that crashes this often without a checkpoint in between is given up; the same holds if the
# worker or the computer goes down each time.
CRASHES = 3
OUTAGES = 10

STOPPED = say("You stopped it.")


class JobStopped(Exception):
    """The user stopped the job."""


class JobFailed(Exception):
    """The job was ended, or its process ended, before it was done."""


def note_enqueued(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Receiver of ``task_enqueued``: creates the Job row of a heavy task, so that it has a page."""
    from django_tasks_db.models import DBTaskResult

    if isinstance(getattr(task_result, "db_result", None), DBTaskResult):
        adopt(task_result.db_result)


def adopt(row: Any) -> bool:
    """Whether this task is heavy; if so, its Job exists from here on."""
    from .models import Job

    needs = needs_of_row(row)
    if needs is None:
        return False
    Job.objects.get_or_create(task=row.pk, defaults={"title": _title(needs, row.task_path)})
    return True


def exist() -> bool:
    """Whether any job exists or existed."""
    from .models import Job

    return Job.objects.exists()


def needs_of_row(row: Any) -> Needs | None:
    """None for a task that is not heavy or that this version no longer has."""
    with contextlib.suppress(Exception):  # importing an old task's module may raise anything
        return needs_of(row.task.func)
    return None


def _title(needs: Needs, path: str) -> str:
    name = path.rpartition(".")[2].replace("_", " ")
    return (str(needs.title) or name[:1].upper() + name[1:])[:200]


def ready(queues: list[str]) -> list[tuple[Any, Any]]:
    """Task row and Job of those that may start, in order."""
    from django_tasks_db.models import DBTaskResult

    from .models import Job, State

    waiting = {job.pk: job for job in Job.objects.filter(state=State.WAITING)}
    if not waiting:
        return []
    rows = DBTaskResult.objects.ready().filter(backend_name="default", pk__in=waiting)
    if "*" not in queues:
        rows = rows.filter(queue_name__in=queues)
    return [(row, waiting[row.pk]) for row in rows]


def claim(row: Any, taker: str) -> bool:
    """Claim a ready job; False if another worker has it or the user stopped it."""
    from django_tasks_db.models import DBTaskResult
    from django_tasks_db.utils import exclusive_transaction

    from .models import Job, State

    with exclusive_transaction(DBTaskResult.objects.db):
        taken = DBTaskResult.objects.ready().filter(pk=row.pk).get_locked()
        job = Job.objects.filter(pk=row.pk, state=State.WAITING, stop_wanted=False).first()
        if taken is None or job is None:
            return False
        taken.claim(taker)
        job.state = State.RUNNING
        job.reason = ""
        job.left = None
        job.starts += 1
        job.tries += 1
        job.started = job.started or timezone.now()
        job.save()
    return True


def set_waiting_for(job: Any, reason: str) -> None:
    from .models import Job

    if job.reason != reason:
        Job.objects.filter(pk=job.pk).update(reason=reason)


def succeed(key: str, value: Any, fields: dict[str, Any]) -> Any:
    """Returns the task row."""
    from .models import State

    with transaction.atomic():
        row = _running(key)
        row.set_successful(value)
        _set(key, State.DONE, "", fields)
    return row


def fail(
    key: str,
    reason: str,
    fields: dict[str, Any],
    *,
    stopped: bool = False,
    error: dict[str, Any],
) -> Any:
    """``error`` holds ``type`` and ``traceback`` of the job's own exception, if any. Returns the
    task row."""
    from .models import State

    with transaction.atomic():
        row = _running(key)
        row.set_failed((JobStopped if stopped else JobFailed)(reason))
        if error:
            row.exception_class_path, row.traceback = error["type"], error["traceback"]
            row.save(update_fields=["exception_class_path", "traceback"])
        _set(key, State.STOPPED if stopped else State.FAILED, reason, fields)
    return row


def put_back(
    key: str, reason: str, fields: dict[str, Any], *, counts: bool = True, pause: float = 0.0
) -> None:
    """Requeue it, to continue from its last checkpoint. ``counts``: count it as a failed attempt.
    ``pause`` in seconds."""
    from .models import State

    with transaction.atomic():
        row = _running(key)
        row.status = "READY"
        changed = ["status"]
        if pause:
            row.run_after = timezone.now() + timedelta(seconds=pause)
            changed.append("run_after")
        row.save(update_fields=changed)
        _set(key, State.WAITING, reason, fields, counts=counts)


def take_back(row: Any, reason: str) -> bool:
    """For a task whose worker is gone (called by orphans.py, in its transaction): True if it is
    requeued; otherwise the job has ended with ``reason``, and the task must end too."""
    from .models import Job, State

    job = Job.objects.filter(pk=row.pk).first()
    if job is None:
        return False
    needs = needs_of_row(row)
    again = needs is not None and needs.resumable and job.tries < OUTAGES and not job.stop_wanted
    if again:
        row.status = "READY"
        row.save(update_fields=["status"])
        _set(str(row.pk), State.WAITING, reason, {})
    else:
        _set(str(row.pk), State.STOPPED if job.stop_wanted else State.FAILED, reason, {})
    return again


def give_up(key: str) -> None:
    """For a job whose task was deleted while it ran."""
    from .models import Job, State

    Job.objects.filter(pk=key).update(
        state=State.FAILED, ended=timezone.now(), reason=say("Its task was deleted while it ran.")
    )


def go_on(key: str) -> None:
    """Resume an ended job from its last checkpoint, at the user's request."""
    from django_tasks_db.models import DBTaskResult

    from .models import Job, State

    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=key)
        row = DBTaskResult.objects.get(pk=key)
        if not job.is_over or job.state == State.DONE:
            return
        row.status, row.finished_at, row.traceback, row.exception_class_path = "READY", None, "", ""
        row.save(update_fields=["status", "finished_at", "traceback", "exception_class_path"])
        job.state, job.stop_wanted, job.reason, job.ended, job.tries = (
            State.WAITING, False, "", None, 0,
        )  # fmt: skip
        job.save()


def _running(key: str) -> Any:
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.get(pk=key)


def _set(key: str, state: Any, reason: str, fields: dict[str, Any], *, counts: bool = True) -> None:
    from .models import Job

    job = Job.objects.get(pk=key)
    for name, value in fields.items():
        setattr(job, name, value)
    job.state = state
    job.reason = reason
    job.left = None
    if not counts:
        job.tries = max(0, job.tries - 1)
    if job.is_over:
        job.ended = timezone.now()
        job.stop_wanted = False
    job.save()
