"""Determines what a project needs to become a desktop app, in a separate read-only process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from djdesk.messages import loads, say

TIMEOUT = 120  # seconds; a project of 2,000 files takes some
SECTION = "readiness"


class CannotSay(Exception):
    """Why there is no answer, as a sentence."""


def check(path: str, settings: str, out: str = "") -> dict[str, Any]:
    """``{"level", "decisions", "table"}``. With ``out``, also writes the app's folder there.

    Raises CannotSay.
    """
    keep = ["-B"] if sys.dont_write_bytecode else []
    command = [sys.executable, "-I", *keep, "-X", "utf8", "-m", "djdesk.projects.readiness"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("DJDESK_")}
    try:
        done = subprocess.run(
            command, input=json.dumps({"path": path, "settings": settings, "out": out}),
            capture_output=True, text=True, encoding="utf-8", timeout=TIMEOUT, check=False,
            env=env, cwd=Path(sys.executable).parent,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise CannotSay(say("Reading the project took longer than two minutes.")) from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["-"])[-1][:300]
        raise CannotSay(say("The rules failed with an unexpected error: {error}", error=last))
    answer: dict[str, Any] = loads(done.stdout)
    if problem := answer.get("problem"):
        raise CannotSay(problem)
    return answer
