# ruff: noqa: E501 - sentences for people stay in one piece
"""Findings about a URLconf that cannot be imported, although everything else loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from djdesk.messages import say
from inspector.facts.causes.refusals import REFUSED_DATABASE, REFUSED_SQLITE, REFUSED_WRITE
from inspector.facts.finding import Finding, Known, fact
from inspector.sections.common import Error, Severity, data_of

Findings = Iterator[Finding]
# Limits of a scan, or an end that says nothing about the code.
OF_THE_SCAN = {
    "OutOfTime",
    "TimeLimit",
    "Crash",
    "Exited",
    "OutputLimit",
    "SystemExit",
    "NoSandbox",
}
REFUSED = (REFUSED_DATABASE, REFUSED_SQLITE, REFUSED_WRITE)
REACHES = {"ConnectionRefusedError", "ConnectionError", "gaierror", "URLError", "OperationalError"}


def urlconf(known: Known) -> Findings:
    section = known.sections.get("urls")
    error = (section.get("live_error") or section.get("error")) if section else None
    runtime = data_of(known.sections.get("runtime"))
    if not error or runtime is None:
        return
    if _ours(error) or runtime["repairs"]:
        severity: Severity = "info"
        title = say("A scan cannot read the routes")
        why = say(
            "The routes shown are those in the source. Outside a scan, manage.py check says whether it can be imported."
        )
    else:
        # With a missing package it is the environment that is at fault.
        lacks = error["type"] == "ModuleNotFoundError"
        severity = "warning" if lacks else "error"
        title = (
            say("The URLconf cannot be imported in this environment")
            if lacks
            else say("The URLconf cannot be imported")
        )
        why = say("Every page fails, and so do manage.py check and runserver.")
    yield Finding(
        "urls.broken",
        severity,
        title,
        error.get("hint") or f"{error['type']}: " + error["message"],
        why,
        [fact(f"{error['type']}: " + error["message"][:300], "urls", error)],
        "urls",
        2,
    )


def _ours(error: Error) -> bool:
    """Whether the cause may be what a scan refuses, rather than the code."""
    if error["type"] in OF_THE_SCAN | REACHES:
        return True
    whole = f"{error['message']} {error.get('cause') or ''}"
    return any(text in whole for text in REFUSED) or any(name in whole for name in REACHES)


RULES: list[Callable[[Known], Findings]] = [urlconf]
