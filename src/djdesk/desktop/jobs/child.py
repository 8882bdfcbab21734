"""The process of one job: ``python -m djdesk.desktop job ID``, started by the worker.

Input: the config line of the launch contract, later the line ``stop``; end of file on stdin means
that the worker is gone. Output: one JSON line per event: ``ready``, ``progress``, ``checkpoint``
and finally ``result``, ``raised`` or ``stopped``.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

from ..child import Stages, pass_over, run_child
from . import machine, places
from .current import Stopped, job

ALONE = 2.5  # seconds to write a checkpoint after the worker is gone
HELD = 20.0  # seconds to wait for an earlier run of the same job to exit
PARENT_LOOK = 0.5  # seconds
_PDEATHSIG = 1  # PR_SET_PDEATHSIG of Linux's prctl


def main(key: str) -> int:
    # Before anything slow, such as importing numpy.
    parent = os.getppid() if os.name == "posix" else 0
    _die_with_the_worker()
    machine.be_modest()
    # Logs the Python stack of a crash in C code.
    faulthandler.enable()
    sys.breakpointhook = pass_over
    # atexit is last in, first out: registered first, called last.
    atexit.register(_leave)
    with contextlib.suppress(ValueError, OSError):
        # Ctrl+C is for the process that started the worker
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Unbuffered: a thread blocked in a buffered read makes the interpreter crash at exit.
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False))
    return run_child(lambda stages: _run(key, stages, parent), server=False)


def _leave() -> None:
    """All exit handlers have run. Skip the interpreter's own cleanup, which takes long for a
    low-priority process on a busy computer."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(0)


def _die_with_the_worker() -> None:
    """Linux: at once, even inside a C call that no Python thread can interrupt. Elsewhere the
    Windows job object or the end of stdin does it."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)


def _run(key: str, stages: Stages, parent: int) -> int:
    stages.enter("settings")
    import django

    django.setup()
    from django.conf import settings
    from django_tasks_db.models import DBTaskResult

    from ..lock import FileLock
    from ..obstacles import wait_out

    folder = places.make(settings.DATA_DIR, key)
    stages.enter("lock")
    lock = FileLock(folder / "lock")
    if not lock.acquire(timeout=HELD):
        raise TimeoutError("an earlier run of this job is still there")
    stages.keep(lock)
    # A statement that meets a lock or a full disk waits, and the job's log says so.
    wait_out(stages.events)
    threading.Thread(target=_listen, name="lifeline", daemon=True).start()
    if os.name == "posix":
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()
    row = DBTaskResult.objects.get(pk=key)
    task = row.task
    job.begin(folder, stages.events.send)
    stages.events.send("ready", pid=os.getpid())
    _call(row, task, stages.events.send)
    return 0


def _call(row: Any, task: Any, send: Callable[..., None]) -> None:
    from django_tasks_db.compat import TaskContext, normalize_json

    args, kwargs = row.args_kwargs["args"], row.args_kwargs["kwargs"]
    if task.takes_context:
        args = [TaskContext(task_result=row.task_result), *args]
    try:
        value = normalize_json(task.call(*args, **kwargs))
    except Stopped:
        job.flush()
        send("stopped")
    except BaseException as error:
        traceback.print_exc()
        job.flush()
        kind = type(error)
        send(
            "raised",
            type=f"{kind.__module__}.{kind.__qualname__}",
            message=str(error)[:1000],
            memory=isinstance(error, MemoryError),
            traceback="".join(traceback.format_exception(error))[-20_000:],
        )
    else:
        job.flush()
        # A function that noticed the stop and returned ended early: its return value is no result.
        if job.heard_stop:
            send("stopped")
        else:
            send("result", value=value)


def _listen() -> None:
    with contextlib.suppress(OSError):
        while words := os.read(0, 4096):
            if b"stop" in words:
                job.stop()
    _alone()


def _watch_parent(parent: int) -> None:
    """In case another process keeps the other end of stdin open."""
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(PARENT_LOOK)
    _alone()


def _alone() -> None:
    """The worker is gone: write a last checkpoint, then end this process and all it started."""
    job.stop()
    threading.Event().wait(ALONE)
    if sys.platform != "win32" and os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
