"""The next steps with a project: the most urgent first, each with its evidence."""

from __future__ import annotations

import re
from typing import TypedDict

from djdesk.messages import joined, say, say_noop
from djdesk.projects.lists import listed
from inspector.facts.install import PACKAGE, install_command
from inspector.facts.rows import FindingRow
from inspector.sections.common import Error
from inspector.sections.scan import ProjectFacts

# Findings by kind, most urgent first. ``None``: the title is already an instruction.
STEPS: dict[str, str | None] = {
    "project.changed": None,
    "packages.missing": say_noop("Install the missing packages"),
    "settings.environment": say_noop("Set the environment variables that it requires"),
    "apps.label": say_noop("Give each app a label of its own"),
    "migrations.broken": say_noop("Repair the migrations that cannot be loaded"),
    "migrations.conflict": say_noop("Merge the migrations that conflict"),
    "databases.none": say_noop("Create the database"),
    "migrations.pending": say_noop("Apply the migrations"),
    "databases.missing-tables": say_noop("Bring back the tables that are missing"),
    "migrations.ghost": say_noop("Find the migrations that were applied and have no file"),
    "migrations.unpackaged": say_noop("Add the missing __init__.py to the folders of migrations"),
    "drift": say_noop("Write the migrations that are missing"),
    "migrations.empty": say_noop("Write the first migrations"),
    "migrations.none": say_noop("Write the first migrations"),
    "checks.error": say_noop("Fix the errors that Django's checks find"),
    "checks.third-party": say_noop("Fix the errors in installed packages"),
    "migrations.data-loss": say_noop("Back up the data before you migrate"),
    "lifecycle.django": say_noop("Move to a supported Django"),
    "lifecycle.python": say_noop("Move to a supported Python"),
    "settings.secret-key": say_noop("Take SECRET_KEY out of the source"),
    "settings.debug": say_noop("Turn DEBUG off"),
    "settings.allowed-hosts": say_noop("List the hosts in ALLOWED_HOSTS"),
    "checks.warning": say_noop("Look at the warnings of Django's checks"),
}
LAST = "packages.unpinned"


class NextStep(TypedDict):
    """``finding``: the one that it is about."""

    id: str
    text: str
    why: str
    command: str
    finding: FindingRow | None


def next_steps(
    findings: list[FindingRow],
    project: ProjectFacts,
    error: Error | None = None,
    *,
    django: str = "",
) -> list[NextStep]:
    """``[{"id", "text", "why", "command", "finding"}]``; empty if there is nothing to do.

    ``findings``: from `findings_of`. ``project``: discovery's result. ``error``: of a project that
    does not load. ``finding``: the one behind a step, or None. Notes are no steps, unless the
    project does not start otherwise.
    """
    order = list(STEPS)
    rows: list[NextStep] = []
    told: set[str] = set()
    if error:
        rows.append(_load(error, project))
    told = {"packages.missing"} if rows and rows[0]["command"] else set()
    for one in sorted(findings, key=lambda f: _rank(f, order)):
        kind = _kind(one)
        if kind == "runtime.not-loaded" or kind in told:
            continue
        if one["severity"] == "info" and kind not in {"settings.environment", LAST}:
            continue
        if kind == LAST:
            if (step := _pin(one, django)) is not None:
                rows.append(step)
            continue
        rows.append(
            {
                "id": kind,
                "text": say(title) if (title := STEPS.get(kind)) else one["title"],
                "why": joined([one["title"], one["text"]], ". ") if title else one["text"],
                "command": one.get("command") or "",
                "finding": one,
            }
        )
    return rows


def _kind(finding: FindingRow) -> str:
    return str(finding["id"]).partition(":")[0]


def _rank(finding: FindingRow, order: list[str]) -> tuple[int, int]:
    kind = _kind(finding)
    if kind == LAST:
        return len(order) + 3, 0
    known = order.index(kind) if kind in order else len(order)
    # Kinds not listed come last, errors before warnings.
    return known, {"error": 0, "warning": 1}.get(finding["severity"], 2)


def _load(error: Error, project: ProjectFacts) -> NextStep:
    found = error.get("diagnosis")
    kind, names = (found["kind"], found["names"]) if found else ("", [])
    python = (
        one for one in (found.get("remedies") or [] if found else []) if one["action"] == "python"
    )
    wanted = next((one.get("packages") or [] for one in python), [])
    packages = [one for one in wanted if PACKAGE.fullmatch(one)]
    chosen = next((one for one in project.get("interpreters") or [] if one["chosen"]), None)
    text, command = say("Make the project load"), ""
    if kind == "missing-package" and packages:
        text = say("Install {names_list}", names_list=listed(packages, 3))
        command = install_command(chosen["path"], packages) if chosen else ""
    elif kind == "missing-variable" and names:
        text = say("Give the project {names_list}", names_list=listed(names, 3))
    elif kind == "wrong-python":
        text = say("Choose a Python that this project runs on")
    why = (found["text"] if found else "") or error.get("hint") or error.get("message") or ""
    return {"id": "load", "text": text, "why": why, "command": command, "finding": None}


def _pin(finding: FindingRow, django: str) -> NextStep | None:
    """For Django only: two installations with different versions of it are different projects."""
    row = next((f for f in finding["facts"] if re.match(r"(?i)django(?![\w-])", f["text"])), None)
    if row is None:
        return None
    line = f"Django=={django}" if re.fullmatch(r"[\w.]+", django) else ""
    text = say("Pin the version of Django")
    if line and row["file"]:
        text = say("Pin Django: write {line} in {file}", line=line, file=row["file"])
    why = say("Django is not pinned, so two installations can get different versions.")
    return {"id": LAST, "text": text, "why": why, "command": "", "finding": finding}
