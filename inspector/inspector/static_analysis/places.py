"""Finds where each object in a file is defined. The live child gets this, so that it
need not parse again.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from djdesk.projects.code.source import Module
from djdesk.projects.code.tree import Tree, stamp
from inspector.probe.definitions import add_definitions

if TYPE_CHECKING:
    from inspector.static_analysis.files import Files

KEY = "places:"
# Size, time of the last change in ns, and {name: line}.
Known = tuple[int, int, dict[str, int]]


def definitions(tree: ast.Module) -> dict[str, int]:
    """{qualified name: line}, including class attributes, as the probe determines them."""
    lines: dict[str, int] = {}
    add_definitions(tree.body, lines)
    return lines


def known_places(tree: Tree, files: Files) -> dict[str, Known]:
    """By absolute path, for everything the live child may ask for."""
    found: dict[str, Known] = {}
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


def _add(found: dict[str, Known], path: Path, lines: dict[str, int]) -> None:
    try:
        stat = path.stat()
    except OSError:
        return
    found[str(path)] = (stat.st_size, stat.st_mtime_ns, lines)
