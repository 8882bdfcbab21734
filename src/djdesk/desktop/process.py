"""One of the app's own processes: a management command kept running beside server and worker.

The shell starts it when the server is ready, restarts it when it exits, and stops it with the rest.
The command is stopped as in a terminal: by Ctrl+C.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from pathlib import Path

from djdesk import __version__
from djdesk.messages import dumps, loads, say

from . import deferred_imports, lifeline, ownfiles, records
from .child import Stages, run_child
from .launch import LaunchFailure
from .lock import FileLock

GRACE = 4.0  # seconds for the command to exit; the shell waits for 5

logger = logging.getLogger(__name__)


def main(name: str) -> int:
    return run_child(lambda stages: _run(name, stages), server=False)


def lock_of(data_dir: Path, name: str) -> FileLock:
    """The lock that is held while this process runs."""
    return FileLock(data_dir / f"process-{name}.lock")


def why_ended(data_dir: Path, name: str) -> str:
    """Why the process exited the last time, for ``said``; empty if it did not exit by itself."""
    try:
        note = ownfiles.read_bytes(_note_of(data_dir, name)).decode()
    except (OSError, ValueError):
        return ""
    if note.startswith(('"', "{")):  # an older version wrote plain text
        with contextlib.suppress(ValueError, RecursionError):
            return str(loads(note))
    return note


def _note_of(data_dir: Path, name: str) -> Path:
    return data_dir / f"process-{name}.ended"


def _note(data_dir: Path, name: str, reason: str) -> None:
    path = _note_of(data_dir, name)
    with contextlib.suppress(OSError):
        ownfiles.clear(path)
        path.write_text(dumps(str(reason)[:1000]), encoding="utf-8")


def _run(name: str, stages: Stages) -> int:
    command = stages.config.processes.get(name)
    if not command:
        raise LaunchFailure(
            "bad_config",
            say("The app has no background process {name}.", name=name),
            say(
                "The shell and its Python side may be of different versions. Install the app again."
            ),
        )
    stages.enter("settings")
    deferred_imports.import_django()
    from . import loading

    loading.set_up()
    from django.conf import settings
    from django.core.management import ManagementUtility, get_commands

    from .obstacles import wait_out

    if command[0] not in get_commands():
        failure = LaunchFailure(
            "bad_config",
            say(
                "There is no management command {command} for the background process {name}.",
                command=command[0],
                name=name,
            ),
            say('The processes of an app are management commands that "manage.py help" lists.'),
        )
        _note(settings.DATA_DIR, name, failure.reason)
        raise failure
    stages.enter("lock")
    lock = lock_of(settings.DATA_DIR, name)
    if not lock.acquire(timeout=5.0):
        raise LaunchFailure(
            "already_running",
            say("The background process {name} is running with this data already.", name=name),
            say("Close the other copy of the app, then start again."),
        )
    stages.keep(lock)
    record = records.write(settings.DATA_DIR, f"process-{name}", stages.config.launch_id)

    stopping = threading.Event()
    lifeline.watch(lambda: _stop(stopping), signals=False)
    # A command without handlers of its own gets KeyboardInterrupt from either signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    wait_out(stages.events)
    _note_of(settings.DATA_DIR, name).unlink(missing_ok=True)
    stages.events.send("ready", pid=os.getpid(), version=__version__, build=stages.build)
    try:
        ManagementUtility(["manage.py", *command]).execute()
        if not stopping.is_set():
            _note(settings.DATA_DIR, name, say("The command finished."))
    except (KeyboardInterrupt, SystemExit) as end:
        if not stopping.is_set():
            code = end.code if isinstance(end, SystemExit) else None
            reason = (
                say("Something outside the app told the command to stop.")
                if isinstance(end, KeyboardInterrupt)
                else say("The command ended with the exit code {code}.", code=code or 0)
                if isinstance(code, int | None)
                else say("The command ended with the message: {words}", words=code)
            )
            _note(settings.DATA_DIR, name, reason)
            raise
        logger.info("stopped: %s", end)
    except Exception as error:
        if not stopping.is_set():
            _note(settings.DATA_DIR, name, f"{type(error).__name__}: {error}")
        raise
    finally:
        record.unlink(missing_ok=True)
    return 0


def _stop(stopping: threading.Event) -> None:
    """Ask the command to stop, as Ctrl+C would; may be called more than once."""
    if stopping.is_set():
        return
    stopping.set()
    lifeline.exit_within(GRACE)
    if hasattr(signal, "pthread_kill"):
        # Sent to the main thread explicitly: there it interrupts a blocking system call.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)
