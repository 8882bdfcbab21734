"""Details of one migration: dependencies in both directions, and its operations."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.sections.migrations import Database, Migration, Migrations

from .migration_graph import GraphPage
from .migration_order import Node
from .migration_words import Sentence, sentences
from .migrations import Databases


@dataclass(frozen=True)
class Link:
    """``known``: a migration with that key exists."""

    key: str
    known: bool
    state: str = ""


@dataclass(frozen=True)
class MigrationDetail:
    """``databases``: (alias, state) of the databases that were read."""

    node: Node
    state: str
    databases: list[tuple[str, str]]
    parents: list[Link]
    children: list[Link]
    replaces: list[Link]
    replaced_by: list[Link]
    run_before: list[Link]
    steps: list[Sentence]
    conflict: list[str]

    @property
    def facts(self) -> Migration:
        return self.node.facts


def detail(
    page: GraphPage, data: Migrations | None, databases: Databases, key: str
) -> MigrationDetail | None:
    """The migration ``app.name``, or None."""
    node = page.graph.nodes.get(key)
    if node is None:
        return None
    nodes = page.graph.nodes

    def links(keys: list[str]) -> list[Link]:
        return [Link(one, one in nodes, page.states.get(one, "")) for one in keys]

    conflict = data["conflicts"].get(node.app, []) if data else []
    return MigrationDetail(
        node,
        page.states.get(key, "unknown"),
        [(alias, _state_in(found, key)) for alias, found in databases.items()],
        links([*node.parents, *node.lost]),
        links(sorted(node.children)),
        links(node.facts.get("replaces") or []),
        links(sorted(one.key for one in nodes.values() if key in one.replaced)),
        links(node.facts.get("run_before") or []),
        sentences(node.facts),
        conflict if node.name in conflict else [],
    )


def _state_in(database: Database, key: str) -> str:
    if (pending := database.get("pending")) is None:
        return "unknown"
    if key in (database.get("ghosts") or []):
        return "ghost"
    if key in (database.get("applied") or []):
        return "applied"
    return "pending" if key in pending else "squashed"
