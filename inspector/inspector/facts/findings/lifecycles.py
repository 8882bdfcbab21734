"""Findings about Django and Python versions without security fixes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from djdesk.messages import say
from inspector.facts.finding import Finding, Known, fact
from inspector.facts.lifecycles import life, newest_within, numbers
from inspector.sections.common import data_of
from inspector.sections.project import Declared

Findings = Iterator[Finding]


def lifecycles(known: Known) -> Findings:
    runtime = data_of(known.sections.get("runtime"))
    project = known.snapshot["project"]
    rows = project.get("interpreters", []) if project else []
    chosen = next((one.get("python") for one in rows if one["chosen"]), None)
    django = runtime.get("django") if runtime else project.get("django_hint") if project else None
    asked = None if django else _newest_allowed(known)
    if asked:
        django = asked[0]
    for what, title, version in (
        ("django", "Django", django),
        ("python", "Python", runtime.get("python") if runtime else chosen),
    ):
        found = life(what, version, known.today)
        if found is None or found.state == "supported":
            continue
        over = found.state == "ended"
        version_named = f"{title} {found.version}"
        why = say("Security holes that are found after that stay open.")
        if found.newer:
            why += " " + say("{version} is supported.", version=f"{title} {found.newer}")
        reason = fact(say("This project runs {version}", version=f"{title} {version}"), "runtime")
        if asked and what == "django":
            reason = fact(f"{asked[1]['name']}{asked[1]['specifier']}", "dependencies", asked[1])
        yield Finding(
            f"lifecycle.{what}",
            ("error" if what == "django" else "warning") if over else "info",
            say("{version} is no longer supported", version=version_named)
            if over
            else say("{version} ends soon", version=version_named),
            say(
                "{version} got its last security fix in {life_month}.",
                version=version_named,
                life_month=found.month,
            )
            if over
            else say(
                "{version} gets its last security fix in {life_month}.",
                version=version_named,
                life_month=found.month,
            ),
            why,
            [
                reason,
                fact(
                    say("Dates of {day}, from {source}", day=found.as_of, source=found.source),
                    "runtime",
                ),
            ],
            "runtime",
            15,
        )


def _newest_allowed(known: Known) -> tuple[str, Declared] | None:
    """The newest Django version that the requirements allow, and the requirement that limits it."""
    data = data_of(known.sections.get("dependencies"))
    rows = [
        one
        for one in (data["declared"] if data else [])
        if one["group"] == "main" and one["name"].lower() == "django"
    ]
    found = [(newest, one) for one in rows if (newest := newest_within(one["specifier"]))]
    return max(found, key=lambda one: numbers(one[0]), default=None)


RULES: list[Callable[[Known], Findings]] = [lifecycles]
