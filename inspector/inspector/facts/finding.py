"""One finding, and the rules' view of the snapshot."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from djdesk.messages import say
from inspector.facts.baseline import fingerprint, keys, place_of
from inspector.facts.install import PACKAGE, PLAIN_PATH, install_command

# Names come from the project, and users copy commands to a terminal: allow only
# harmless characters.
ARGUMENTS = re.compile(r"[a-z_]+(?: (?:--)?[\w.-]+)*")

ORDER = {"error": 0, "warning": 1, "info": 2}
FACTS = 50


def fact(text: str, section: str, row: dict[str, Any] | None = None) -> dict[str, Any]:
    row = row or {}
    return {"text": text, "section": section, "file": row.get("file"), "line": row.get("line")}


@dataclass
class Finding:
    """``rank``: order within a severity, lower first. ``manage``: arguments of manage.py that fix
    it, as in ``migrate --database other``; empty if there is no such command. ``install``: packages
    that fix it, as pip requirements.
    """

    id: str
    severity: str
    title: str
    text: str
    why: str
    facts: list[dict[str, Any]] = field(default_factory=list)
    section: str = ""
    rank: int = 50
    manage: str = ""
    install: list[str] = field(default_factory=list)

    def as_dict(self, facts: int = FACTS, start: str = "", python: str = "") -> dict[str, Any]:
        """``start``: how manage.py is run, see `Known.start`. ``python``: the interpreter, see
        `Known.python`. Without them the finding has no command.
        """
        place = place_of(self.facts)
        row = {"id": self.id, "text": self.text, "facts": self.facts}
        return {
            "id": self.id,
            "severity": self.severity,
            "title": self.title,
            "text": self.text,
            "why": self.why,
            "facts": self.facts[:facts],
            "more": max(0, len(self.facts) - facts),
            "fingerprints": [fingerprint(key) for key in keys(row)],
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

    def __init__(self, snapshot: dict[str, Any], today: datetime.date) -> None:
        self.snapshot = snapshot
        self.today = today
        self.sections: dict[str, Any] = snapshot["sections"]

    def data(self, name: str) -> dict[str, Any] | None:
        section = self.sections.get(name)
        return section["data"] if section and section["ok"] else None

    @property
    def start(self) -> str:
        """``.venv/bin/python manage.py``, for a terminal in the project's folder, or empty."""
        project = self.snapshot.get("project") or {}
        manage = project.get("manage_py")
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
        rows = (self.snapshot.get("project") or {}).get("interpreters") or []
        return next((str(one["path"]) for one in rows if one["chosen"]), "")

    def live(self, name: str) -> bool:
        section = self.sections.get(name)
        return bool(section and section["ok"] and section["source"] == "live")


def and_more(text: str, count: int) -> str:
    """The first of ``count`` sentences, and the number of the others."""
    return text if count <= 1 else say("{first_text} And {n} more.", first_text=text, n=count - 1)


def check_text(one: dict[str, Any]) -> str:
    """A message of Django's checks as one sentence, including its object."""
    about = f"{one['obj']}: " if one["obj"] else ""
    text = " ".join(f"{one['id'] or 'check'} {about}{one['msg']}".split())
    return text if text.endswith((".", "!", "?", "…")) else text + "."
