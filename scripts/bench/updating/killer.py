"""Runs a step of an update and injects a fault at one of its points: before and after everything
that changes a file, and at every line it logs.

    python killer.py SOURCE HARM COUNTED  guardian|update  WORDS…

The file HARM says where and what: ``12 kill``, or ``12 fill`` to fill the disk completely. The
number of points passed is written to the file COUNTED.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

assert sys.platform != "win32"  # tells mypy the platform

source, where, counted, what, *words = sys.argv[1:]
sys.path.insert(0, source)

from djdesk.desktop import guardian, guardian_files, guardian_kinds, rehearsing, updating  # noqa: E402

ACTS = ("replace", "remove", "write_json", "second_name", "exchange", "copy_database", "sync_tree")
# In a file, so that another instance of this program started by the first counts from zero.
at, harm = -1, "kill"
if Path(where).exists():
    at, harm = int(Path(where).read_text().split()[0]), Path(where).read_text().split()[1]
Path(where).unlink(missing_ok=True)
passed = 0


def point() -> None:
    global passed
    if passed == at and harm == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if passed == at and harm == "fill":
        fill(Path(where).with_name("filler"))
    passed += 1
    with contextlib.suppress(OSError):
        Path(counted).write_text(str(passed))


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)


def between(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(*args: Any, **names: Any) -> Any:
        point()
        result = act(*args, **names)
        point()
        return result

    return done


for module in (guardian_files, guardian_kinds, guardian, rehearsing, updating):
    for name in ACTS:
        if act := getattr(module, name, None):
            setattr(module, name, between(act))
guardian.Transaction.step = between(guardian.Transaction.step)  # type: ignore[method-assign]
guardian.TICK = 0.02
guardian.SILENCE = 1.5
guardian.TRIAL = guardian.HINDERED = 2.0
rehearsing.REHEARSAL = float(os.environ.get("REHEARSAL", "1.5"))
updating.ROOM = 0  # a test's disk is small

run = guardian.main if what == "guardian" else updating.main
sys.exit(run(words))
