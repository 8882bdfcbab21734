"""What a task can declare to the worker, and how it is asked to end."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

F = TypeVar("F", bound=Callable[..., Any])

_ATTRIBUTE = "djdesk_repeats"
_current = threading.local()


class Ended(Exception):
    """Raised in a task that was asked to end while it waited for the database or for disk space."""


def ask_to_end(task_id: str) -> None:
    """Ask the task with this result id to end. Does not write to the database, because its lock may
    be what the task waits for. Raises ValueError if it is not an id."""
    flag = _flag(task_id)
    flag.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flag.touch()


def asked_to_end() -> bool:
    """Inside a task: whether it was asked to end. Long tasks should poll it as they poll
    ``worker.stopping``; one that waits for the database gets ``Ended`` raised, once."""
    flag: Path | None = getattr(_current, "flag", None)
    return flag is not None and flag.exists()


@contextlib.contextmanager
def running(task_id: str) -> Iterator[None]:
    """Context manager around a task, on the thread that runs it."""
    _current.flag = _flag(task_id)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            _current.flag.unlink(missing_ok=True)
        _current.flag = None


def forget_the_ended() -> None:
    """Delete requests to tasks that are over. Called when a worker starts."""
    from django_tasks_db.models import DBTaskResult

    for flag in _folder().glob("*"):
        with contextlib.suppress(OSError, ValueError):
            row = DBTaskResult.objects.filter(pk=uuid.UUID(flag.name)).first()
            if row is None or row.status not in ("READY", "RUNNING"):
                flag.unlink()


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "run" / "ending"


def _flag(task_id: str) -> Path:
    return _folder() / uuid.UUID(str(task_id)).hex


def repeatable(*, times: int) -> Callable[[F], F]:
    """Declare that a task may safely run again if its worker dies, at most ``times`` more times.

    Goes below ``@task()``: it marks the function. Without it, the task fails as interrupted.
    """
    if times < 1:
        raise ValueError("times must be at least 1")

    def mark(function: F) -> F:
        setattr(function, _ATTRIBUTE, times)
        return function

    return mark


def repeats(function: Callable[..., Any]) -> int:
    """How many more times a function may run; 0 if not declared."""
    return getattr(function, _ATTRIBUTE, 0)
