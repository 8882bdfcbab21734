"""System check messages by severity; deploy-only, silenced and third-party ones are separate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

LEVELS = ("critical", "error", "warning", "info", "debug")
FOREIGN = ("third-party", "django", "stdlib")
SEVERITY = {"critical": "error", "error": "error", "warning": "warning"}


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    note: str
    messages: list[dict[str, Any]]


@dataclass(frozen=True)
class Module:
    """Results of the deployment checks with one settings module; ``open``: shown expanded."""

    row: dict[str, Any]
    kind: str
    own: list[dict[str, Any]]
    others: list[dict[str, Any]]
    open: bool


def by_module(data: dict[str, Any] | None) -> list[Module]:
    """By settings module, production settings first."""
    names = {
        "production": _("production"),
        "development": _("development"),
        "test": _("tests"),
        "other": _("unknown environment"),
    }
    rows = sorted((data or {}).get("modules") or [], key=lambda one: one["kind"] != "production")
    single = len(rows) == 1
    found = []
    for row in rows:
        messages = [m | {"severity": SEVERITY.get(m["level"], "info")} for m in row["messages"]]
        messages = [m for m in messages if not m["silenced"]]
        others = [m for m in messages if m["origin"] in FOREIGN]
        own = [m for m in messages if m not in others]
        shown = single or row["kind"] == "production"
        found.append(Module(row, names.get(row["kind"], row["kind"]), own, others, shown))
    return found


def by_level(data: dict[str, Any] | None, *, deploy: bool = True) -> list[Group]:
    """Groups by severity, most urgent first, without empty ones.

    ``deploy``: include messages that only a deployment check reports.
    """
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
                _("About code outside this project's folder."),
            ),
            ("deploy", _("Before deployment"), _("Only check --deploy reports these.")),
            ("silenced", _("Silenced"), _("Named in SILENCED_SYSTEM_CHECKS.")),
        )
        if groups[key] and (deploy or key != "deploy")
    ]


def _group(message: dict[str, Any]) -> str:
    if message.get("silenced"):
        return "silenced"
    if message.get("deploy"):
        return "deploy"
    return "others" if message.get("origin") in FOREIGN else "own"
