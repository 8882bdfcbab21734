"""Acts as the shell: starts real server and worker processes by the launch contract."""

from __future__ import annotations

import http.client
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from tests.environment import PARITY

LIMIT = 30  # seconds for anything that should be quick
TOKEN = "c" * 64


# A process between the test and the child that acts as its shell: forwards stdin and waits.
SHELL = (
    "import subprocess, sys\n"
    "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
    "child.stdin.write(sys.stdin.buffer.readline()); child.stdin.flush()\n"
    "sys.exit(child.wait())\n"
)


class Child:
    """One ``python -m djdesk.desktop`` process. Use it as a context manager."""

    def __init__(
        self,
        command: str,
        data_dir: Path,
        *,
        python_path: str = "",
        environment: dict[str, str] | None = None,
        words: tuple[str, ...] = (),
        options: tuple[str, ...] = (),
        prefix: tuple[str, ...] = (),
        parent: bool = False,
        **config,
    ) -> None:
        line = {
            "contract": 1,
            "launch_id": "f" * 16,
            "data_dir": str(data_dir),
            "app": str(PARITY),
            **config,
        }
        if command == "serve":
            line = {"token": TOKEN, "port": 0, **line}
        if environment is None:
            environment = {
                k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK_"))
            }
        if python_path:
            environment["PYTHONPATH"] = python_path
        isolation = [] if python_path else ["-I"]
        argv = [*prefix, sys.executable, *isolation, *options, "-X", "utf8", "-m", "djdesk.desktop"]
        argv += [command, *words]
        if parent:
            argv = [sys.executable, "-c", SHELL, *argv]
        self.process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=tempfile.gettempdir(),
        )
        self.log = ""
        self.events: queue.Queue[dict | None] = queue.Queue()
        self._threads = [
            threading.Thread(target=self._read_events, daemon=True),
            threading.Thread(target=self._read_log, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.process.stdin.write(json.dumps(line).encode() + b"\n")
        self.process.stdin.flush()

    def _read_events(self) -> None:
        for line in self.process.stdout:
            self.events.put(json.loads(line))
        self.events.put(None)

    def _read_log(self) -> None:
        for line in self.process.stderr:
            self.log += line.decode(errors="replace")

    def until(self, name: str) -> dict:
        """The next event of that name; earlier ones are dropped."""
        while True:
            event = self.events.get(timeout=LIMIT)
            assert event is not None, f"ended before {name}:\n{self.log}"
            if event["event"] == name:
                return event

    def names_until(self, name: str) -> list[str]:
        names = []
        while (event := self.events.get(timeout=LIMIT)) is not None:
            names.append(event.get("name") or event["event"])
            if event["event"] == name:
                return names
        raise AssertionError(f"ended before {name}:\n{self.log}")

    def get(self, port: int, path: str, *, token: str = TOKEN) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
        try:
            connection.request("GET", path, headers={"X-DJDesk-Token": token})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def end_of_stdin(self) -> int:
        self.process.stdin.close()
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(LIMIT)
        for thread in self._threads:
            thread.join(LIMIT)
        return code

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *exc) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        if not self.process.stdin.closed:
            self.process.stdin.close()
