"""Collects routes, with the context added by enclosing includes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from djdesk.messages import say
from djdesk.projects.code.source import Module, text_of
from djdesk.projects.code.tree import Tree
from inspector.static_analysis.views import NO_VIEW

CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")
NAMED_GROUP = re.compile(r"\(\?P<(\w+)>")
LIMIT = 20_000
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Context:
    """What the enclosing includes add to a pattern."""

    prefix: str = ""
    namespace: str = ""
    chain: tuple[str, ...] = ()

    def joined(self, namespace: str) -> str:
        return ":".join(part for part in (self.namespace, namespace) if part)

    def under(self, route: str) -> Context:
        return Context(self.prefix + route, self.namespace, self.chain)

    def inside(self, namespace: str, module: str | None) -> Context:
        """The context inside an include of a module, or of a literal list (None)."""
        return Context(self.prefix, self.joined(namespace), (*self.chain, module or "[]"))


class Routes:
    """Rows of the snapshot: ``found``, ``unresolved`` (with a reason) and ``errors``."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.found: Rows = []
        self.unresolved: Rows = []
        self.errors: Rows = []

    def full(self) -> bool:
        return len(self.found) > LIMIT

    def route(
        self,
        module: Module,
        context: Context,
        name: str | None,
        view: dict[str, Any],
        line: int,
    ) -> None:
        """Add a route. ``context.prefix`` is the pattern; ``view`` as in `views.py`."""
        params = {two: one or "str" for one, two in CONVERTER.findall(context.prefix)}
        params.update(dict.fromkeys(NAMED_GROUP.findall(context.prefix), "regex"))
        self.found.append(
            {
                "pattern": context.prefix,
                "kind": "route",
                "name": name,
                "ns": context.namespace or None,
                "full_name": f"{context.namespace}:{name}" if context.namespace and name else name,
                "params": params,
                **view,
                "route_file": self.tree.relative(module.file),
                "route_line": line,
                "urlconf": module.name,
            }
        )

    def include(
        self, module: Module, context: Context, namespace: str, name: str | None, line: int
    ) -> None:
        self.found.append(
            {
                "pattern": context.prefix,
                "kind": "include",
                "name": None,
                "ns": context.joined(namespace) or None,
                "full_name": None,
                "params": {},
                **NO_VIEW,
                "route_file": self.tree.relative(module.file),
                "route_line": line,
                "urlconf": name or module.name,
            }
        )

    def leave(
        self,
        module: Module,
        node: ast.expr,
        context: Context,
        reason: str,
        line: int | None = None,
    ) -> None:
        """Record routes that exist only in the running project, and why."""
        self.unresolved.append(
            {
                "text": text_of(node)[:200],
                "pattern": context.prefix,
                "reason": reason,
                "file": self.tree.relative(module.file),
                "line": line or node.lineno,
            }
        )

    def missing(self, name: str) -> None:
        """Report a URLconf that does not exist or cannot be read."""
        text, file, line = say("The URLconf {name} was not found.", name=name), None, None
        if found := self.tree.unreadable_module(name):
            text = say("The URLconf {name} cannot be read: {why}", name=name, why=found.text)
            file, line = self.tree.relative(found.file), found.line
        self.errors.append({"text": text, "file": file, "line": line})

    def apart(self, make: Callable[[], None]) -> list[Rows]:
        """The rows that ``make`` adds (found, unresolved, errors), without keeping them here."""
        lists = (self.found, self.unresolved, self.errors)
        before = [len(rows) for rows in lists]
        make()
        made = [rows[count:] for rows, count in zip(lists, before, strict=True)]
        for rows, count in zip(lists, before, strict=True):
            del rows[count:]
        return made

    def duplicate_names(self) -> dict[str, int]:
        """Full names shared by several patterns with the same parameters, and how many."""
        groups: dict[tuple[str, tuple[str, ...]], set[str]] = {}
        for route in self.found:
            if route["full_name"] and route["kind"] == "route":
                key = (route["full_name"], tuple(sorted(route["params"])))
                groups.setdefault(key, set()).add(route["pattern"])
        names: dict[str, int] = {}
        for (name, _), patterns in groups.items():
            names[name] = max(names.get(name, 0), len(patterns))
        return {name: count for name, count in names.items() if count > 1}
