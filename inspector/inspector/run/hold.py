"""What is put around a child that runs code of a project: a jail where one works, and on Linux a
keeper (``keeper.py``), which ends whatever is left, a jail that was still starting included.

Both tell through a descriptor what became of the command. Nothing that the command says or writes
counts for that: its words are the project's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.run.sandbox import TRY, Sandbox, seatbelt

KEEPER = Path(__file__).with_name("keeper.py")


class NoJail(OSError):
    """The jail itself did not start, so nothing of the project has run."""


@dataclass(frozen=True)
class Hold:
    """``writable`` and ``needed`` are the jail's, see ``Sandbox.wrap``."""

    sandbox: Sandbox
    cwd: Path
    writable: tuple[Path, ...]
    needed: tuple[Path, ...]

    @property
    def is_jail(self) -> bool:
        return self.sandbox.program is not None

    @property
    def reports(self) -> bool:
        """Whether there is a keeper: ``command`` wants a descriptor then, and ``problem`` what was
        written to it."""
        return sys.platform == "linux"

    def command(self, argv: Sequence[str], status: int | None) -> list[str]:
        """``argv`` with what is around it; ``status``: the descriptor that it writes to."""
        if self.is_jail:
            # A cache of byte code may have been pruned meanwhile, by the scan of another project.
            for folder in self.writable:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = self.sandbox.wrap(
            argv, cwd=self.cwd, writable=self.writable, needed=self.needed, status=status
        )
        if status is None:
            return words
        # Without `site`: it starts twice as fast, and needs nothing of it.
        use = "pass" if self.is_jail else "keep"
        return [sys.executable, "-I", "-S", str(KEEPER), str(status), use, *words]

    def try_first(self) -> None:
        """Raises NoJail. Only sandbox-exec, which has no descriptor to tell it by."""
        if not self.is_jail or self.reports:
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
            raise NoJail(tried.stderr.decode(errors="replace").strip()[:500])

    def problem(self, told: bytes, stderr: str) -> tuple[str, str] | None:
        """``not-started`` or ``no-jail``, and the reason, when the command was not begun; asked
        when all of it has ended by itself.

        The keeper writes a sentence only when it could not start what it keeps. bubblewrap writes
        objects: an exit code when it has begun the command, and only then; without one, nobody but
        bubblewrap has written to ``stderr``.
        """
        if told and not told.startswith(b"{"):
            return "no-jail" if self.is_jail else "not-started", told.decode(errors="replace")
        if not self.is_jail:
            return None
        for line in told.splitlines():
            try:
                if "exit-code" in json.loads(line):
                    return None
            except (ValueError, TypeError, RecursionError):
                continue
        said = stderr.strip()[:500] or "it ended without a word"
        # The jail was there, and the program to start in it was not.
        return ("not-started" if said.startswith("bwrap: execvp ") else "no-jail"), said
