"""Run uv without the project's settings: it must not run in the project's folder."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from djdesk.tools.problem import ToolProblem
from djdesk.tools.stage.interpreter import find_uv
from djdesk.tools.stage.places import StageProblem

LONG = 1800  # seconds
_spent = [0.0, 0.0]


def seconds() -> float:
    """Total time of all uv runs so far: the cost of network and installation."""
    return _spent[0]


def processor_seconds() -> float:
    """Processor time of everything but uv so far: this process and its children. Compared with the
    elapsed time, it shows how busy the machine was. Windows does not count processes that have
    ended."""
    used = os.times()
    return used.user + used.system + _of_children() - _spent[1]


def _of_children() -> float:
    used = os.times()
    return used.children_user + used.children_system


def run(
    command: Sequence[str | Path], *, cwd: Path, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``uv …`` in ``cwd``, which is never the project's own folder."""
    try:
        program = find_uv()
    except StageProblem as problem:
        raise ToolProblem(str(problem), problem.hint) from problem
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("PYTHON", "DJANGO_", "VIRTUAL_ENV", "DJDESK_"))
    }
    begun, before = time.monotonic(), _of_children()
    try:
        return subprocess.run(
            [program, *command], cwd=cwd, input=stdin, capture_output=True, text=True, check=False,
            timeout=LONG, env=kept | {"UV_NO_PROGRESS": "1", "NO_COLOR": "1"},
        )  # fmt: skip
    finally:
        _spent[0] += time.monotonic() - begun
        _spent[1] += _of_children() - before
