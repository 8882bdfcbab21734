"""Start the app's processes as the shell does, by the launch contract, without a window."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any


class NotStarted(Exception):
    """A process of the app exited before it was up. ``stage`` and ``code`` are the launch
    contract's, empty if the process reported nothing; ``hint`` and ``detail`` come from the
    process."""

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
    """``python``: the interpreter with its options; ``role``: arguments after ``-m
    djdesk.desktop``; ``errors``: a file for the log."""
    child = subprocess.Popen(
        [*python, "-m", "djdesk.desktop", *role.split(" ")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=dict(env), cwd=cwd,
    )  # fmt: skip
    assert child.stdin is not None
    with contextlib.suppress(OSError):  # it has exited already: until() says why
        child.stdin.write(json.dumps({"contract": 1, **config}).encode() + b"\n")
        child.stdin.flush()
    return child


def until(
    child: subprocess.Popen[bytes],
    wanted: str,
    log: Path,
    on_event: Callable[[dict[str, Any]], None] = lambda event: None,
) -> dict[str, Any]:
    """Wait for the event ``wanted``; earlier ones are passed to ``on_event``.

    Raises NotStarted with the process's error, or the end of its log if it reported none.
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
    """Stop it by closing stdin. Does nothing if it has exited."""
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
