"""Resolves `include()`: of a module, of a literal list, or with a namespace."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

from djdesk.messages import say
from djdesk.projects.code.source import Module, dotted, string, text_of
from djdesk.projects.code.tree import Tree
from inspector.static_analysis.memo import Memo, digest_of
from inspector.static_analysis.routes import LIMIT, Context, Routes


class Includes:
    """``patterns`` and ``module`` read the included routes."""

    def __init__(
        self,
        tree: Tree,
        memo: Memo,
        routes: Routes,
        patterns: Callable[[Module, ast.expr, Context, int], None],
        module: Callable[[Module, Context], None],
    ) -> None:
        self.tree = tree
        self.memo = memo
        self.routes = routes
        self.patterns = patterns
        self.module = module

    def call(
        self,
        module: Module,
        call: ast.Call,
        context: Context,
        depth: int,
        line: int | None = None,
    ) -> None:
        if not call.args:
            return
        namespace = next((string(k.value) for k in call.keywords if k.arg == "namespace"), None)
        if len(call.args) > 1:
            namespace = string(call.args[1])
        self.value(module, call.args[0], context, depth, line or call.lineno, namespace or "")

    def value(
        self,
        module: Module,
        value: ast.expr,
        context: Context,
        depth: int,
        line: int,
        namespace: str,
    ) -> None:
        """Resolve the argument of `include`, or a list or tuple in its place."""
        if isinstance(value, ast.Tuple) and value.elts:
            app_name = string(value.elts[1]) if len(value.elts) > 1 else None
            self.value(module, value.elts[0], context, depth, line, namespace or app_name or "")
            return
        if isinstance(value, ast.List | ast.BinOp) or (
            isinstance(value, ast.Name) and value.id in module.assigned
        ):
            inner = context.inside(namespace, None)
            self.routes.include(module, context, namespace, None, line)
            self.patterns(module, value, inner, depth + 1)
            return
        name = string(value)
        if name is None and isinstance(value, ast.Name | ast.Attribute):
            full = self.tree.qualify(module, dotted(value) or "")
            if self.tree.locate(full):
                name = full
            elif place := self.tree.find(full):
                whole = full.rpartition(".")[2] == place.name
                if whole and place.name in place.module.assigned:
                    self.routes.include(module, context, namespace, None, line)
                    target = place.module.assigned[place.name]
                    self.patterns(place.module, target, context.inside(namespace, None), depth + 1)
                    return
        if name and self.tree.locate(name):
            self._included(module, value, context, name, namespace, line)
            return
        self._not_included(module, value, context, name, line)

    def _included(
        self,
        module: Module,
        value: ast.expr,
        context: Context,
        name: str,
        namespace: str,
        line: int,
    ) -> None:
        """The routes of another module, cached between scans."""
        asked: list[object] = [context.prefix, context.namespace, context.chain, namespace, line]
        asked += [self.tree.relative(module.file), module.name, text_of(value)]

        def make() -> None:
            self._include_module(module, value, context, name, namespace, line)

        routes, unresolved, errors = self.memo.result(
            f"urls:{name}:{digest_of(asked)}",
            "",
            partial(self.routes.apart, make),
            lambda rows: len(rows[0]) + len(self.routes.found) <= LIMIT,
        )
        self.routes.found += routes
        self.routes.unresolved += unresolved
        self.routes.errors += errors

    def _include_module(
        self,
        module: Module,
        value: ast.expr,
        context: Context,
        name: str,
        namespace: str,
        line: int,
    ) -> None:
        target_module = self.tree.module(name)
        if target_module is None:
            self._not_included(module, value, context, name, line)
            return
        if name in context.chain and context.chain.count(name) > 1:
            return
        app_name = string(target_module.assigned.get("app_name"))
        self.routes.include(module, context, namespace or app_name or "", name, line)
        self.module(target_module, context.inside(namespace or app_name or "", name))

    def _not_included(
        self, module: Module, value: ast.expr, context: Context, name: str | None, line: int
    ) -> None:
        reason = say("computed when the project runs")
        if name and (found := self.tree.unreadable_module(name)):
            reason = say("the module {name} cannot be read: {why}", name=name, why=found.text)
        elif name:
            reason = say("the module {name} was not found", name=name)
        if isinstance(value, ast.Attribute) and value.attr == "urls":
            reason = say("a router or site: its routes are made when the project runs")
        self.routes.leave(module, value, context, reason, line)
