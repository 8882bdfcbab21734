"""Find the expressions that are evaluated whenever a file is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# Code that catches these expects the value to be missing.
CAUGHT = {
    "KeyError",
    "LookupError",
    "Exception",
    "BaseException",
    "ImproperlyConfigured",
    "EnvError",  # environs
    "UndefinedValueError",  # decouple
}


def certain(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """Expressions outside any condition, function, loop or `try`."""
    for node in body:
        match node:
            case ast.If(test=test) | ast.While(test=test):
                yield from _inner(test)
            case ast.Try() | ast.TryStar():
                if not any(_catches(one) for one in node.handlers):
                    yield from certain(node.body)
                yield from certain(node.finalbody)
            case ast.With():
                for item in node.items:
                    yield from _inner(item.context_expr)
                if not any("suppress" in ast.unparse(one.context_expr) for one in node.items):
                    yield from certain(node.body)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for one in [*node.decorator_list, *node.args.defaults]:
                    yield from _inner(one)
            case ast.ClassDef():
                yield from certain(node.body)
            case ast.For(iter=source):
                yield from _inner(source)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        yield from _inner(child)


def _catches(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or ast.unparse(one).rpartition(".")[2] in CAUGHT for one in kinds)


def _inner(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.expr):
        yield node
    match node:
        case ast.IfExp(test=test):
            yield from _inner(test)
        case ast.BoolOp(values=values):
            yield from _inner(values[0])
        case ast.Lambda():
            return
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _inner(node.generators[0].iter)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _inner(child)
