"""Collects routes, with the context added by enclosing includes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from djdesk.messages import say
from djdesk.projects.code.source import Module, text_of
from djdesk.projects.code.tree import Tree
from inspector.sections.behaviour import Route, UnresolvedRoutes
from inspector.sections.common import Problem
from inspector.static_analysis.views import View, no_view

CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")
NAMED_GROUP = re.compile(r"\(\?P<(\w+)>")
LIMIT = 20_000
# Routes, unresolved routes and errors.
Rows = tuple[list[Route], list[UnresolvedRoutes], list[Problem]]


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
        self.found: list[Route] = []
        self.unresolved: list[UnresolvedRoutes] = []
        self.errors: list[Problem] = []
        self.spaces: set[str] = set()  # namespaces with routes that were left

    def full(self) -> bool:
        return len(self.found) > LIMIT

    def route(
        self,
        module: Module,
        context: Context,
        name: str | None,
        view: View,
        line: int,
    ) -> None:
        """Add a route. ``context.prefix`` is the pattern; `views.View` is its view."""
        params = {two: one or "str" for one, two in CONVERTER.findall(context.prefix)}
        params.update(dict.fromkeys(NAMED_GROUP.findall(context.prefix), "regex"))
        row = self._row(module, context, "route", view, line, module.name)
        row["name"], row["params"] = name, params
        row["ns"] = context.namespace or None
        row["full_name"] = f"{context.namespace}:{name}" if context.namespace and name else name
        self.found.append(row)

    def include(
        self, module: Module, context: Context, namespace: str, name: str | None, line: int
    ) -> None:
        row = self._row(module, context, "include", no_view(), line, name or module.name)
        row["ns"] = context.joined(namespace) or None
        self.found.append(row)

    def _row(
        self,
        module: Module,
        context: Context,
        kind: Literal["route", "include"],
        view: View,
        line: int,
        urlconf: str,
    ) -> Route:
        return {
            "pattern": context.prefix,
            "kind": kind,
            "name": None,
            "ns": None,
            "full_name": None,
            "params": {},
            "view": view["view"],
            "view_kind": view["view_kind"],
            "file": view["file"],
            "line": view["line"],
            "methods": view["methods"],
            "login_required": view["login_required"],
            "csrf_exempt": view["csrf_exempt"],
            "origin": view["origin"],
            "route_file": self.tree.relative(module.file),
            "route_line": line,
            "urlconf": urlconf,
        }

    def leave(
        self,
        module: Module,
        node: ast.expr,
        context: Context,
        reason: str,
        line: int | None = None,
    ) -> None:
        """Record routes that exist only in the running project, and why."""
        self.spaces.add(context.namespace)
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
        text = say("The URLconf {name} was not found.", name=name)
        file: str | None = None
        line: int | None = None
        if found := self.tree.unreadable_module(name):
            text = say("The URLconf {name} cannot be read: {why}", name=name, why=found.text)
            file, line = self.tree.relative(found.file), found.line
        self.errors.append({"text": text, "file": file, "line": line})

    def apart(self, make: Callable[[], None]) -> Rows:
        """The rows that ``make`` adds, without keeping them here."""
        found, unresolved, errors = len(self.found), len(self.unresolved), len(self.errors)
        make()
        made = self.found[found:], self.unresolved[unresolved:], self.errors[errors:]
        del self.found[found:], self.unresolved[unresolved:], self.errors[errors:]
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
