"""The folder of an installation under test: its processes and its journal."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

ENDS = ("confirmed", "rolled_back", "refused", "abandoned")


class Place:
    """``root``: the installation and its files; ``data``: its data folder, which may be
    elsewhere."""

    root: Path
    data: Path

    def processes(self) -> dict[int, str]:
        """Pids and command lines that mention the folder. Arguments are separated by spaces:
        Chromium may have overwritten its own command line as a single string."""
        marks, own = {str(self.root), str(self.data)}, os.getpid()
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and int(entry.name) != own:
                with contextlib.suppress(OSError):
                    text = (entry / "cmdline").read_bytes().decode(errors="replace")
                    if any(mark in text for mark in marks):
                        found[int(entry.name)] = text.replace("\0", " ")
        return found

    def journal(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.data / "updates" / "update.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    @property
    def state(self) -> str:
        return str(self.journal().get("state", ""))
