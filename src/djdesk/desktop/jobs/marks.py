"""The ``@heavy`` decorator: the resources that a task function needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_ATTRIBUTE = "djdesk_heavy"
_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]iB|B)")


@dataclass(frozen=True, slots=True)
class Needs:
    """``memory`` in bytes; ``timeout`` in seconds of work, not counting sleep and waiting."""

    memory: int
    cores: int = 1
    timeout: float | None = None
    resumable: bool = False
    title: Any = ""


def heavy(
    *,
    memory: str | int = "1GiB",
    cores: int = 1,
    timeout: float | None = None,
    resumable: bool = False,
    title: Any = "",
) -> Callable[[F], F]:
    """Run a task in a process of its own, once the computer has the resources.

    Goes below ``@task``: it marks the function without changing it. ``memory`` is the maximum for
    the job and its child processes, in bytes or as ``"512MiB"``; a job that exceeds it is stopped.
    ``cores`` is how many it keeps busy. ``timeout`` is in seconds of work. ``resumable``: after a
    crash, a power cut, the end of the app or an update it is restarted and continues from
    ``job.restored``. ``title`` is shown to users and may be a lazy translation; the default is the
    function's name.
    """
    if cores < 1:
        raise ValueError("cores must be at least 1")
    if timeout is not None and timeout <= 0:
        raise ValueError("timeout must be a number of seconds above 0")
    needs = Needs(size(memory), cores, timeout, resumable, title)

    def mark(function: F) -> F:
        if not callable(function) or hasattr(function, "enqueue"):
            raise TypeError("@heavy goes below @task: it marks the function, not the task.")
        setattr(function, _ATTRIBUTE, needs)
        return function

    return mark


def needs_of(function: Any) -> Needs | None:
    """The needs of a task's function; None if it is not heavy."""
    return getattr(function, _ATTRIBUTE, None)


def size(text: str | int) -> int:
    """Bytes of ``"1.5GiB"``, ``"512MiB"`` or a number. Raises ValueError."""
    if isinstance(text, int) and not isinstance(text, bool) and text > 0:
        return text
    fits = _SIZE.fullmatch(text.strip()) if isinstance(text, str) else None
    if fits is None or not (value := int(float(fits[1]) * _UNITS[fits[2]])):
        raise ValueError(f"{text!r} is no amount of memory: write it as “2GiB” or “512MiB”.")
    return value
