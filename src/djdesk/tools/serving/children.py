"""Starts the app's processes as the shell does: the launch contract, without a window."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any


class NotStarted(Exception):
    """A process of the app ended before it was up. ``stage`` and ``code`` are words of the launch
    contract, empty where the process said nothing; ``hint`` and ``detail`` are its own."""

    def __init__(
        self, reason: str, hint: str = "", detail: str = "", *, stage: str = "", code: str = ""
    ) -> None:
        super().__init__(reason)
        self.hint = hint
        self.detail = detail
        self.stage = stage
        self.code = code


def start(
    python: Sequence[str | Path],
    role: str,
    config: Mapping[str, Any],
    *,
    env: Mapping[str, str],
    cwd: Path | None,
    errors: IO[bytes],
) -> subprocess.Popen[bytes]:
    """``python``: the interpreter with its options; ``role``: words behind ``-m djdesk.desktop``;
    ``errors``: a file that gets the log."""
    child = subprocess.Popen(
        [*python, "-m", "djdesk.desktop", *role.split(" ")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=dict(env), cwd=cwd,
    )  # fmt: skip
    assert child.stdin is not None
    with contextlib.suppress(OSError):  # it is gone already: until() says why
        child.stdin.write(json.dumps({"contract": 1, **config}).encode() + b"\n")
        child.stdin.flush()
    return child


def until(
    child: subprocess.Popen[bytes],
    wanted: str,
    log: Path,
    on_event: Callable[[dict[str, Any]], None] = lambda event: None,
) -> dict[str, Any]:
    """The event ``wanted``; the ones before it go to ``on_event``.

    Raises NotStarted with what the process said, or the end of its log if it said nothing.
    """
    assert child.stdout is not None
    for line in child.stdout:
        event = json.loads(line) if line.startswith(b"{") else {}
        if event.get("event") == "failed":
            raise NotStarted(
                event["reason"], event["hint"], str(event.get("detail", "")),
                stage=event["stage"], code=event["code"],
            )  # fmt: skip
        if event.get("event") == wanted:
            return event
        on_event(event)
    raise NotStarted("It ended without saying why.", detail=tail(log))


def end(child: subprocess.Popen[bytes]) -> None:
    """The end of stdin means stop. Does nothing for a process that has ended."""
    assert child.stdin is not None and child.stdout is not None
    with contextlib.suppress(OSError):
        child.stdin.close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    child.stdout.close()


def tail(log: Path, size: int = 4000) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-size:]
