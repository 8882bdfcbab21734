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
from typing import Literal

from inspector.run.sandbox import TRY, Sandbox, hidden, name_of, seatbelt

NotBegun = Literal["not-started", "no-jail"]
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
        return [sys.executable, "-I", "-S", str(KEEPER), str(status), self._use(), *words]

    def _use(self) -> str:
        if not self.is_jail:
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

    def problem(self, told: bytes, stderr: str) -> tuple[NotBegun, str] | None:
        """``not-started`` or ``no-jail``, and the reason, when the command was not begun; asked
        when all of it has ended by itself.

        The keeper writes a sentence only when it could not start what it keeps, and an object when
        it could not make a jail. bubblewrap writes objects: an exit code when it has begun the
        command, and only then; without one, nobody but bubblewrap has written to ``stderr``.
        """
        by_keeper = name_of(self.sandbox) == "Landlock"
        if told and not told.startswith(b"{"):
            kept = not self.is_jail or by_keeper
            return "not-started" if kept else "no-jail", told.decode(errors="replace")
        if told and by_keeper:
            return "no-jail", str(json.loads(told)["no-jail"])
        if not self.is_jail or by_keeper:
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
