"""The child's side of the launch contract (docs/launch-contract.md): config in, events out."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from djdesk.messages import say, with_messages

CONTRACT = 1
LINE_LIMIT = 64 * 1024
DEFAULT_SETTINGS = "djdesk.overlay.settings"

_current: LaunchConfig | None = None


class LaunchFailure(Exception):
    """A start that cannot continue. ``reason`` and ``hint`` are sentences for the user.

    ``code`` is one of the launch contract's codes; ``detail`` is technical and collapsed in the
    window.
    """

    def __init__(self, code: str, reason: str, hint: str, detail: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.hint = hint
        self.detail = detail


def place_of(error: BaseException) -> str:
    """The end of the error's traceback, without frames of importlib, Django and the runtime."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = str(Path(__file__).parents[1]) + os.sep
    passing = (f"{os.sep}site-packages{os.sep}django{os.sep}", "importlib", ours)
    seen = [frame for frame in frames if not any(one in frame.filename for one in passing)][-3:]
    return "".join([*traceback.format_list(seen), *traceback.format_exception_only(error)]).strip()


@dataclass(frozen=True, slots=True)
class LaunchConfig:
    """The line that the shell writes to stdin. ``app`` is the project folder; only the server gets
    ``token`` and ``port``."""

    launch_id: str
    data_dir: Path
    app: Path | None = None
    settings: str = DEFAULT_SETTINGS
    token: str = ""
    port: int = 0
    browser_session: str = ""
    # Runs on a copy of the data, to see whether this version works (docs/update-contract.md).
    rehearsal: bool = False
    # Build id of the processes that run beside this one; empty for the first one.
    build: str = ""
    # Management commands of the app to keep running, by name.
    processes: dict[str, list[str]] = field(default_factory=dict)
    # When this process read the line, in seconds since the epoch. It imports the app after that.
    read_at: float = field(default_factory=time.time, compare=False)


def parse(line: bytes, *, server: bool) -> LaunchConfig:
    """Check one config line. Raises LaunchFailure ``bad_config``, which never contains a value."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise _bad("stdin did not begin with one line of JSON")
    if raw.get("contract") != CONTRACT:
        raise _bad(f"this Python side speaks launch contract {CONTRACT}, the shell another one")
    return LaunchConfig(
        launch_id=_hex(raw, "launch_id", 16),
        data_dir=_absolute(raw, "data_dir"),
        app=_absolute(raw, "app") if raw.get("app") is not None else None,
        settings=_dotted(raw.get("settings", DEFAULT_SETTINGS)),
        token=_hex(raw, "token", 64) if server else "",
        port=_port(raw.get("port")) if server else 0,
        browser_session=_hex(raw, "browser_session", 64) if raw.get("browser_session") else "",
        rehearsal=raw.get("rehearsal") is True,
        build=_hex(raw, "build", 16) if raw.get("build") else "",
        processes=_commands(raw.get("processes", {})),
    )


def read(stream: IO[bytes], *, server: bool) -> LaunchConfig:
    """Read and check the config line from stdin and make it the current one."""
    global _current
    line = stream.readline(LINE_LIMIT + 1)
    if len(line) > LINE_LIMIT:
        raise _bad(f"the line on stdin is longer than {LINE_LIMIT} bytes")
    _current = parse(line, server=server)
    return _current


def current() -> LaunchConfig | None:
    """The config that this process was started with, or None outside the desktop's processes."""
    return _current


def replace(config: LaunchConfig) -> None:
    """Make ``config`` the current one: the server knows its port only after binding it."""
    global _current
    _current = config


_events: Events | None = None


def ask_for_restart(reason: str) -> bool:
    """Ask the shell to restart both children; False if there is no shell.

    ``reason`` is shown while the window waits: "Restoring a backup".
    """
    if _events is None:
        return False
    _events.send("restart", reason=reason)
    return True


class Events:
    """Writes one JSON object per line to the real stdout, which nothing else can reach any more."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    @classmethod
    def take_stdout(cls) -> Events:
        """Reserve the original stdout for events, and point fd 1, which libraries print to, at
        stderr.
        """
        global _events
        private = os.dup(1)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        _events = cls(os.fdopen(private, "wb", buffering=0))
        return _events

    def send(self, event: str, **values: Any) -> None:
        line = json.dumps(with_messages({"event": event, **values}), ensure_ascii=True) + "\n"
        # A shell that is gone cannot be notified; the end of stdin will end this process.
        with self._lock, contextlib.suppress(OSError):
            self._stream.write(line.encode())

    def stage(self, name: str, detail: str = "", **values: Any) -> None:
        self.send("stage", name=name, **({"detail": detail} if detail else {}), **values)

    def failed(self, stage: str, failure: LaunchFailure) -> None:
        self.send(
            "failed",
            stage=stage,
            code=failure.code,
            reason=failure.reason,
            hint=failure.hint,
            **({"detail": failure.detail} if failure.detail else {}),
        )


def _bad(what: str) -> LaunchFailure:
    return LaunchFailure(
        "bad_config",
        say("The launch configuration is not usable: {what}.", what=what),
        say("The shell and its Python side may be of different versions. Install the app again."),
    )


def _hex(raw: dict[str, Any], key: str, digits: int) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not re.fullmatch(rf"[0-9a-f]{{{digits}}}", value):
        raise _bad(f"{key} is not {digits} hexadecimal digits")
    return value


def _absolute(raw: dict[str, Any], key: str) -> Path:
    value = raw.get(key)
    if not isinstance(value, str) or "\0" in value or not Path(value).is_absolute():
        raise _bad(f"{key} is not an absolute path")
    return Path(value)


def _dotted(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", value):
        raise _bad("settings is not the dotted name of a module")
    return value


def _commands(value: object) -> dict[str, list[str]]:
    if not isinstance(value, dict) or not all(
        isinstance(words, list) and words and all(isinstance(word, str) for word in words)
        for words in value.values()
    ):
        raise _bad("processes does not hold a command for each name")
    return value


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65535:
        raise _bad("port is not a number from 0 to 65535")
    return value
