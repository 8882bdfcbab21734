"""Side effects of loading the project, and the environment variables it uses."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspector.sections.checks import Effect, SideEffects, Warned
from inspector.sections.project import DefaultPlace, Settings

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
    events: list[Effect]


@dataclass
class Variable:
    """One environment variable: what the source says about it, and what a run observed.

    ``set`` is None if the project was not run.
    """

    name: str
    required: bool = False
    kind: str = ""
    default: str | None = None
    example: str | None = None
    secret: bool = False
    set: bool | None = None
    origin: str = "project"
    places: list[DefaultPlace] = field(default_factory=list)


def groups(data: SideEffects | None) -> list[Group]:
    """Events by kind, own code first; kinds without events are left out."""
    events = data["events"] if data else []
    known = {kind for kind, _title in KINDS}
    found = [
        Group(kind, str(title), [e for e in events if e["kind"] == kind]) for kind, title in KINDS
    ]
    found.append(Group("other", _("Other"), [e for e in events if e["kind"] not in known]))
    for group in found:
        group.events.sort(key=lambda e: (e["origin"] != "project", e["what"]))
    return [group for group in found if group.events]


def contract(settings: Settings | None, effects: SideEffects | None) -> list[Variable]:
    """All variables that the settings name or that were read during loading, by name."""
    found: dict[str, Variable] = {}
    for row in settings["env"] if settings else []:
        variable = found.setdefault(row["name"], Variable(row["name"]))
        variable.required = variable.required or bool(row.get("required"))
        variable.kind = variable.kind or row.get("kind") or ""
        variable.default = variable.default if variable.default is not None else row.get("default")
        variable.example = variable.example or row.get("example")
        variable.secret = variable.secret or bool(row.get("secret"))
        if row.get("set") is not None:
            variable.set = row["set"]
        places = row.get("places") or [
            {"file": row.get("file"), "line": row.get("line"), "default": row.get("default")}
        ]
        variable.places += [p for p in places if p.get("file")]
    for read in effects["env_reads"] if effects else []:
        if read["name"] not in found:
            variable = found[read["name"]] = Variable(read["name"], origin=read["origin"])
            if read["file"]:
                variable.places.append(
                    {"file": read["file"], "line": read["line"], "default": None}
                )
        found[read["name"]].set = read["set"]
    return sorted(found.values(), key=lambda v: v.name)


def warnings(data: SideEffects | None) -> list[tuple[str, str, list[Warned]]]:
    """(title, id, rows): Python warnings during loading."""

    def own_first(rows: list[Warned]) -> list[Warned]:
        return sorted(rows, key=lambda w: w["origin"] != "project")

    deprecations = own_first(data["deprecations"]) if data else []
    others = own_first(data["other_warnings"]) if data else []
    return [
        (_("Deprecation warnings"), "deprecations", deprecations),
        (_("Other warnings"), "other-warnings", others),
    ]
