"""The content of a class body: assigned names, methods and properties."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from djdesk.projects.code.source import dotted, flatten


def assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr, int]]:
    """(name, value, line) in a class body, including its `if` and `try` blocks."""
    for item in flatten(node.body):
        match item:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, value, item.lineno
                    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                        for one, inner in zip(target.elts, value.elts, strict=False):
                            if isinstance(one, ast.Name):
                                yield one.id, inner, item.lineno
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value, item.lineno


def methods(node: ast.ClassDef) -> list[str]:
    """Names of the methods, without special ones such as ``__str__``."""
    return [
        item.name
        for item in node.body
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        and not _is_property(item)
        and not item.name.startswith("__")
    ]


def properties(node: ast.ClassDef) -> list[str]:
    return [
        item.name for item in node.body if isinstance(item, ast.FunctionDef) and _is_property(item)
    ]


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {(dotted(item) or "").rpartition(".")[2] for item in node.decorator_list}
    return bool(names & {"property", "cached_property"})
