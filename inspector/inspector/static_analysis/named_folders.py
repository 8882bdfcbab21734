"""Folders named by a setting, as far as the path is literal."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import dotted
from djdesk.projects.code.tree import Tree


class NamedFolders:
    """``BASE_DIR / "html"`` and ``os.path.join(HERE, "..", "html")`` are resolved against the
    places where such paths usually start: the project, and the folders around the settings file.
    """

    def __init__(self, tree: Tree, settings: Settings, file: Path) -> None:
        self.root = tree.root.resolve()
        self.settings = settings
        self.starts = list(dict.fromkeys([tree.base, tree.root, *list(file.parents)[:4]]))

    def find(self, node: ast.expr) -> Path | None:
        """The folder in the project that the expression names, or None."""
        words = list(self._words(node))
        for start in self.starts if words else []:
            place = start.joinpath(*words)
            if place.is_dir() and place.resolve().is_relative_to(self.root):
                return place.resolve() if ".." in words else place
        return None

    def _words(self, node: ast.AST, depth: int = 0) -> Iterator[str]:
        """The literal parts of a path, in order; names are replaced by their assigned values."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
            return
        name = dotted(node) if isinstance(node, ast.expr) else None
        place = self.settings.places.get(name or "")
        if place and place[2] is not None and depth < 8:
            yield from self._words(place[2], depth + 1)
            return
        for inner in ast.iter_child_nodes(node):
            yield from self._words(inner, depth + 1)
