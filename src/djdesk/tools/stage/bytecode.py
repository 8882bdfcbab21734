"""Byte code for everything, so that a read-only installation starts as fast as any."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from .places import Backend, StageProblem, environment

# How compileall names an error of the system, such as a full disk.
_SYSTEM = re.compile(r"^\w+Error: \[Errno", re.MULTILINE)


def compile_all(backend: Backend) -> None:
    """Compile in one process and in one order, with paths relative to the backend.

    ``unchecked-hash``: the byte code is taken as it is, whatever time an installer gives a file.
    A file that does not compile stays as it is: packages hold templates of modules, and projects
    files that are only to be looked at. What the app runs is tried afterwards.
    """
    # Not -I, which would ignore the hash seed: the order of a set would differ from run to run.
    _compile(backend, backend.library)
    _compile(backend, backend.app)


def _compile(backend: Backend, folder: Path) -> None:
    command = [
        # Tracebacks keep their lines; the columns of each instruction are 5 % of the byte code.
        str(backend.python), "-s", "-P", "-X", "utf8", "-X", "no_debug_ranges",
        "-m", "compileall", "-q", "-j", "1",
        "--invalidation-mode", "unchecked-hash", "-s", str(backend.root), str(folder),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=900, check=False,
        env=environment(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1"),
    )  # fmt: skip
    wrong = done.returncode != 0 and "*** Error compiling" not in done.stdout
    if wrong or _SYSTEM.search(done.stdout):
        raise StageProblem(
            "Python files could not be compiled.", detail=(done.stdout + done.stderr)[-2000:]
        )
