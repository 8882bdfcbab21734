# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings from comparing settings modules with each other.

Disagreements between source and run are shown next to the facts instead: they are mostly about what
DJDesk could not read, and rarely something to fix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from djdesk.messages import say, say_n
from djdesk.projects.discovery.settings_kinds import kind_of
from inspector.facts.finding import Finding, Known, and_more, check_text, fact
from inspector.facts.findings.setup import MANY_USES
from inspector.sections.checks import DeployModule, Message
from inspector.sections.common import data_of
from inspector.sections.project import Assignment, Variable

Findings = Iterator[Finding]


def deploy(known: Known) -> Findings:
    """Results of `check --deploy`, counted if the settings may be public."""
    data = data_of(known.sections.get("deploy"))
    if data is None:
        return
    production = [one for one in data["modules"] if _serves(one)]
    others = [one["module"] for one in data["modules"] if one not in production]
    for row in production:
        yield from _production(known, row, others)
    settings = data_of(known.sections.get("settings"))
    variables = settings["variables"] if settings else []
    debug = next((one["value"] for one in variables if one["name"] == "DEBUG"), None)
    if not production and debug != "True":
        yield from _undecided(known, [one for one in data["modules"] if one.get("chosen")])


def _serves(row: DeployModule) -> bool:
    """Whether the settings seem to serve the public: not those of a container with DEBUG on."""
    debug = any(one["id"] == "security.W018" for one in row["messages"])
    return row["kind"] == "production" and not (debug and MANY_USES.search(row["module"]))


def own_messages(known: Known, row: DeployModule) -> list[Message]:
    asked = _asked(known, row["module"])
    return [
        one
        for one in row["messages"]
        if not (one["silenced"] or one.get("assumed"))
        and one["origin"] not in {"third-party", "django"}
        and not asked & set(NAMES.findall(one["msg"]))
    ]


NAMES = re.compile(r"\b[A-Z][A-Z0-9_]{3,}\b")


def _asked(known: Known, module: str) -> set[str]:
    """Settings of the module that variables or conditions decide: a scan runs without yours."""
    data = data_of(known.sections.get("settings"))
    if data is None:
        return set()
    for one in data.get("modules", []):
        if one["module"] == module:
            return {row["name"] for row in one["variables"] if _open(row)}
    return {row["name"] for row in data["variables"] if _open(row)}


def _open(row: Variable | Assignment) -> bool:
    return bool(row.get("env") or row.get("conditional"))


def _points(found: list[Message]) -> int:
    """Number of kinds of messages: a check that warns about every view of an API counts once."""
    return len({one["id"] or one["msg"] for one in found})


def _production(known: Known, row: DeployModule, others: list[str]) -> Findings:
    name, found = row["module"], own_messages(known, row)
    if not row["ok"]:
        error = row["error"]
        text = error.get("hint") or error["message"] if error else ""
        text = text or say("They do not load.")
        yield Finding(
            f"checks.deploy-unknown:{name}",
            "info",
            say("The deployment checks could not run with {module}", module=name),
            text,
            say(
                "Its name says that these settings serve the public, and nobody knows what they leave open."
            ),
            [fact(text, "deploy", error if error and error.get("file") else row)],
            "checks",
            59,
        )
    elif found:
        text = and_more(check_text(found[0]), _points(found))
        if len(others) == 1:
            text = say(
                "{first_text} Those of {module} are not counted.",
                first_text=text,
                module=others[0],
            )
        elif others:
            text = say("{first_text} Those of other settings are not counted.", first_text=text)
        yield Finding(
            f"checks.deploy:{name}",
            "warning",
            say_n(
                "{n} deployment warning with {module}",
                "{n} deployment warnings with {module}",
                _points(found),
                module=name,
            ),
            text,
            say(
                "Its name says that these settings serve the public. Set what each finding asks for, or "
                "silence it where a proxy in front already does that."
            ),
            [fact(check_text(one), "deploy", one if one["file"] else row) for one in found],
            "checks",
            19,
        )


def _undecided(known: Known, rows: list[DeployModule]) -> Findings:
    """No module is named like a production one. Development settings always have such results."""
    for row in rows:
        if kind_of(row["module"]) in {"development", "test"}:
            continue
        if found := own_messages(known, row):
            yield Finding(
                "checks.deploy",
                "info",
                say_n(
                    "Not ready to deploy: {n} point from check --deploy",
                    "Not ready to deploy: {n} points from check --deploy",
                    _points(found),
                ),
                say(
                    "With {word}: {first_text}",
                    word=row["module"],
                    first_text=and_more(check_text(found[0]), _points(found)),
                ),
                say(
                    "They matter where these settings serve the public. No settings module of this project "
                    "is called production or the like."
                ),
                [fact(check_text(one), "checks", one) for one in found],
                "checks",
                60,
            )


RULES: list[Callable[[Known], Findings]] = [deploy]
