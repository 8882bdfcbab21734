"""The rows, positions and states of the migration graph page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.sections.migrations import Migration, Migrations

from . import migrations as listed
from .migration_lanes import COLORS, ROW, Drawing, draw
from .migration_order import RANK, Graph, Node, graph
from .migrations import Databases

STATES = ("applied", "pending", "squashed", "unknown", "ghost", "conflict")


@dataclass(frozen=True)
class Choice:
    """What the user wants to see. ``apps``: labels, or only ``*`` for all; empty
    for the project's own.
    """

    apps: tuple[str, ...] = ()
    state: str = ""
    words: tuple[str, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, query: Any) -> Choice:
        """From the query string; unknown values are ignored."""
        text = query.get("q", "")[:200]
        state = query.get("state", "")
        return cls(
            tuple(dict.fromkeys(query.getlist("app"))),
            state if state in STATES else "",
            tuple(text.lower().split()),
            text,
        )


@dataclass(frozen=True)
class Row:
    node: Node
    state: str
    x: int
    y: int
    color: int
    conflict: bool
    circle: bool


@dataclass(frozen=True)
class AppChoice:
    label: str
    origin: str
    total: int
    chosen: bool
    color: int


@dataclass(frozen=True)
class GraphPage:
    """``hidden``: number of migrations not shown; ``row_height`` in px."""

    rows: list[Row]
    drawing: Drawing
    apps: list[AppChoice]
    total: int
    choice: Choice
    graph: Graph
    states: dict[str, str] = field(default_factory=dict)
    row_height: int = ROW

    @property
    def hidden(self) -> int:
        return self.total - len(self.rows)

    @property
    def all_apps(self) -> bool:
        return self.choice.apps == ("*",)


def page(
    data: Migrations | None,
    databases: Databases,
    choice: Choice,
    *,
    models: Mapping[str, int],
    swapped: dict[str, str] | None = None,
) -> GraphPage:
    """``models``: number of models per app, which decides its colour as in the schema."""
    whole = graph(data, swapped)
    states = {
        f"{app.label}.{row.migration['name']}": row.state
        for app in listed.by_app(data, databases)
        for row in app.rows
    }
    _add_ghosts(whole, states, databases)
    conflicts = {
        f"{label}.{name}"
        for label, names in (data["conflicts"] if data else {}).items()
        for name in names
    }
    colors = _colors(whole, models)
    shown = [
        key
        for key in whole.order
        if _wanted(whole.nodes[key], states.get(key, "unknown"), key in conflicts, choice)
    ]
    drawing = draw(whole, shown, lambda app: colors.get(app, 1))
    rows = [
        Row(
            whole.nodes[key],
            states.get(key, "unknown"),
            x,
            y,
            colors.get(whole.nodes[key].app, 1),
            key in conflicts,
            key in whole.circle,
        )
        for key, (x, y) in zip(shown, drawing.dots, strict=True)
    ]
    return GraphPage(
        rows, drawing, _apps(whole, colors, choice), len(whole.order), choice, whole, states
    )


def _add_ghosts(whole: Graph, states: dict[str, str], databases: Databases) -> None:
    """Put applied migrations without a file below the last migration of their app."""
    for _, key in listed.ghosts(databases):
        if key in whole.nodes:
            continue
        app, _, name = key.partition(".")
        mates = [n for n, one in enumerate(whole.order) if whole.nodes[one].app == app]
        origin = whole.nodes[whole.order[mates[-1]]].origin if mates else "project"
        facts: Migration = {
            "name": name,
            "file": None,
            "ops": 0,
            "op_kinds": {},
            "deps": [],
            "irreversible": [],
            "data_ops": [],
        }
        whole.nodes[key] = Node(key, app, name, origin, facts)
        whole.order.insert(mates[-1] + 1 if mates else len(whole.order), key)
        states[key] = "ghost"


def _wanted(node: Node, state: str, conflict: bool, choice: Choice) -> bool:
    if choice.apps and choice.apps != ("*",):
        if node.app not in choice.apps:
            return False
    elif not choice.apps and node.origin in ("third-party", "django", "stdlib"):
        return False
    if choice.state and not (conflict if choice.state == "conflict" else state == choice.state):
        return False
    if not choice.words:
        return True
    kinds = " ".join(node.facts["op_kinds"])
    text = f"{node.key} {node.app} {kinds}".lower()
    return all(word in text for word in choice.words)


def _colors(whole: Graph, models: Mapping[str, int]) -> dict[str, int]:
    """Colours 1 to 12, by the same rule as in the schema."""
    origin = {node.app: node.origin for node in whole.nodes.values()}
    own = {app: found in ("project", "outside") for app, found in origin.items()}
    order = sorted(origin, key=lambda app: (not own[app], -models.get(app, 0), app))
    return {app: at % COLORS + 1 for at, app in enumerate(order)}


def _apps(whole: Graph, colors: dict[str, int], choice: Choice) -> list[AppChoice]:
    totals: dict[str, int] = {}
    origin: dict[str, str] = {}
    for node in whole.nodes.values():
        totals[node.app] = totals.get(node.app, 0) + 1
        origin[node.app] = node.origin
    return [
        AppChoice(app, origin[app], totals[app], app in choice.apps, colors[app])
        for app in sorted(totals, key=lambda one: (RANK.get(origin[one], 3), one))
    ]
