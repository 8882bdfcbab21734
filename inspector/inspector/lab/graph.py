"""Models as nodes and edges, like the schema page draws them (schema/graph.js)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TAGS = {"fk": "FK", "o2o": "1:1", "m2m": "M:N", "generic": "GFK", "generic-relation": "GR"}
KINDS = {"fk": "fk", "o2o": "o2o", "m2m": "m2m", "generic-relation": "generic"}


@dataclass(frozen=True)
class Row:
    """One field; ``tag`` is ``PK``, a value of ``TAGS`` or empty."""

    name: str
    type: str
    tag: str
    nullable: bool
    pk: bool
    to: str | None


@dataclass(frozen=True)
class Node:
    """``rows``: keys first, then relations, then the rest. ``note``: ``proxy``, ``unmanaged``."""

    id: str
    app: str
    name: str
    rows: list[Row]
    own: bool
    note: str


@dataclass(frozen=True)
class Edge:
    """``kind``: ``fk``, ``o2o``, ``m2m``, ``generic``, ``inherits`` or ``proxy``."""

    start: str
    end: str
    kind: str
    field: str
    nullable: bool
    via: str | None


@dataclass
class Graph:
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    hubs: set[str] = field(default_factory=set)

    def key(self, label: str) -> str:
        """Name of a model's primary key field."""
        node = self.nodes.get(label)
        return next((row.name for row in node.rows if row.pk), "id") if node else "id"

    def concrete(self, label: str) -> str:
        """The model whose table a proxy uses; for any other model, the model itself."""
        seen: set[str] = set()
        while self.nodes[label].note == "proxy" and label not in seen:
            seen.add(label)
            bases = (e.end for e in self.edges if e.start == label and e.kind == "proxy")
            label = next(bases, label)
        return label

    def apps(self) -> dict[str, list[Node]]:
        """Models by app: the project's own apps first, then by label."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            found.setdefault(node.app, []).append(node)
        return dict(
            sorted(found.items(), key=lambda item: (not any(n.own for n in item[1]), item[0]))
        )


def build(data: dict[str, Any] | None) -> Graph:
    """The graph of a ``models`` section. Automatic many-to-many tables are drawn as edges."""
    graph = Graph()
    written = []
    for model in (data or {}).get("models") or []:
        if (
            model.get("label")
            and not model.get("auto_created")
            and model["label"] not in graph.nodes
        ):
            graph.nodes[model["label"]] = _node(model)
            written.append(model)
    for model in written:
        graph.edges += _edges(model, graph.nodes)
    incoming: dict[str, int] = {}
    for edge in graph.edges:
        if edge.kind not in ("inherits", "proxy"):
            incoming[edge.end] = incoming.get(edge.end, 0) + 1
    # Relations to a model that nearly everything refers to would hide all others.
    limit = max(12.0, 0.06 * len(graph.nodes))
    graph.hubs = {label for label, count in incoming.items() if count > limit}
    return graph


def _node(model: dict[str, Any]) -> Node:
    label = model["label"]
    head, dot, rest = label.partition(".")
    rows = [_row(one) for one in model.get("fields") or [] if one.get("name")]
    rows.sort(key=lambda row: 0 if row.pk else 1 if row.to or row.tag else 2)
    note = "proxy" if model.get("proxy") else "unmanaged" if model.get("managed") is False else ""
    own = (model.get("origin") or "project") == "project"
    app = model.get("app") or (head if dot and head else "?")
    return Node(label, app, model.get("name") or rest or label, rows, own, note)


def _row(written: dict[str, Any]) -> Row:
    rel = written.get("rel") or {}
    pk = bool(written.get("pk"))
    tag = "PK" if pk and not rel.get("to") else TAGS.get(rel.get("kind") or "", "")
    # A field without a column cannot be NULL, whatever its options say.
    nullable = bool(written.get("null")) and rel.get("kind") != "m2m"
    return Row(written["name"], written.get("type") or "", tag, nullable, pk, rel.get("to"))


def _edges(model: dict[str, Any], nodes: dict[str, Node]) -> list[Edge]:
    label = model["label"]
    edges: list[Edge] = []
    parents: set[str] = set()
    for base in model.get("bases") or []:
        to, kind = base.get("label"), base.get("kind")
        if to not in nodes or to == label or to in parents:
            continue
        if kind in ("multi-table", "proxy-of"):
            parents.add(to)
            edges.append(
                Edge(label, to, "proxy" if kind == "proxy-of" else "inherits", "", False, None)
            )
    # A proxy has all fields of its model; draw them only at the model with the table.
    if model.get("proxy"):
        return edges
    for one in model.get("fields") or []:
        rel = one.get("rel") or {}
        to, kind = rel.get("to"), KINDS.get(rel.get("kind") or "")
        if kind is None or to not in nodes or (rel.get("parent_link") and to in parents):
            continue
        through = rel.get("through") if not rel.get("through_auto") else None
        nullable = bool(one.get("null")) and rel["kind"] != "m2m"
        via = through if through in nodes else None
        edges.append(Edge(label, to, kind, one.get("name") or "", nullable, via))
    return edges
