"""An installation of the small app with its data, and one update of it, in its own folder."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from . import stand_in
from .place import Place

SOURCE = Path(__file__).resolve().parents[3] / "src"
KILLER = Path(__file__).with_name("killer.py")
LIMIT = 30.0  # seconds for a step that takes one


def scratch() -> str | None:
    """A folder in memory if available: kills need no slow disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


class World(Place):
    """``kind``: folder or appimage; ``fault``: the fault of the new version; ``portable``: the data
    are in the app's folder and move with it."""

    def __init__(self, root: Path, kind: str, fault: str = "", *, portable: bool = False) -> None:
        self.root, self.kind, self.fault = root, kind, fault
        self.harm = "kill"
        self.data = root / "App" / "Small Data" if portable else root / "data"
        stand_in.put_data(self.data)
        if kind == "folder":
            self.target = root / "App"
            stand_in.put_folder(self.target, "1.0", 1)
            if portable:
                (self.target / "portable").touch()
            stand_in.put_folder(root / "made" / "app-2.0", "2.0", 2, fault)
            self.artefact = root / "app-2.0.tar.gz"
            stand_in.archive(root / "made" / "app-2.0", self.artefact)
            self.program = self.target / "app"
        else:
            self.target = self.program = root / "App.AppImage"
            stand_in.put_program(self.target, "1.0", 1)
            self.artefact = root / "app-2.0.AppImage"
            stand_in.put_program(self.artefact, "2.0", 2, fault)
        (self.data / "guardian.json").write_text(json.dumps(self.killer("guardian")))
        self.start = [str(self.program), f"--data-dir={self.data}"]

    # The shell's part.

    def run(self, what: str, command: str, *words: str, kill: int = -1) -> int:
        """One command of the guardian or of updating.py, optionally with a fault at a point."""
        (self.root / "kill").write_text(f"{kill} {self.harm}")
        done = subprocess.run(
            [*self.killer(what), command, f"--data-dir={self.data}", *words],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            start_new_session=True,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def killer(self, what: str) -> list[str]:
        words = [KILLER, SOURCE, self.root / "kill", self.root / "counted", what]
        return [sys.executable, "-B", *map(str, words)]

    @property
    def points(self) -> int:
        return int((self.root / "counted").read_text())

    def begin(self, kill: int = -1, sha512: str = "") -> int:
        words = {
            "product": stand_in.PRODUCT,
            "from": "1.0",
            "to": "2.0",
            "kind": self.kind,
            "target": self.target,
            "program": "app" if self.kind == "folder" else "",
            "artefact": self.artefact,
            "sha512": sha512 or stand_in.sha512(self.artefact),
            "size": self.artefact.stat().st_size,
        }
        return self.run("update", "begin", *(f"--{k}={v}" for k, v in words.items()), kill=kill)

    def stage(self, kill: int = -1) -> int:
        return self.run("update", "stage", kill=kill)

    def rehearse(self, kill: int = -1) -> int:
        return self.run("update", "rehearse", "--", *self.start, kill=kill)

    def install(self, kill: int = -1) -> int:
        return self.run("guardian", "install", "--", *self.start, kill=kill)

    def open(self, kill: int = -1) -> None:
        """The user starts the app, first closing leftovers whose guardian is gone."""
        (self.root / "kill").write_text(f"{kill} {self.harm}")
        subprocess.run(self.start, cwd=self.root, timeout=LIMIT, stdout=subprocess.DEVNULL)
        self.settle()

    def settle(self) -> None:
        """Wait until no process of this world is left. The user closes an app that does nothing and
        has no guardian."""
        end = time.monotonic() + LIMIT
        while running := self.processes():
            if time.monotonic() > end:
                raise AssertionError(f"still running: {running}")
            if not any("killer.py" in words for words in running.values()):
                for pid in filter(lambda one: (self.data / f"waits-{one}").exists(), running):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGTERM)
            time.sleep(0.02)

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < end, self.processes()
            time.sleep(0.02)

    def free(self) -> None:
        """The user frees disk space."""
        (self.root / "filler").unlink(missing_ok=True)

    # Checks.

    def version(self) -> str:
        """Version of the installed program, which starts when the user clicks."""
        text = self.program.read_text()
        return "2.0" if 'VERSION, SCHEMA, FAULT = "2.0"' in text else "1.0"

    def problems(self, *, data: bool = True) -> list[str]:
        """Violations. Empty if the app starts with the data that match it."""
        found = []
        try:
            version = self.version()
        except OSError as error:
            return [f"no app: {error}"]
        if not os.access(self.program, os.X_OK):
            found.append("the app cannot be started")
        if not data:
            return found
        schema, rows = stand_in.look(self.data)
        # The next start continues the rollback before anything opens the data.
        fits = [("1.0", 1), ("2.0", 2), ("2.0", 1)] + [("1.0", 2)] * (self.state == "rolling_back")
        if (version, schema) not in fits:
            found.append(f"code {version} with data of schema {schema}")
        if rows < stand_in.ROWS:
            found.append(f"{rows} rows of {stand_in.ROWS}")
        return found
