"""Wraps a child that runs project code: in a sandbox if one works, and on Linux in a subreaper
(``subreaper.py``), which kills every process left over, including a sandbox that was still
starting.

Both report through a file descriptor what happened to the command. Nothing the command prints
counts, because its output is controlled by the project.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inspector.run.sandbox import TRY, Sandbox, hidden, name_of, seatbelt

NotBegun = Literal["not-started", "no-sandbox"]
SUBREAPER = Path(__file__).with_name("subreaper.py")


class NoSandbox(OSError):
    """The sandbox itself did not start, so no project code has run."""


@dataclass(frozen=True)
class Containment:
    """``writable`` and ``needed`` are passed to the sandbox, see ``Sandbox.wrap``."""

    sandbox: Sandbox
    cwd: Path
    writable: tuple[Path, ...]
    needed: tuple[Path, ...]

    @property
    def is_sandboxed(self) -> bool:
        return self.sandbox.program is not None

    @property
    def reports(self) -> bool:
        """Whether there is a subreaper. If so, pass a descriptor to ``command`` and what was
        written to it to ``problem``.
        """
        return sys.platform == "linux"

    def command(self, argv: Sequence[str], status: int | None) -> list[str]:
        """``argv`` wrapped in sandbox and subreaper; ``status``: the descriptor they report to."""
        if self.is_sandboxed:
            # The scan of another project may have pruned this bytecode cache meanwhile.
            for folder in self.writable:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = self.sandbox.wrap(
            argv, cwd=self.cwd, writable=self.writable, needed=self.needed, status=status
        )
        if status is None:
            return words
        # Without `site` it starts twice as fast; it needs nothing from there.
        return [sys.executable, "-I", "-S", str(SUBREAPER), str(status), self._use(), *words]

    def _use(self) -> str:
        if not self.is_sandboxed:
            return "keep"
        if name_of(self.sandbox) != "Landlock":
            return "pass"
        needed = [one for one in self.needed if one not in self.writable]
        return json.dumps(
            {
                "writable": [str(folder.resolve()) for folder in self.writable],
                "hidden": [str(place) for place in hidden(needed)],
                "network": self.sandbox.network,
            }
        )

    def try_first(self) -> None:
        """Test the sandbox with a harmless command. Raises NoSandbox. Only for sandbox-exec, which
        cannot report through a descriptor.
        """
        if not self.is_sandboxed or self.reports:
            return
        profile = seatbelt(self.writable, network=self.sandbox.network)
        tried = subprocess.run(
            [str(self.sandbox.program), "-p", profile, "/usr/bin/true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TRY,
            cwd=self.cwd,
            check=False,
        )
        if tried.returncode:
            raise NoSandbox(tried.stderr.decode(errors="replace").strip()[:500])

    def problem(self, report: bytes, stderr: str) -> tuple[NotBegun, str] | None:
        """If the command was never started: ``not-started`` or ``no-sandbox``, and the reason. Call
        it after all processes have ended on their own.

        The subreaper writes plain text only if it could not start its command, and a JSON object if
        it could not set up the sandbox. bubblewrap writes JSON objects, with an exit code only if
        it has started the command; without an exit code, ``stderr`` holds only its own output.
        """
        by_subreaper = name_of(self.sandbox) == "Landlock"
        if report and not report.startswith(b"{"):
            kept = not self.is_sandboxed or by_subreaper
            return "not-started" if kept else "no-sandbox", report.decode(errors="replace")
        if report and by_subreaper:
            return "no-sandbox", str(json.loads(report)["no-sandbox"])
        if not self.is_sandboxed or by_subreaper:
            return None
        for line in report.splitlines():
            try:
                if "exit-code" in json.loads(line):
                    return None
            except (ValueError, TypeError, RecursionError):
                continue
        said = stderr.strip()[:500] or "it ended without a word"
        # The sandbox worked, but the program to start in it was missing.
        return ("not-started" if said.startswith("bwrap: execvp ") else "no-sandbox"), said
