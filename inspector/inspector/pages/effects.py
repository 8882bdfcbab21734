"""Side effects of loading the project, and the environment variables it uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = (
    ("write", gettext_lazy("Files")),
    ("sqlite-open", gettext_lazy("SQLite files")),
    ("database", gettext_lazy("Database queries")),
    ("connect", gettext_lazy("Connections")),
    ("resolve", gettext_lazy("Host names")),
    ("spawn", gettext_lazy("Programs")),
)


@dataclass(frozen=True)
class Group:
    kind: str
    title: str
    events: list[dict[str, Any]]


@dataclass
class Variable:
    """One environment variable: what the source says about it, and what a run observed.

    ``set`` is None if the project was not run. ``places``: ``{"file", "line", "default"}``.
    """

    name: str
    required: bool = False
    kind: str = ""
    default: str | None = None
    example: str | None = None
    secret: bool = False
    set: bool | None = None
    origin: str = "project"
    places: list[dict[str, Any]] = field(default_factory=list)


def groups(data: dict[str, Any] | None) -> list[Group]:
    """Events by kind, own code first; kinds without events are left out."""
    events = (data or {}).get("events") or []
    known = {kind for kind, _title in KINDS}
    found = [
        Group(kind, str(title), [e for e in events if e.get("kind") == kind])
        for kind, title in KINDS
    ]
    found.append(Group("other", _("Other"), [e for e in events if e.get("kind") not in known]))
    for group in found:
        group.events.sort(key=lambda e: (e.get("origin") != "project", e.get("what") or ""))
    return [group for group in found if group.events]


def contract(settings: dict[str, Any] | None, effects: dict[str, Any] | None) -> list[Variable]:
    """All variables that the settings name or that were read during loading, by name."""
    found: dict[str, Variable] = {}
    for row in (settings or {}).get("env") or []:
        variable = found.setdefault(row["name"], Variable(row["name"]))
        variable.required = variable.required or bool(row.get("required"))
        variable.kind = variable.kind or row.get("kind") or ""
        variable.default = variable.default if variable.default is not None else row.get("default")
        variable.example = variable.example or row.get("example")
        variable.secret = variable.secret or bool(row.get("secret"))
        if row.get("set") is not None:
            variable.set = row["set"]
        places = row.get("places") or [{"file": row.get("file"), "line": row.get("line")}]
        variable.places += [p for p in places if p.get("file")]
    for row in (effects or {}).get("env_reads") or []:
        if row["name"] not in found:
            variable = found[row["name"]] = Variable(row["name"], origin=row.get("origin") or "")
            if row.get("file"):
                variable.places.append({"file": row["file"], "line": row.get("line")})
        found[row["name"]].set = bool(row.get("set"))
    return sorted(found.values(), key=lambda v: v.name)


def warnings(data: dict[str, Any] | None) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """(title, id, rows): Python warnings during loading."""
    data = data or {}

    def own_first(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        return sorted(rows or [], key=lambda w: w.get("origin") != "project")

    return [
        (_("Deprecation warnings"), "deprecations", own_first(data.get("deprecations"))),
        (_("Other warnings"), "other-warnings", own_first(data.get("other_warnings"))),
    ]
