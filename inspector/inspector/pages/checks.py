"""System check messages by severity; deploy-only, silenced and third-party ones are separate."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from inspector.sections.checks import Checks, Deploy, DeployModule, Message
from inspector.sections.common import Severity

LEVELS = ("critical", "error", "warning", "info", "debug")
FOREIGN = ("third-party", "django", "stdlib")
SEVERITY: dict[str, Severity] = {"critical": "error", "error": "error", "warning": "warning"}


class ShownMessage(Message):
    """A message with the severity of its level."""

    severity: Severity


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    note: str
    messages: list[ShownMessage]


@dataclass(frozen=True)
class Module:
    """Results of the deployment checks with one settings module; ``open``: shown expanded."""

    row: DeployModule
    kind: str
    own: list[ShownMessage]
    others: list[ShownMessage]
    open: bool


def by_module(data: Deploy | None) -> list[Module]:
    """By settings module, production settings first."""
    names = {
        "production": _("production"),
        "development": _("development"),
        "test": _("tests"),
        "other": _("unknown environment"),
    }
    rows = sorted(data["modules"] if data else [], key=lambda one: one["kind"] != "production")
    single = len(rows) == 1
    found = []
    for row in rows:
        messages = [_shown(m) for m in row["messages"] if not m["silenced"]]
        others = [m for m in messages if m["origin"] in FOREIGN]
        own = [m for m in messages if m not in others]
        shown = single or row["kind"] == "production"
        found.append(Module(row, names.get(row["kind"], row["kind"]), own, others, shown))
    return found


def by_level(data: Checks | None, *, deploy: bool = True) -> list[Group]:
    """Groups by severity, most urgent first, without empty ones.

    ``deploy``: include messages that only a deployment check reports.
    """
    messages = [_shown(m) for m in (data["messages"] if data else [])]
    messages.sort(key=lambda m: LEVELS.index(m["level"]))
    groups: dict[str, list[ShownMessage]] = {
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


def _shown(message: Message) -> ShownMessage:
    return {**message, "severity": SEVERITY.get(message["level"], "info")}


def _group(message: Message) -> str:
    if message["silenced"]:
        return "silenced"
    if message["deploy"]:
        return "deploy"
    return "others" if message["origin"] in FOREIGN else "own"
