"""One finding, and the rules' view of the snapshot."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from djdesk.messages import say
from inspector.facts.baseline import fingerprint, keys, place_of
from inspector.facts.install import PACKAGE, PLAIN_PATH, install_command
from inspector.facts.rows import Fact, FindingRow
from inspector.sections.checks import Message
from inspector.sections.common import Severity
from inspector.sections.scan import Snapshot, by_name

# Names come from the project, and users copy commands to a terminal: allow only
# harmless characters.
ARGUMENTS = re.compile(r"[a-z_]+(?: (?:--)?[\w.-]+)*")

ORDER = {"error": 0, "warning": 1, "info": 2}
FACTS = 50


def fact(text: str, section: str, row: Mapping[str, Any] | None = None) -> Fact:
    """``row``: what has the place, if anything; both of its keys may be absent."""
    row = row or {}
    return {"text": text, "section": section, "file": row.get("file"), "line": row.get("line")}


@dataclass
class Finding:
    """``rank``: order within a severity, lower first. ``manage``: arguments of manage.py that fix
    it, as in ``migrate --database other``; empty if there is no such command. ``install``: packages
    that fix it, as pip requirements.
    """

    id: str
    severity: Severity
    title: str
    text: str
    why: str
    facts: list[Fact] = field(default_factory=list)
    section: str = ""
    rank: int = 50
    manage: str = ""
    install: list[str] = field(default_factory=list)

    def as_dict(self, facts: int = FACTS, start: str = "", python: str = "") -> FindingRow:
        """``start``: how manage.py is run, see `Known.start`. ``python``: the interpreter, see
        `Known.python`. Without them the finding has no command.
        """
        place = place_of(self.facts)
        return {
            "id": self.id,
            "severity": self.severity,
            "title": self.title,
            "text": self.text,
            "why": self.why,
            "facts": self.facts[:facts],
            "more": max(0, len(self.facts) - facts),
            "fingerprints": [fingerprint(key) for key in keys(self.id, self.text, self.facts)],
            "file": place["file"],
            "line": place["line"],
            "section": self.section,
            "command": self._command(start, python),
        }

    def _command(self, start: str, python: str) -> str:
        if start and ARGUMENTS.fullmatch(self.manage):
            return f"{start} {self.manage}"
        packages = [one for one in self.install if PACKAGE.fullmatch(one)]
        return install_command(python, packages) if python and packages else ""


class Known:
    """Sections by name; `None` for those that are missing or failed."""

    def __init__(self, snapshot: Snapshot, today: datetime.date) -> None:
        self.snapshot = snapshot
        self.today = today
        self.sections = snapshot["sections"]

    @property
    def start(self) -> str:
        """``.venv/bin/python manage.py``, for a terminal in the project's folder, or empty."""
        project = self.snapshot.get("project")
        manage = project.get("manage_py") if project else None
        if not manage:
            return ""
        python = PurePath(self.python or "python")
        if python.is_relative_to(project["root"]):
            python = python.relative_to(project["root"])
        paths = (str(python), manage)
        if not all(PLAIN_PATH.fullmatch(one) for one in paths):
            return ""
        return " ".join(f'"{one}"' if " " in one else one for one in paths)

    @property
    def python(self) -> str:
        """The path of the chosen interpreter, or empty."""
        project = self.snapshot.get("project")
        rows = project.get("interpreters", []) if project else []
        return next((str(one["path"]) for one in rows if one["chosen"]), "")

    def live(self, name: str) -> bool:
        section = by_name(self.sections).get(name)
        return bool(section and section["ok"] and section["source"] == "live")


def and_more(text: str, count: int) -> str:
    """The first of ``count`` sentences, and the number of the others."""
    return text if count <= 1 else say("{first_text} And {n} more.", first_text=text, n=count - 1)


def check_text(one: Message) -> str:
    """A message of Django's checks as one sentence, including its object."""
    about = f"{one['obj']}: " if one["obj"] else ""
    text = " ".join(f"{one['id'] or 'check'} {about}{one['msg']}".split())
    return text if text.endswith((".", "!", "?", "…")) else text + "."
