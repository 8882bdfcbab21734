# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings that come from comparing: settings modules with each other, the source with the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from inspector.facts.finding import Finding, Known, check_text, fact, many

Findings = Iterator[Finding]
Row = dict[str, Any]
NAMES = {
    "models": "models and fields",
    "migrations": "migrations",
    "urls": "routes",
    "settings": "settings",
}


def disagreements(known: Known) -> Findings:
    """The source says one thing, Django another: both are facts, and one of them surprises."""
    for name, plural in NAMES.items():
        rows = (known.data(name) or {}).get("disagreements") or []
        if not rows:
            continue
        yield Finding(
            f"disagreement.{name}",
            "warning" if name in {"models", "migrations"} else "info",
            f"Source and running project differ in {many(len(rows), 'place')}: {plural}",
            f"{said(rows[0])}" + (f" And {len(rows) - 1} more." if len(rows) > 1 else ""),
            "Something changes it between the file and the run: a condition, code that patches, a module "
            "that nobody imports, or an installed copy of this code. Each place shows both.",
            [fact(said(one), name, one) for one in rows],
            name,
            27,
        )


def said(row: Row) -> str:
    """``Book.title: null is no in the source and yes when it runs.``"""
    one, two = row["static"], row["live"]
    if one is None:
        return f"{row['key']}: this {row['what']} is not in the source, but there when it runs."
    if two is None:
        return f"{row['key']}: this {row['what']} is in the source, but not there when it runs."
    return f"{row['key']}: {row['what']} is {one} in the source and {two} when it runs."


def deploy(known: Known) -> Findings:
    """What `check --deploy` says, counted where the settings serve the public."""
    data = known.data("deploy")
    if data is None:
        return
    production = [one for one in data["modules"] if one["kind"] == "production"]
    others = [one["module"] for one in data["modules"] if one not in production]
    for row in production:
        yield from _production(row, others)
    if not production:
        yield from _undecided([one for one in data["modules"] if one.get("chosen")])


def own_messages(row: Row) -> list[Row]:
    return [
        one
        for one in row["messages"]
        if not one["silenced"] and one["origin"] not in {"third-party", "django"}
    ]


def _production(row: Row, others: list[str]) -> Findings:
    name, found = row["module"], own_messages(row)
    if not row["ok"]:
        error = row["error"] or {}
        text = error.get("hint") or error.get("message") or "They do not load."
        yield Finding(
            f"checks.deploy-unknown:{name}",
            "info",
            f"The deployment checks could not run with {name}",
            text,
            "Its name says that these settings serve the public, and nobody knows what they leave open.",
            [fact(text, "deploy", error if error.get("file") else row)],
            "checks",
            59,
        )
    elif found:
        counted = f" Those of {others[0]} are not counted." if len(others) == 1 else ""
        counted = " Those of other settings are not counted." if len(others) > 1 else counted
        yield Finding(
            f"checks.deploy:{name}",
            "warning",
            f"{many(len(found), 'deployment warning')} with {name}",
            f"{check_text(found[0])}"
            + (f" And {len(found) - 1} more." if len(found) > 1 else "")
            + counted,
            "Its name says that these settings serve the public. Set what each finding asks for, or "
            "silence it where a proxy in front already does that.",
            [fact(check_text(one), "deploy", one if one["file"] else row) for one in found],
            "checks",
            19,
        )


def _undecided(rows: list[Row]) -> Findings:
    """No module is called anything like production."""
    for row in rows:
        if found := own_messages(row):
            yield Finding(
                "checks.deploy",
                "info",
                f"{many(len(found), 'finding')} for a deployment",
                f"With {row['module']}: {check_text(found[0])}"
                + (f" And {len(found) - 1} more." if len(found) > 1 else ""),
                "They matter where these settings serve the public; settings for development have them "
                "always. No settings module of this project is called production or the like.",
                [fact(check_text(one), "checks", one) for one in found],
                "checks",
                60,
            )


RULES: list[Callable[[Known], Findings]] = [disagreements, deploy]
