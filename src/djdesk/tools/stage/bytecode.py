"""Compile everything to byte code, because a read-only installation cannot do it later."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from .places import Backend, StageProblem, environment

# compileall's message for a system error, such as a full disk.
_SYSTEM = re.compile(r"^\w+Error: \[Errno", re.MULTILINE)


def compile_all(backend: Backend) -> None:
    """Compile in one process and in a fixed order, with paths relative to the backend.

    ``unchecked-hash``: the byte code is used whatever time an installer gives the source file. A
    file that does not compile is left alone: packages contain templates of modules, and projects
    files that are only read. Whether the app runs is checked later.
    """
    # Not -I, which would ignore the hash seed: the order of sets would differ between runs.
    _compile(backend, backend.library)
    _compile(backend, backend.app)


def _compile(backend: Backend, folder: Path) -> None:
    command = [
        # Tracebacks keep line numbers; column numbers take 5 % of the byte code.
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
