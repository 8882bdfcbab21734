"""Drive the app in its window or in a Chromium, through node/prove.js."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from djdesk.tools import plan

from .seen import Visit, Who


class BrowserProblem(Exception):
    """The browser, or the app in it, did not do what was requested. ``detail`` is technical."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


class Browser:
    """``shell``: window, chromium, or none if there is no browser; ``reason`` says why."""

    origin = ""

    def __init__(self, node: str, wanted: str, env: Mapping[str, str]) -> None:
        # In its own process group: Ctrl+C goes to the command, which ends this process by closing
        # its stdin. That also works if the command itself is killed.
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self._process = subprocess.Popen(
            [node, str(plan.NODE_TOOLS / "prove.js"), wanted],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(env), **apart,
        )  # fmt: skip
        chosen = self._answer()
        self.shell: str = chosen["shell"] or "none"
        self.version: str = chosen["version"]
        self.reason: str = chosen["reason"]

    def open(self, data_dir: Path) -> None:
        self.origin = self._ask("open", dataDir=str(data_dir))["origin"]

    def become(self, cookie: tuple[str, str] | None) -> None:
        if cookie:
            self._ask("cookie", name=cookie[0], value=cookie[1])

    def visit(self, path: str, who: Who, **options: object) -> Visit:
        return _visit(path, who, self._ask("visit", path=path, **options))

    def fill(self, path: str, marker: str) -> tuple[Visit, str]:
        """Add an object with an admin form. Also returns why it was not saved."""
        answer = self._ask("fill", path=path, marker=marker)
        return _visit(path, "the first user", answer), answer["problem"]

    def close(self) -> None:
        self._ask("close")

    def end(self) -> None:
        assert self._process.stdin and self._process.stdout and self._process.stderr
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=40)  # the window has 15 s, and so does Chromium
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()

    def _ask(self, do: str, **values: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise BrowserProblem("The browser ended.", str(error)) from error
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            assert self._process.stderr is not None
            said = self._process.stderr.read().decode("utf-8", "replace")
            raise BrowserProblem("The browser ended.", said[-3000:])
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise BrowserProblem(answer["failed"], answer["detail"])
        return answer


def _visit(path: str, who: Who, answer: Mapping[str, Any]) -> Visit:
    return Visit(
        path=path,
        who=who,
        status=answer["status"],
        kind=answer["kind"],
        saved=answer["saved"],
        url=answer["url"],
        title=answer["title"],
        links=tuple(answer["links"]),
        requests=tuple(answer["requests"]),
        violations=tuple(answer["violations"]),
        errors=tuple(answer["errors"]),
        picture=answer["picture"],
        ms=answer["ms"],
    )
