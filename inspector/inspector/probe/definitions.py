"""Finds where a file defines each name. Also used by the static half, so that both
report the same lines.
"""

from __future__ import annotations

import ast
from typing import Any

BLOCKS = (ast.If, ast.Try, ast.With, ast.For, ast.While)


def add_definitions(body: list[Any], lines: dict[str, int], prefix: str = "") -> None:
    """Add {qualified name: line} of the classes, functions, variables and class attributes. Stops
    at code that is nested too deeply.
    """
    try:
        _walk(body, prefix, lines)
    except RecursionError:
        pass


def _walk(body: list[Any], prefix: str, lines: dict[str, int]) -> None:
    for node in body:
        kind = type(node)
        if kind is ast.Assign:
            for target in node.targets:
                if type(target) is ast.Name:
                    lines[prefix + target.id] = node.lineno
        elif kind is ast.FunctionDef or kind is ast.AsyncFunctionDef:
            lines.setdefault(prefix + node.name, node.lineno)
        elif kind is ast.ClassDef:
            lines.setdefault(prefix + node.name, node.lineno)
            _walk(node.body, prefix + node.name + ".", lines)
        elif kind is ast.AnnAssign:
            if type(node.target) is ast.Name:
                lines[prefix + node.target.id] = node.lineno
        elif kind in BLOCKS:
            for name in ("body", "orelse", "finalbody"):
                _walk(getattr(node, name, None) or [], prefix, lines)
            for handler in getattr(node, "handlers", None) or []:
                _walk(handler.body, prefix, lines)
