"""A start of the app without a window: its server, worker and own processes."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from djdesk.app import App
from djdesk.tools.serving import children
from djdesk.tools.serving.children import NotStarted

__all__ = ["Launch", "NotStarted"]


class Launch:
    """``not_running``: processes of the app that exited before they were ready, and why."""

    def __init__(
        self, app: App, python: Sequence[str], data: Path, env: Mapping[str, str], log: Path
    ) -> None:
        self._app, self._python, self._data, self._env = app, python, data, env
        self._log = log
        self._children: list[subprocess.Popen[bytes]] = []
        self.not_running: dict[str, str] = {}
        self.launch_id = self.token = ""
        self.port = 0

    def start(self) -> None:
        """Raises NotStarted for the server; call `end` in any case, to stop what is running."""
        self.launch_id, self.token = secrets.token_hex(8), secrets.token_hex(32)
        # With a browser session, as the browser shell has.
        session = secrets.token_hex(32)
        server = self._start("serve", token=self.token, browser_session=session, port=0)
        self.port = int(children.until(server, "listening", self._log)["port"])
        for name, role in [
            ("worker", "worker"),
            *((name, f"process {name}") for name in self._app.processes),
        ]:
            child = self._start(role)
            try:
                children.until(child, "ready", self._log)
            except NotStarted as failure:
                self.not_running[name] = f"{failure} {failure.hint} {failure.detail}".strip()

    def end(self) -> None:
        """Worker and processes first, as the shell does."""
        for child in self._children[1:]:
            children.end(child)
        for child in self._children[:1]:
            children.end(child)
        self._children = []

    def _start(self, role: str, **more: Any) -> subprocess.Popen[bytes]:
        config = {
            "launch_id": self.launch_id,
            "data_dir": str(self._data),
            "app": str(self._app.root),
            "processes": {name: list(words) for name, words in self._app.processes.items()},
            **more,
        }
        with self._log.open("ab") as errors:
            child = children.start(
                self._python, role, config, env=self._env, cwd=self._app.project, errors=errors
            )
        self._children.append(child)
        return child
