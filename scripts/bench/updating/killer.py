"""Runs a step of an update and kills it at one of its points: before and after everything that
changes a file, and wherever it writes a line of its log.

    python killer.py SOURCE POINT COUNTED  guardian|update  WORDS…

POINT is the number of the point at which it is killed, or -1; the number of points that were passed
is written to the file COUNTED.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

source, where, counted, what, *words = sys.argv[1:]
sys.path.insert(0, source)

from djdesk.desktop import guardian, guardian_files, guardian_kinds, updating  # noqa: E402

ACTS = ("replace", "remove", "write_json", "second_name", "exchange", "copy_database", "sync_tree")
# A file of its own, so that a program that this one starts and that runs it again counts anew.
at = int(Path(where).read_text()) if Path(where).exists() else -1
Path(where).unlink(missing_ok=True)
passed = 0


def point() -> None:
    global passed
    if passed == at:
        os.kill(os.getpid(), signal.SIGKILL)
    passed += 1
    Path(counted).write_text(str(passed))


def between(act: Callable[..., Any]) -> Callable[..., Any]:
    def done(*args: Any, **names: Any) -> Any:
        point()
        result = act(*args, **names)
        point()
        return result

    return done


for module in (guardian_files, guardian_kinds, guardian, updating):
    for name in ACTS:
        if act := getattr(module, name, None):
            setattr(module, name, between(act))
guardian.Transaction.step = between(guardian.Transaction.step)  # type: ignore[method-assign]
guardian.TICK = 0.02
guardian.SILENCE = 1.5
updating.REHEARSAL = 1.5

run = guardian.main if what == "guardian" else updating.main
sys.exit(run(words))
