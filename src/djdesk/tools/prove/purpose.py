"""Recognise views that always fail on purpose, such as a demonstration of the error page."""

from __future__ import annotations

import ast
from collections.abc import Sequence


def always_raises(source: str, line: int) -> bool:
    """Whether the function around ``line`` always ends in the exception raised there: ``raise
    Exception("a test")`` or ``1 / 0``, and not under a condition."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return bool(around) and _raises(around[-1].body)


def _raises(body: Sequence[ast.stmt]) -> bool:
    for node in body:
        if isinstance(node, ast.Raise) or _divides_by_zero(node):
            return True
        if isinstance(node, ast.Try) and _raises(node.body):
            return all(_raises(handler.body) for handler in node.handlers)
        if isinstance(node, ast.With) and _raises(node.body):
            return True
        if not isinstance(node, ast.Assign | ast.Expr | ast.Import | ast.ImportFrom):
            return False
    return False


def _divides_by_zero(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    return (
        isinstance(value, ast.BinOp)
        and isinstance(value.op, ast.Div | ast.Mod | ast.FloorDiv)
        and isinstance(value.right, ast.Constant)
        and value.right.value == 0
    )
