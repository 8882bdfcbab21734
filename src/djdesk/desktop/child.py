"""What the server and worker processes share: read the config, report stages, and report a failed
start as one message.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from djdesk.messages import say

from . import build_id, launch
from .launch import Events, LaunchConfig, LaunchFailure

PR_SET_DUMPABLE = 4  # linux/prctl.h
M_ARENA_MAX = -8  # malloc.h


class Stages:
    """The current stage of a start, so that a failure can name it."""

    def __init__(self, events: Events, config: LaunchConfig) -> None:
        self.events = events
        self.config = config
        self.name = "settings"
        self.build = ""  # id of the files that this process was started from (build_id.py)
        self._kept: list[object] = []

    def enter(self, name: str, detail: str = "") -> None:
        self.name = name
        self.events.stage(name, detail)

    def keep(self, thing: object) -> None:
        """Keep a reference (to a lock) for the life of the process."""
        self._kept.append(thing)


def develop(*, server: bool) -> None:
    """Under ``djdesk start``: reload on changes, and let ``breakpoint()`` stop.

    The tools are not part of a packaged app.
    """
    sys.breakpointhook = pass_over
    if os.environ.get("DJDESK_MODE") == "development":
        from djdesk.tools.develop import begin

        begin(server=server)


def prove() -> None:
    """Under ``djdesk prove``: record what this process does. Not in a packaged app."""
    if folder := os.environ.get("DJDESK_PROVE"):
        with contextlib.suppress(ModuleNotFoundError):
            from djdesk.tools.prove import watch

            watch.begin(Path(folder))


def pass_over(*args: object, **kwargs: object) -> None:
    """Ignore ``breakpoint()``: nobody can type here, and a debugger reading stdin would block on
    the lifeline forever.
    """
    frame = sys._getframe(1)
    print(
        f"breakpoint() at {frame.f_code.co_filename}:{frame.f_lineno} was skipped: there is no "
        "terminal to type in. Run “djdesk start” in a terminal, or debug with "
        "“djdesk manage runserver”.",
        file=sys.stderr,
        flush=True,
    )


def close_memory() -> None:
    """Keep other programs of the same user from reading this process's memory, which holds the
    launch token. Linux only. It also blocks debuggers, so it is off during development."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def keep_memory_together() -> None:
    """One malloc arena for all threads instead of one per thread: saves 1 MB while idle. The GIL
    lets only one thread run at a time anyway."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(AttributeError):  # not glibc
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def run_child(body: Callable[[Stages], int], *, server: bool) -> int:
    """Run a child process's main function; any failed start becomes one ``failed`` event and exit
    code 1.
    """
    events = Events.take_stdout()
    # Files created by this process or its libraries are readable by this user only.
    os.umask(0o077)
    if sys.platform == "win32":
        from . import windows

        windows.prepare()
    keep_memory_together()
    prove()
    if os.environ.get("DJDESK_MODE") != "development":
        close_memory()
    stages = None
    try:
        config = launch.read(sys.stdin.buffer, server=server)
        os.environ["DJANGO_SETTINGS_MODULE"] = config.settings
        stages = Stages(events, config)
        stages.build = build_id.check(config)
        return body(stages)
    except LaunchFailure as failure:
        _report(events, stages, failure)
    except Exception as error:
        traceback.print_exc()
        cause = error.__cause__ if isinstance(error.__cause__, LaunchFailure) else None
        _report(
            events,
            stages,
            cause
            or LaunchFailure(
                "internal",
                say("An unexpected error stopped the start."),
                say("Start again; if it happens again, send the log with your report."),
                f"{type(error).__name__}: {error}",
            ),
        )
    return 1


def _report(events: Events, stages: Stages | None, failure: LaunchFailure) -> None:
    stage = stages.name if stages else "settings"
    logging.getLogger(__name__).error("%s: %s %s", stage, failure.reason, failure.detail)
    events.failed(stage, failure)
