"""Where a file defines what: handed to the live child, which would have to parse the file again."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

from djdesk.projects.code.source import Module
from djdesk.projects.code.tree import Tree, stamp

if TYPE_CHECKING:
    from inspector.static_analysis.files import Files

KEY = "places:"


def definitions(tree: ast.Module) -> dict[str, int]:
    """{qualified name: line}, class attributes included; the probe's own `definitions()` agrees."""
    lines: dict[str, int] = {}
    _walk(tree.body, "", lines)
    return lines


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
        elif kind in {ast.If, ast.Try, ast.With, ast.For, ast.While}:
            for name in ("body", "orelse", "finalbody"):
                _walk(getattr(node, name, None) or [], prefix, lines)
            for handler in getattr(node, "handlers", None) or []:
                _walk(handler.body, prefix, lines)


def known_places(tree: Tree, files: Files) -> dict[str, list[Any]]:
    """{absolute path: [size, mtime in ns, {name: line}]} of what the live child may ask for."""
    found: dict[str, list[Any]] = {}
    own = set()
    for row in files.rows:
        own.add(row.path)
        if row.facts["places"]:
            _add(found, row.path, row.facts["places"])
    for path, module in list(tree.by_file.items()):
        if path not in own and isinstance(module, Module) and (mark := stamp(path)):
            files.cache.put(KEY + str(path), mark, definitions(module.tree))
    for key, mark in files.cache.marks(KEY):
        path = Path(key.removeprefix(KEY))
        if mark == stamp(path) and (lines := files.cache.get(key, mark)) is not None:
            _add(found, path, lines)
    return found


def _add(found: dict[str, list[Any]], path: Path, lines: dict[str, int]) -> None:
    try:
        stat = path.stat()
    except OSError:
        return
    found[str(path)] = [stat.st_size, stat.st_mtime_ns, lines]
