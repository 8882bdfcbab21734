"""Creates a project's virtual environment in the data folder (background task)."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from djdesk.messages import say

from ..models import Command, Preferences
from ..projects import environments
from ..run.child import Child, Outcome
from ..run.containment import Containment
from ..run.sandbox import Sandbox
from .early_end import early_end
from .execute import DRAIN_LIMIT, keep

UNREACHABLE = re.compile(
    r"error sending request|dns error|failed to lookup address|Temporary failure in name resolution"
    r"|Network is unreachable|NewConnectionError|Failed to establish a new connection"
    r"|Could not connect|Connection refused|ConnectTimeoutError",
    re.I,
)
# Merges stdout and stderr into one stream, so that their lines stay in order.
BOOT = "import os, subprocess, sys; os.dup2(1, 2); sys.exit(subprocess.call(sys.argv[1:]))"
TAIL = 65_536  # bytes at the end of the output that are searched for a reason


def drive(command: Command, cancelled: Callable[[], bool]) -> None:
    """Create the environment and choose it for the project; leave nothing behind on failure."""
    from djdesk.projects.discovery.project import DiscoveryError, find_project

    project = command.project
    if not Preferences.load().runs_code:
        _end(
            command,
            Command.Status.FAILED,
            say("The preferences do not allow running project code."),
        )
        return
    try:
        discovered = find_project(Path(project.path))
        want, tool = environments.wanted(discovered.declared), environments.tool()
    except DiscoveryError as error:
        _end(command, Command.Status.FAILED, error.reason)
        return
    except environments.CannotMake as refusal:
        _end(command, Command.Status.FAILED, str(refusal))
        return
    folder = environments.folder_of(project)
    environments.remove(project)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="djdesk-environment-") as lists:
        Path(lists, "requirements.txt").write_text("\n".join(want.lines) + "\n", "utf-8")
        Path(lists, "constraints.txt").write_text("\n".join(want.constraints) + "\n", "utf-8")
        planned = environments.steps(tool, want, folder, Path(lists))
        outcome = _run(
            command, planned, environments.left_out_sentence(want), cancelled, Path(lists)
        )
    command.size = command.output.stat().st_size
    python = environments.python_of(folder)
    if outcome.why == "exited" and outcome.returncode == 0 and python.is_file():
        _choose(command, str(python))
        return
    shutil.rmtree(folder, ignore_errors=True)
    status, reason = _reason(command, outcome)
    _end(command, status, reason, outcome.returncode if outcome.why == "exited" else None)


def _run(
    command: Command,
    planned: list[list[str]],
    told: str,
    cancelled: Callable[[], bool],
    cwd: Path,
) -> Outcome:
    """Run the steps in order, with their output in one file; return the outcome of the last one."""
    outcome = Outcome()
    with command.output.open("wb") as file:
        if told:
            file.write(f"{told}\n".encode())
        for argv in planned:
            file.write(f"$ {' '.join(argv)}\n".encode())
            file.flush()
            child = Child(
                [sys.executable, "-I", "-S", "-c", BOOT, *argv],
                cwd=cwd,
                env=environments.environment(),
                cancelled=cancelled,
                time_limit=command.time_limit,
                output_limit=DRAIN_LIMIT,
                containment=Containment(Sandbox(), cwd, (), ()),
            )
            keep(child, file)
            outcome = child.outcome
            if outcome.why != "exited" or outcome.returncode != 0:
                break
    return outcome


def _choose(command: Command, python: str) -> None:
    project = command.project
    project.refresh_from_db()
    project.python = python
    if not project.trusts(python):
        project.distrust()
    project.save()
    _end(command, Command.Status.DONE, "", 0)


def _reason(command: Command, outcome: Outcome) -> tuple[Any, str]:
    removed = say("The incomplete environment was removed.")
    if (ended := early_end(command, outcome.why, removed)) is not None:
        return ended
    with command.output.open("rb") as file:
        file.seek(max(0, command.output.stat().st_size - TAIL))
        tail = file.read().decode("utf-8", "replace")
    if UNREACHABLE.search(tail):
        return Command.Status.FAILED, say(
            "The package index could not be reached, so no environment was created. Connect to a "
            "network and try again, or choose an existing environment."
        )
    return Command.Status.FAILED, say(
        "The environment could not be created and was removed. The last lines say why."
    )


def _end(command: Command, status: Any, reason: str, code: int | None = None) -> None:
    command.end(status, reason=reason[:1000], exit_code=code, size=command.size)
