"""What the user should know about this launch: shown by the app until dismissed or the app ends.

Kept in memory by the server, which is the process that learns these things while it starts.
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]
TOPICS = {
    "place": "data#folder",
    "restore": "data#restore",
    "salvage": "troubleshooting#damaged",
    "update": "updates#first-start",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """``key`` is stable, so that the same notice is not listed twice; ``text`` is sentences."""

    key: str
    severity: Severity
    text: str

    @property
    def help(self) -> str:
        """The topic of the handbook about it, or an empty string."""
        return TOPICS.get(self.key, "")

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


_notices: dict[str, Notice] = {}
_lock = threading.Lock()


def add(key: str, severity: Severity, text: str) -> None:
    with _lock:
        _notices[key] = Notice(key, severity, text)


def dismiss(key: str) -> None:
    with _lock:
        _notices.pop(key, None)


def current() -> list[Notice]:
    with _lock:
        return list(_notices.values())
