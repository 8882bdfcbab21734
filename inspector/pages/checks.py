"""System check messages by severity; the deploy-only, silenced and third-party ones set apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

LEVELS = ("critical", "error", "warning", "info", "debug")
SEVERITY = {"critical": "error", "error": "error", "warning": "warning"}


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    note: str
    messages: list[dict[str, Any]]


def by_level(data: dict[str, Any] | None) -> list[Group]:
    """Groups in the order in which they want attention; empty ones are left out."""
    messages = sorted(
        (data or {}).get("messages") or [], key=lambda m: LEVELS.index(m.get("level") or "info")
    )
    messages = [m | {"severity": SEVERITY.get(m.get("level") or "", "info")} for m in messages]
    groups: dict[str, list[dict[str, Any]]] = {
        "own": [],
        "others": [],
        "deploy": [],
        "silenced": [],
    }
    for message in messages:
        groups[_group(message)].append(message)
    return [
        Group(key, title, note, groups[key])
        for key, title, note in (
            ("own", _("This project"), ""),
            (
                "others",
                _("Third-party apps"),
                _("About code that is not in this project's folder."),
            ),
            ("deploy", _("Before deployment"), _("Only check --deploy reports these.")),
            ("silenced", _("Silenced"), _("Named in SILENCED_SYSTEM_CHECKS.")),
        )
        if groups[key]
    ]


def _group(message: dict[str, Any]) -> str:
    if message.get("silenced"):
        return "silenced"
    if message.get("deploy"):
        return "deploy"
    return "others" if message.get("origin") in ("third-party", "django", "stdlib") else "own"
