"""Templates with their users; problems come first."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.sections.templates import BrokenTemplate, Template, Templates

from .origins import rank

SHOWN = 2000  # rows; more would take long to render, and the filter finds them by name


@dataclass(frozen=True)
class Row:
    """``used_by``: number of templates and places in the code that name it; None if unknown."""

    template: Template
    used_by: int | None
    unused: bool


def rows(data: Templates | None) -> list[Row]:
    """Own templates first, by name."""
    if data is None:
        return []
    used: dict[str, int] = {}
    for edge in data["edges"]:
        used[edge["target"]] = used.get(edge["target"], 0) + 1
    for reference in data["references"]:
        used[reference["name"]] = used.get(reference["name"], 0) + 1
    unused = {u["name"] for u in data["unused"]}
    found = [
        Row(t, used.get(t["name"], 0) if t["origin"] == "project" else None, t["name"] in unused)
        for t in data["templates"]
    ]
    return sorted(found, key=lambda r: (rank(r.template), r.template["name"]))


def not_compiled(data: Templates) -> tuple[list[BrokenTemplate], list[BrokenTemplate]]:
    """(with an error, that need something that is not there, such as files of a build)."""
    waiting = [one for one in data["broken"] if one.get("needs")]
    return [one for one in data["broken"] if one not in waiting], waiting
