"""One finding, and the snapshot as the rules look at it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

ORDER = {"error": 0, "warning": 1, "info": 2}
FACTS = 50


def fact(text: str, section: str, row: dict[str, Any] | None = None) -> dict[str, Any]:
    row = row or {}
    return {"text": text, "section": section, "file": row.get("file"), "line": row.get("line")}


@dataclass
class Finding:
    """``rank`` orders within a severity: lower comes first."""

    id: str
    severity: str
    title: str
    text: str
    why: str
    facts: list[dict[str, Any]] = field(default_factory=list)
    section: str = ""
    rank: int = 50

    def as_dict(self) -> dict[str, Any]:
        place = next((one for one in self.facts if one["file"]), None)
        return {
            "id": self.id,
            "severity": self.severity,
            "title": self.title,
            "text": self.text,
            "why": self.why,
            "facts": self.facts[:FACTS],
            "more": max(0, len(self.facts) - FACTS),
            "file": place["file"] if place else None,
            "line": place["line"] if place else None,
            "section": self.section,
        }


class Known:
    """Sections by name; `None` for those that are not there or failed."""

    def __init__(self, snapshot: dict[str, Any], today: datetime.date) -> None:
        self.snapshot = snapshot
        self.today = today
        self.sections: dict[str, Any] = snapshot["sections"]

    def data(self, name: str) -> dict[str, Any] | None:
        section = self.sections.get(name)
        return section["data"] if section and section["ok"] else None

    def live(self, name: str) -> bool:
        section = self.sections.get(name)
        return bool(section and section["ok"] and section["source"] == "live")


def many(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def listed(names: list[str], shown: int = 4) -> str:
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")


def check_text(one: dict[str, Any]) -> str:
    """A message of Django's checks as one sentence, with what it is about."""
    about = f"{one['obj']}: " if one["obj"] else ""
    text = " ".join(f"{one['id'] or 'check'} {about}{one['msg']}".split())
    return text if text.endswith((".", "!", "?", "…")) else text + "."
