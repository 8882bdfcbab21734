"""Messages about this launch, which the app shows until they are dismissed or it ends.

Kept in the server's memory: the server is the process that finds these things out at startup.
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
    """``key`` is stable, so that a notice is listed only once; ``text`` is one or more
    sentences.
    """

    key: str
    severity: Severity
    text: str

    @property
    def help(self) -> str:
        """The handbook topic about it, or an empty string."""
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
