"""Acts as the shell for one child of the launch contract."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

INSPECTOR = Path(__file__).resolve().parents[3] / "inspector"
TOKEN = "f" * 64
LIMIT = 30.0  # seconds for a child to exit


def users_environment() -> dict[str, str]:
    """A user's environment: without the mode and data folder of a test run."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("DJDESK_", "DJANGO_"))}


class Child:
    """A server or worker that is ready when the constructor returns. ``port`` is the server's."""

    def __init__(self, command: str, data: Path) -> None:
        self.command = command
        config: dict[str, object] = {
            "contract": 1,
            "launch_id": "a" * 16,
            "data_dir": str(data),
            "app": str(INSPECTOR),
            "token": TOKEN,
            "port": 0,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-m", "djdesk.desktop", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=users_environment(),
        )
        self.stdin = _pipe(self.process.stdin)
        self.stdout = _pipe(self.process.stdout)
        self.stdin.write(json.dumps(config).encode() + b"\n")
        self.stdin.flush()
        self.port = self._ready()

    def _ready(self) -> int:
        for line in self.stdout:
            event = json.loads(line)
            if event["event"] in ("listening", "ready"):
                return int(event.get("port", 0))
            if event["event"] == "failed":
                raise RuntimeError(f"{self.command}: {event['code']}: {event['reason']}")
        raise RuntimeError(f"{self.command} ended before it was ready")

    def kill(self) -> None:
        self.process.kill()
        self._close()

    def stop(self) -> None:
        self.stdin.close()
        self._close()

    def _close(self) -> None:
        self.process.wait(LIMIT)
        with contextlib.suppress(OSError):
            self.stdin.close()
        self.stdout.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("the child was started without a pipe")
    return stream
