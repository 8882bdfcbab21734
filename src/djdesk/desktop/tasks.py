"""What a task may say of itself to the worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable)

_ATTRIBUTE = "djdesk_repeats"


def repeatable(*, times: int) -> Callable[[F], F]:
    """Declare that a task may safely run again when its worker dies, at most ``times`` more times.

    Goes below ``@task()``: it marks the function. A task without it ends as interrupted.
    """
    if times < 1:
        raise ValueError("times must be at least 1")

    def mark(function: F) -> F:
        setattr(function, _ATTRIBUTE, times)
        return function

    return mark


def repeats(function: Callable) -> int:
    """How many more times a function may run; 0 for one that did not say so."""
    return getattr(function, _ATTRIBUTE, 0)
