"""All migrations of a project as one graph, in the order in which `migrate` would apply them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.sections.migrations import Migration, MigrationApp, Migrations

RANK = {"project": 0, "outside": 1, "third-party": 2}


@dataclass
class Node:
    """A migration. ``key``: ``app.name``. ``parents`` and ``children``: keys of
    dependencies in both directions. ``replaced``: migrations that it squashes. ``lost``:
    dependencies that do not exist.
    """

    key: str
    app: str
    name: str
    origin: str
    facts: Migration
    parents: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Graph:
    """``order``: every key once, dependencies first, except in a cycle, whose
    migrations are in ``circle``.
    """

    nodes: dict[str, Node]
    order: list[str]
    circle: set[str]


def graph(data: Migrations | None, swapped: dict[str, str] | None = None) -> Graph:
    """``swapped``: values of settings such as AUTH_USER_MODEL, for swappable dependencies."""
    nodes: dict[str, Node] = {}
    apps = data["apps"] if data else {}
    for label, app in apps.items():
        for facts in app["migrations"]:
            key = f"{label}.{facts['name']}"
            nodes[key] = Node(key, label, facts["name"], app["origin"], facts)
    for node in nodes.values():
        for written in node.facts["deps"]:
            _link(nodes, apps, node, written, swapped or {})
        for written in node.facts.get("run_before") or []:
            if (later := _resolve(nodes, apps, written, swapped or {})) is not None:
                _join(nodes, node.key, later)
        node.replaced = [one for one in node.facts.get("replaces") or [] if one in nodes]
    order, circle = _walk(nodes)
    return Graph(nodes, order, circle)


def _link(
    nodes: dict[str, Node],
    apps: dict[str, MigrationApp],
    node: Node,
    written: str,
    swapped: dict[str, str],
) -> None:
    found = _resolve(nodes, apps, written, swapped)
    if found is not None:
        if found != node.key:
            _join(nodes, found, node.key)
        return
    label = written.partition(".")[0]
    # An app may be depended on even without migrations; a migration with a known file is not lost.
    if label in apps and not written.endswith((".__first__", ".__latest__")):
        node.lost.append(written)


def _join(nodes: dict[str, Node], first: str, then: str) -> None:
    if first not in nodes[then].parents:
        nodes[then].parents.append(first)
        nodes[first].children.append(then)


def _resolve(
    nodes: dict[str, Node], apps: dict[str, MigrationApp], written: str, swapped: dict[str, str]
) -> str | None:
    label, _, name = written.partition(".")
    if label == "__setting__":
        label, name = swapped.get(name, "").partition(".")[0], "__first__"
    if name in ("__first__", "__latest__"):
        rows = apps[label]["migrations"] if label in apps else []
        if not rows:
            return None
        # In dependency order, so that the ends are the first and the latest migration.
        name = rows[0 if name == "__first__" else -1]["name"]
    return f"{label}.{name}" if f"{label}.{name}" in nodes else None


def _walk(nodes: dict[str, Node]) -> tuple[list[str], set[str]]:
    """Depth first from the leaf migrations of each app, own apps first, like Django's plan."""

    def before(key: str) -> list[str]:
        # Squashed migrations come before their squash unless dependencies require otherwise.
        return sorted({*nodes[key].parents, *nodes[key].replaced})

    def place(key: str) -> tuple[int, str, str]:
        return RANK.get(nodes[key].origin, 3), nodes[key].app, nodes[key].name

    ends = sorted((k for k, n in nodes.items() if not n.children), key=place)
    order: list[str] = []
    done: set[str] = set()
    open_: set[str] = set()
    circle: set[str] = set()
    for start in [*ends, *sorted(nodes, key=place)]:
        stack: list[tuple[str, Iterator[str]]] = []
        if start not in done:
            open_.add(start)
            stack.append((start, iter(before(start))))
        while stack:
            key, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                open_.discard(key)
                done.add(key)
                order.append(key)
            elif following in open_:
                keys = [one for one, _ in stack]
                keys = keys[keys.index(following) :]
                # Another app's migration may well be between a squash and what it replaces.
                if all(
                    a in nodes[b].parents for b, a in zip(keys, [*keys[1:], following], strict=True)
                ):
                    circle.update(keys)
            elif following not in done:
                open_.add(following)
                stack.append((following, iter(before(following))))
    return order, circle
