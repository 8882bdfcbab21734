"""A job as its page shows it, formatted for people."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ..message_translation import translated
from . import checkpoints, places, rows
from .admission import amount
from .models import Job, State

LOG_TAIL = 64 * 1024  # bytes
LONGEST = 2000  # characters per value


@dataclass
class JobDetails:
    """One job, with its task row if that still exists."""

    job: Job
    row: Any
    folder: Path

    @property
    def key(self) -> str:
        return str(self.job.pk)

    @cached_property
    def needs(self) -> Any:
        return rows.needs_of_row(self.row) if self.row else None

    @property
    def title(self) -> str:
        """In the page's language, if this version still has the task."""
        return str(self.needs.title or self.job.title) if self.needs else self.job.title

    @property
    def state(self) -> str:
        return self.job.state

    @property
    def stopping(self) -> bool:
        return self.job.stop_wanted and not self.job.is_over

    @property
    def state_words(self) -> str:
        return _("stopping") if self.stopping else str(State(self.job.state).label)

    @property
    def reason(self) -> str:
        return translated(self.job.reason)

    @property
    def text(self) -> str:
        return translated(self.job.text)

    @property
    def percent(self) -> int | None:
        share = self.job.share
        return None if share is None else int(share * 100)

    @property
    def left(self) -> str:
        """Time left, rounded to its precision; empty if unknown."""
        if self.job.state != State.RUNNING or self.job.left is None or self.stopping:
            return ""
        return _("about %s left") % duration(self.job.left, rough=True)

    @property
    def worked(self) -> str:
        return duration(self.job.worked) if self.job.worked else ""

    @property
    def so_far(self) -> str:
        return _("%s so far") % self.worked if self.worked else ""

    @property
    def peak(self) -> str:
        return amount(self.job.peak) if self.job.peak else ""

    @property
    def limit(self) -> str:
        return amount(self.needs.memory) if self.needs else ""

    @cached_property
    def arguments(self) -> dict[str, str]:
        """By parameter name, as the function is defined now."""
        if not self.row:
            return {}
        given = self.row.args_kwargs
        names: list[str] = []
        try:
            task = self.row.task
            names = list(inspect.signature(task.func).parameters)[1 if task.takes_context else 0 :]
        except (ImportError, ValueError, TypeError):
            pass  # a task that this version no longer has
        names += [str(n) for n in range(len(names) + 1, len(given["args"]) + 1)]
        named = dict(zip(names, given["args"], strict=False)) | given["kwargs"]
        return {name: written(value) for name, value in named.items()}

    @property
    def summary(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.arguments.items())[:200]

    @property
    def value(self) -> Any:
        return self.row.return_value if self.row and self.job.state == State.DONE else None

    @property
    def values(self) -> dict[str, str]:
        """The return value, flattened: ``{"cost.2060": "12.5"}``."""
        return {name: written(value) for name, value in flat(self.value).items()}

    @cached_property
    def files(self) -> list[tuple[str, int]]:
        return places.results(self.folder)

    @property
    def can_go_on(self) -> bool:
        over = self.job.state in (State.FAILED, State.STOPPED)
        resumable = bool(self.needs and self.needs.resumable)
        return over and resumable and checkpoints.exists(self.folder)

    @property
    def log(self) -> str:
        path = self.folder / places.LOG
        if not path.is_file():
            return ""
        try:
            with path.open("rb") as file:
                file.seek(0, 2)
                start = max(0, file.tell() - LOG_TAIL)
                file.seek(start)
                text = file.read().decode(errors="replace")
        except OSError:
            return ""
        # The first line of a tail is usually incomplete.
        return text.partition("\n")[2] if start else text

    @property
    def traceback(self) -> str:
        """Of the job's own exception; a job that we ended has none."""
        if not self.row or self.job.state != State.FAILED:
            return ""
        own = self.row.exception_class_path.startswith("djdesk.desktop.")
        return "" if own else self.row.traceback

    def news(self) -> dict[str, Any]:
        """The parts of an open page that are updated while the job runs."""
        return {
            "key": self.key,
            "state": f"{self.state} {self.stopping} {self.reason}",
            "percent": self.percent,
            "text": self.text,
            "left": self.left,
            "worked": self.so_far,
        }


def listed(data_dir: Path, limit: int) -> list[JobDetails]:
    """Unfinished jobs first, then the newest."""
    from django_tasks_db.models import DBTaskResult

    open_jobs = list(Job.objects.exclude(state__in=[State.DONE, State.FAILED, State.STOPPED]))
    open_jobs.sort(key=lambda job: (job.state != State.RUNNING, job.added))
    over = Job.objects.filter(state__in=[State.DONE, State.FAILED, State.STOPPED])
    jobs = [*open_jobs, *over.order_by("-ended")[:limit]]
    found = DBTaskResult.objects.in_bulk([job.pk for job in jobs])
    return [JobDetails(job, found.get(job.pk), places.folder(data_dir, job.pk)) for job in jobs]


def one(data_dir: Path, key: Any) -> JobDetails:
    """Raises Job.DoesNotExist."""
    from django_tasks_db.models import DBTaskResult

    job = Job.objects.get(pk=key)
    row = DBTaskResult.objects.filter(pk=key).first()
    return JobDetails(job, row, places.folder(data_dir, key))


def duration(seconds: float, *, rough: bool = False) -> str:
    """``2 h 5 min``, ``3 min 20 s``, ``12 s``; with ``rough``: ``2 h``, ``5 min``."""
    if rough:
        seconds = max(5.0, round(seconds / 5) * 5) if seconds < 55 else round(seconds / 60) * 60
    whole = timedelta(seconds=round(seconds))
    hours, rest = divmod(int(whole.total_seconds()), 3600)
    minutes, rest = divmod(rest, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {rest} s" if rest and not rough else f"{minutes} min"
    return f"{rest} s"


def written(value: Any) -> str:
    """Format a JSON value for people."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Flatten nested objects to dotted names; lists stay. None gives an empty dict."""
    if isinstance(value, dict):
        return {
            deep: found
            for key, inner in value.items()
            for deep, found in flat(inner, f"{name}.{key}" if name else str(key)).items()
        }
    return {} if value is None and not name else {name or _("result"): value}
