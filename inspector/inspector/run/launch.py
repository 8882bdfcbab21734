"""Starts a program of the user's, such as an editor, and lets it go on by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from djdesk.projects.wording import say

PATIENCE = 0.4  # seconds in which a program that cannot work usually says so
# Ours; an editor hands its environment on to every terminal that is opened in it.
OURS = ("DJDESK_", "DJANGO_", "PYTHON", "ELECTRON_")


def launch(argv: Sequence[str], *, cwd: Path) -> str:
    """Start ``argv`` without a shell; empty when it runs, else why it does not."""
    try:
        process = _start(list(argv), cwd)
    except OSError as error:
        return error.strerror or str(error)
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        # Somebody has to take note of its end, or it stays in the process table.
        threading.Thread(target=process.wait, daemon=True).start()
        return ""
    return say("it ended with {code}.", code=code) if code else ""


def _start(argv: list[str], cwd: Path) -> subprocess.Popen[bytes]:
    if sys.platform != "win32":
        return _popen(argv, cwd, start_new_session=True)
    flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        # Out of the job that ends whatever the app started: an editor holds unsaved text.
        return _popen(argv, cwd, creationflags=flags | subprocess.CREATE_BREAKAWAY_FROM_JOB)
    except PermissionError:
        # A job around the whole app lets nobody out.
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
