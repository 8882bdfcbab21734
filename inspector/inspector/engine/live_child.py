"""Creates the child that runs the project, and starts it ahead of time.

Starting an interpreter in its sandbox and making a private copy take as long as loading a small
project. Neither depends on the source, so both are done while the static child reads it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from djdesk.messages import say
from djdesk.projects.discovery.project import DiscoveredProject
from inspector.events import StoppedEvent
from inspector.run import Child, Scratch, fingerprint
from inspector.run.fingerprint import Fingerprint
from inspector.run.private_copy import TooLarge, copy
from inspector.run.sandbox import Sandbox

if TYPE_CHECKING:
    from inspector.engine.repair import Plan


@dataclass(frozen=True)
class LiveChild:
    """A child, started or not, and its folders.

    ``root``: the project, or its private copy. ``bytecode``: None if the interpreter is ours.
    """

    scratch: Scratch
    root: Path
    bytecode: Path | None
    sandbox: Sandbox
    child: Child


class HeadStart:
    """A child that a thread creates and starts, and that then waits for its request.

    No project code runs before that. ``plan``: called in the thread with the files' current state;
    returns what the child will probably be used for. ``make``: see ``stages.live_child``.
    """

    def __init__(
        self,
        root: Path,
        plan: Callable[[Fingerprint], Plan],
        make: Callable[[Callable[[], bool], Plan], LiveChild | StoppedEvent],
    ) -> None:
        self._root, self._plan, self._make = root, plan, make
        self._dropped = threading.Event()
        self._made: tuple[LiveChild, Plan, Fingerprint] | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        # On failure the child is created when needed; the error then occurs again, and is reported.
        with contextlib.suppress(OSError):
            before = fingerprint(self._root)
            plan = self._plan(before)
            made = self._make(self._dropped.is_set, plan)
            if not isinstance(made, LiveChild):
                return
            try:
                made.child.start()
            except OSError:
                made.scratch.remove_later()
                return
            self._made = made, plan, before

    def take(self, plan: Plan, now: Fingerprint) -> LiveChild | None:
        """The child, if it fits this plan and the files have not changed since it was created."""
        self._thread.join()
        if self._made is None:
            return None
        child, known, before = self._made
        same = (plan.copy, plan.folders, plan.env) == (known.copy, known.folders, known.env)
        if not same or (plan.copy and now != before):
            self.drop()
            return None
        self._made = None
        return child

    def drop(self) -> None:
        """End the child if it has not been taken."""
        self._dropped.set()
        self._thread.join()
        made, self._made = self._made, None
        if made is not None:
            with contextlib.suppress(OSError):
                made[0].child.drop()
            made[0].scratch.remove_later()


def below(root: Path, project: DiscoveredProject, path: Path) -> Path:
    """The path that corresponds to a project file in its private copy, if ``root`` is one."""
    return root / path.relative_to(project.root) if path.is_relative_to(project.root) else path


def copied(
    project: DiscoveredProject, target: Path, cancelled: Callable[[], bool]
) -> StoppedEvent | None:
    """Create the private copy. Returns the event that says why it failed, or None."""
    message = ""
    try:
        if copy(project.root, target, cancelled):
            return None
    except TooLarge:
        message = say("The project is too large for a private copy.")
    except OSError as error:
        message = say("The project could not be copied: {why}", why=error)
    return {
        "event": "stopped",
        "why": "not-copied" if message else "cancelled",
        "had_runtime": False,
        "error": {"type": "NotCopied", "message": message, "trace": []} if message else None,
    }
