"""Byte code for everything, so that a read-only installation starts as fast as any."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .places import Backend, StageProblem, environment


def compile_all(backend: Backend) -> None:
    """Compile in one process and in one order, with paths relative to the backend.

    ``unchecked-hash``: the byte code is taken as it is, whatever time an installer gives a file.
    """
    # Not -I, which would ignore the hash seed: the order of a set would differ from run to run.
    _compile(backend, backend.library)
    # A project may hold files that are only to be looked at; what it runs is tried afterwards.
    _compile(backend, backend.app, strict=False)


def _compile(backend: Backend, folder: Path, *, strict: bool = True) -> None:
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
    if strict and done.returncode != 0:
        raise StageProblem(
            "Some Python files do not compile.", detail=(done.stdout + done.stderr)[-2000:]
        )
