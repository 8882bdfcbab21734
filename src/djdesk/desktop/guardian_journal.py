"""The journal of an update, and its messages to the log, the shell and the user."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import time
from pathlib import Path

from djdesk.messages import say, with_messages

from .guardian_files import read_json, write_json
from .guardian_kinds import KINDS, OneFile


class Refused(Exception):
    """The update is refused and nothing was changed. ``hint``: what the user can do."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


class Journal:
    """``<data>/updates/update.json``. Single writer: hold ``guardian.lock``."""

    def __init__(self, data_dir: Path) -> None:
        self.data = data_dir
        self.folder = data_dir / "updates"
        self.journal = read_json(self.folder / "update.json")

    @property
    def state(self) -> str:
        return str(self.journal.get("state", "")) if self.journal.get("format") == 1 else ""

    @property
    def kind(self) -> OneFile:
        return KINDS[self.journal["kind"]](self.journal)

    def note(self, **changes: object) -> None:
        journal = {**self.journal, **changes}
        write_json(self.folder / "update.json", journal)
        self.journal = journal  # only what was written counts

    def enter(self, state: str, **changes: object) -> None:
        """Change the state and flush it to disk before anything else is done."""
        history = [*self.journal.get("history", []), {"state": state, "at": time.time()}]
        self.step(f"state {state} {changes.get('reason', '')}")
        self.note(state=state, history=history, **changes)
        tell("state", state=state)

    def step(self, words: str) -> None:
        """Write one line to the log."""
        line = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {self.journal.get('id', '')} {words}\n"
        with contextlib.suppress(OSError), (self.data / "logs" / "guardian.log").open("a") as file:
            file.write(line)


def in_words(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.reason
    if getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT):
        return say("The disk is full.")
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return say("{name} cannot be written to ({why}).", name=error.filename, why=error.strerror)
    return str(error)


def tell(event: str, **values: object) -> None:
    """Write one line to the shell, which may be gone."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(with_messages({"event": event, **values})).encode() + b"\n")


def at_dashes(words: list[str]) -> tuple[list[str], list[str]]:
    """Split at ``--`` into our arguments and the app's command line."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at + 1 :]
