"""Updates of real packages: Electron, the bundled Python, Django, SQLite. What the shell does on
the user's clicks is done here with the same commands (docs/update-contract.md)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from djdesk.desktop.guardian_files import alive

from .place import Place
from .stand_in import sha512
from .versions import FAULT, NEW, OLD, artefact

ROWS = 50
START = 90.0  # seconds for the app to start
TRANSACTION = 240.0
SWITCHES = ["--no-sandbox", "--disable-gpu"]


def program_of(pid: int) -> Path:
    """The executable of a process; an empty path if it has just exited."""
    try:
        return Path(os.readlink(f"/proc/{pid}/exe"))  # noqa: PTH115 - it may be gone already
    except OSError:
        return Path()


class RealWorld(Place):
    """An installation of the old version with 50 rows, and its update to the new one."""

    def __init__(
        self,
        root: Path,
        packages: Path,
        kind: str,
        display: str,
        fault: str = "",
        disk: Path | None = None,
    ) -> None:
        self.root, self.kind, self.fault = root, kind, fault
        root.mkdir(parents=True)
        self.data = (disk or root) / "data é"
        self.artefact = artefact(packages, NEW, kind)
        old = artefact(packages, OLD, kind)
        if kind == "appimage":
            self.target = self.program = root / "Parity.AppImage"
            shutil.copy2(old, self.target)
        else:
            self.target = root / "Parity"
            with tarfile.open(old) as archive:
                archive.extractall(root / "unpacked", filter="tar")
            (unpacked,) = (root / "unpacked").iterdir()
            unpacked.rename(self.target)
            self.program = self.target / "parity-app"
        self.command = [str(self.program), *SWITCHES, f"--data-dir={self.data}"]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DJDESK_")},
            "DISPLAY": display,
            "ELECTRON_DISABLE_SANDBOX": "1",
            FAULT: fault,
        }

    # The user.

    def open(self) -> subprocess.Popen[bytes]:
        self.starts = self.seen()
        return subprocess.Popen(
            self.command,
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def fill(self) -> None:
        """A first start, 50 rows, and quit."""
        self.open()
        self.until(self.ready, START, "the first start")
        self.close()
        with contextlib.closing(sqlite3.connect(self.data / "app.sqlite3")) as database, database:
            rows = [(f"book {number}", "") for number in range(ROWS)]
            database.executemany("INSERT INTO library_book (title, cover) VALUES (?, ?)", rows)

    def close(self) -> None:
        ended: set[int] = set()

        def gone() -> bool:
            # A process that has just started becomes a shell only now.
            for pid in set(self.shells()) - ended:
                ended.add(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            return not self.processes()

        self.until(gone, START, "the end of the app")

    # Running processes.

    def shells(self) -> list[int]:
        """Main processes of Electron (Chromium's have a --type), except a rehearsal's."""
        return [
            pid
            for pid, words in self.processes().items()
            if program_of(pid).name == "parity-app"
            and " --type=" not in words
            and " --rehearse" not in words
        ]

    def of_kind(self, kind: str) -> list[int]:
        """``guardian``, ``shell``, ``server`` or ``worker``."""
        if kind == "shell":
            return self.shells()
        if kind == "guardian":
            return [pid for pid, words in self.processes().items() if "guardian.py" in words]
        found = []
        for record in (self.data / "run").glob(f"{kind}*") if (self.data / "run").is_dir() else []:
            with contextlib.suppress(OSError, ValueError, KeyError):
                found.append(int(json.loads(record.read_text())["pid"]))
        # A record outlives a killed process.
        return [pid for pid in found if alive(pid)]

    def ready(self) -> bool:
        """Whether an app started since the last ``open`` is up and considers itself intact."""
        return bool(self.shells()) and self.seen() > self.starts

    def seen(self) -> int:
        try:
            return (self.data / "logs" / "shell.log").read_text().count("installation whole")
        except OSError:
            return 0

    # The update.

    def python(self) -> Path:
        (shell, *_) = self.shells()
        return program_of(shell).parent / "resources/backend/python/bin/python3"

    def update(self, command: str, *words: str) -> int:
        environment = dict(self.environment)
        if self.kind == "appimage":
            (shell, *_) = self.shells()
            environment["APPDIR"] = str(program_of(shell).parent)
        isolated = ["-I", "-B", "-X", "utf8", "-m", "djdesk.desktop"]
        done = subprocess.run(
            [str(self.python()), *isolated, "update", command, f"--data-dir={self.data}", *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=TRANSACTION,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def prepare(self) -> int:
        """Up to ``rehearsed``, while the old version runs."""
        facts = {
            "product": "org.example.parity",
            "from": OLD,
            "to": NEW,
            "kind": self.kind,
            "target": self.target,
            "program": "parity-app" if self.kind == "folder" else "",
            "artefact": self.artefact,
            "sha512": sha512(self.artefact),
            "size": self.artefact.stat().st_size,
        }
        for command, words in (
            ("begin", [f"--{name}={value}" for name, value in facts.items()]),
            ("stage", []),
            ("rehearse", ["--", *self.command]),
        ):
            if code := self.update(command, *words):
                return code
        return 0

    def hand_over(self) -> None:
        """The guardian waits, then the app is asked to quit, as by "Restart to update"."""
        (shell, *_) = self.shells()
        words = [*self.journal()["guardian"], "install", f"--data-dir={self.data}"]
        guardian = subprocess.Popen(
            [*words, f"--shell={shell}", "--", *self.command],
            cwd=self.data,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert guardian.stdout
        assert json.loads(guardian.stdout.readline())["event"] == "waiting"
        self.guardian = guardian
        self.starts = self.seen()
        os.kill(shell, signal.SIGTERM)

    def until(self, condition: Callable[[], Any], limit: float, what: str) -> None:
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(
                    f"not within {limit:.0f} s: {what}; {self.state}; {self.tail()}"
                )
            time.sleep(0.02)

    def tail(self) -> str:
        texts = []
        for name in ("guardian.log", "shell.log"):
            with contextlib.suppress(OSError):
                texts += (self.data / "logs" / name).read_text().splitlines()[-6:]
        return " | ".join(texts)

    # Checks.

    def look(self) -> tuple[str, bool, int]:
        """Version of the installed code, whether the data have the new schema, and the rows."""
        if self.kind == "folder":
            about = json.loads((self.target / "resources" / "app.json").read_text())
            version = about["version"]
        else:
            new = self.target.stat().st_size == self.artefact.stat().st_size
            version = NEW if new and sha512(self.target) == sha512(self.artefact) else OLD
        with contextlib.closing(sqlite3.connect(self.data / "app.sqlite3")) as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(library_book)")]
            count = "SELECT count(*) FROM library_book WHERE title LIKE 'book %'"
            rows = database.execute(count).fetchone()[0]
            assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return version, "note" in columns, rows

    def remove(self) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.Signals(9))
        self.until(lambda: not self.processes(), 30, "the end of everything")
        shutil.rmtree(self.root, ignore_errors=True)
