"""Runs a project again in a fresh process while each failed attempt leads to a new repair."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from copy import copy

from djdesk.messages import say
from inspector.engine.learned import Learned
from inspector.engine.repair import Plan
from inspector.events import ChildEvent, LiveEvent, SectionEvent, StageEvent


def attempts(
    run: Callable[[], Iterator[ChildEvent]],
    plan: Plan,
    learned: Learned,
    module: str = "",
    *,
    enough: Callable[[], bool],
    start_over: Callable[[], bool] = lambda: True,
) -> Generator[LiveEvent]:
    """The events of the last attempt, with a ``stage`` event before each further one.

    ``run``: one attempt with ``plan``, which starts with what an earlier scan of ``module`` needed.
    ``enough``: whether another repair may be tried. ``start_over``: whether to discard the recalled
    plan if it no longer works.
    """
    before_copy: SectionEvent | None = None
    fresh = copy(plan)
    learned.recall(plan, module)
    again: str | None = ""
    while again is not None:
        again = None
        tried = run()
        for event in tried:
            if event["event"] == "section" and event["name"] == "runtime" and not event["ok"]:
                if plan.recalled:
                    if start_over():
                        learned.forget(module)
                        vars(plan).update(vars(fresh))
                        again = say("Loading the project with its own environment")
                        break
                elif enough() and (again := plan.after(event["error"])) is not None:
                    before_copy = event
                    break
            if event["event"] == "stopped" and event["why"] == "not-copied" and before_copy:
                # The error from before the private copy is more helpful.
                yield before_copy
                yield {**event, "error": None, "why": "exited", "had_runtime": True}
                return
            yield event
        tried.close()  # type: ignore[attr-defined]
        if again is not None:
            stage: StageEvent = {"event": "stage", "name": "live", "text": again, "progress": None}
            yield stage
