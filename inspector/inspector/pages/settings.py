"""Settings, the project's own first."""

from __future__ import annotations

from typing import TypedDict

from inspector.sections.project import Settings, Variable
from inspector.sections.scan import Evidence, ProjectFacts, SettingsModuleRow


def variables(data: Settings | None) -> list[Variable]:
    """By name; Django settings with their default value come last."""
    return sorted(
        data["variables"] if data else [], key=lambda v: (v.get("changed") is False, v["name"])
    )


class Evidences(TypedDict):
    """``named``: where the chosen settings module is named; ``tied``: modules as likely as it."""

    named: list[Evidence]
    tied: list[SettingsModuleRow]


def evidence(discovered: ProjectFacts) -> Evidences:
    """Which files name the chosen settings module, and which other modules are equally likely."""
    rows = discovered.get("settings_modules") or []
    chosen = next((one for one in rows if one["chosen"]), None)
    tied = [one for one in rows if one.get("tied") and one is not chosen]
    return {"named": chosen.get("evidence", []) if chosen else [], "tied": tied}
