"""Separates faults in the project's migrations from limits of the inspection."""

from __future__ import annotations

import re

from inspector.facts.causes.refusals import REFUSED_DATABASE, REFUSED_WRITE
from inspector.sections.common import data_of
from inspector.sections.migrations import Migration, MigrationProblem, Step
from inspector.sections.project import App
from inspector.sections.scan import Sections

NAMED = re.compile(r"^(\w+\.\w+): ")
TESTS = re.compile(r"(^|/)tests?(/|\.py$)")
NEEDS = re.compile(r" depends on (\w+\.\w+), which is not there")


def broken_and_unread(
    errors: list[MigrationProblem],
) -> tuple[list[MigrationProblem], list[MigrationProblem]]:
    """(broken, unread). ``unread``: could not be imported because an inspection opens no
    database, writes nothing and makes no connections, or not be parsed because they are for
    another Python; nothing is known to be wrong with them.
    """
    # Below such a folder are the templates of a project that is still to be made.
    errors = [one for one in errors if "{{" not in (one["file"] or "")]
    unread = [
        one
        for one in errors
        if one.get("unread")
        or one.get("refused")
        or REFUSED_DATABASE in one["text"]
        or REFUSED_WRITE in one["text"]
    ]
    names = {found[1] for one in unread if (found := NAMED.match(one["text"]))}
    broken: list[MigrationProblem] = []
    for one in errors:
        needs = NEEDS.search(one["text"])
        if one not in unread:
            (unread if needs and needs[1] in names else broken).append(one)
    return broken, unread


def without_migrations(sections: Sections) -> list[App]:
    """The project's apps (as in `apps`) that have models but no migrations."""
    data = data_of(sections.get("migrations"))
    installed = data_of(sections.get("apps"))
    registered = data_of(sections.get("models"))
    apps = {one["label"]: one for one in (installed["apps"] if installed else [])}
    if "django_evolution" in apps:
        return []  # its tables are managed by another tool on purpose
    models = registered["models"] if registered else []
    modules = {
        one["module"]
        for one in models
        if not TESTS.search(str(one["file"])) and one.get("managed") is not False
    }
    return [
        app
        for label in (data["no_migrations_with_models"] if data else [])
        if (app := apps.get(label))
        and app["origin"] == "project"
        # Other models in the package may belong to a nested app that is not installed.
        and any(f"{name}.".startswith(f"{app['name']}.models.") for name in modules)
    ]


def loses(step: Step) -> bool:
    """Whether deleting that model or field drops a table or column, and its data."""
    return step.get("only") != "state" and step.get("table") is not False


def losing(row: Migration, kind: str) -> tuple[int, int | None]:
    """The number of a migration's operations of that kind that lose data; the line of the first."""
    count = row["op_kinds"].get(kind, 0)
    steps = [step for step in row.get("operations", []) if step["op"] == kind]
    if len(steps) >= count:  # otherwise not all were read
        steps = [step for step in steps if loses(step)]
        count = len(steps)
    return count, steps[0]["line"] if steps else None
