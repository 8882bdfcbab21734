"""Queries in one file: fields used in filters, and relations followed in loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Literal

from djdesk.projects.code.source import FullName

PLAIN_CHAIN = {"all", "filter", "exclude", "order_by", "distinct", "reverse"}
FILTERS = {"filter", "exclude", "get"}


# Model, field or relation, kind, the method or the text of the loop, and line.
Query = tuple[str, str, Literal["filter", "loop"], str, int]


def filtered(full: FullName, node: ast.Call, func: ast.Attribute) -> list[Query]:
    """One for each field in a filter."""
    names = [one.arg.partition("__")[0] for one in node.keywords if one.arg]
    found = _queryset(full, node) if names and not _narrowed(node) else None
    return [(found[0], name, "filter", func.attr, node.lineno) for name in names] if found else []


def _narrowed(node: ast.expr) -> bool:
    """Whether part of the chain has conditions that are not keyword arguments."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in FILTERS and (node.args or any(not one.arg for one in node.keywords)):
            return True
        node = node.func.value
    return False


def looped(
    full: FullName, source: ast.expr, name: str, body: Sequence[ast.stmt | ast.expr]
) -> list[Query]:
    """The relations that the body of a loop over ``source`` follows. ``name``: of its variable."""
    found = _queryset(full, source)
    if found is None or not set(found[1]) <= PLAIN_CHAIN:
        return []
    # A relation set in the body is not fetched, and a loop that ends at once fetches it only once.
    stores = [
        one
        for item in body
        for one in ast.walk(item)
        if isinstance(one, ast.Name | ast.Attribute) and not isinstance(one.ctx, ast.Load)
    ]
    if any(isinstance(one, ast.Name) and one.id == name for one in stores):
        return []
    if isinstance(body[-1], ast.Return | ast.Break | ast.Raise):
        return []
    seen = {
        one.attr
        for one in stores
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == name
    }
    rows: list[Query] = []
    for item in body:
        for node in _usual(item):
            match node:
                case ast.Attribute(value=ast.Attribute(value=ast.Name(id=own), attr=attr)) if (
                    own == name and attr not in seen
                ):
                    seen.add(attr)
                    text = f"{name}.{attr}.{node.attr}"
                    rows.append((found[0], attr, "loop", text, node.lineno))
    return rows


def _usual(node: ast.AST) -> Iterator[ast.AST]:
    """The node and its descendants, without code that runs only after an error."""
    yield node
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, ast.ExceptHandler | ast.Raise):
            yield from _usual(inner)


def _queryset(full: FullName, node: ast.expr) -> tuple[str, list[str]] | None:
    """(model, methods) of ``Model.objects.filter(…).order_by(…)``."""
    methods: list[str] = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        methods.append(node.func.attr)
        node = node.func.value
    if not isinstance(node, ast.Attribute) or node.attr != "objects":
        return None
    model = full(node.value)
    return (model, methods) if model else None
