"""Starts a program for the user, such as an editor, and lets it run on independently."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from djdesk.messages import say

TIMEOUT = 0.4  # seconds within which a program that fails to start usually exits
# Our variables; an editor would pass its environment on to every terminal opened in it.
OURS = ("DJDESK_", "DJANGO_", "PYTHON", "ELECTRON_")


def launch(argv: Sequence[str], *, cwd: Path) -> str:
    """Start ``argv`` without a shell. Returns an empty string, or why it does not run."""
    try:
        process = _start(list(argv), cwd)
    except OSError as error:
        return error.strerror or str(error)
    try:
        code = process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        # The process must be reaped, or it stays a zombie.
        threading.Thread(target=process.wait, daemon=True).start()
        return ""
    return say("it ended with {code}.", code=code) if code else ""


def _start(argv: list[str], cwd: Path) -> subprocess.Popen[bytes]:
    if sys.platform != "win32":
        return _popen(argv, cwd, start_new_session=True)
    flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        # Outside the job that kills everything the app started: an editor may hold unsaved text.
        return _popen(argv, cwd, creationflags=flags | subprocess.CREATE_BREAKAWAY_FROM_JOB)
    except PermissionError:
        # The job around the whole app does not allow breakaway.
        return _popen(argv, cwd, creationflags=flags)


def _popen(argv: list[str], cwd: Path, **extra: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if not k.startswith(OURS)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        **extra,
    )
