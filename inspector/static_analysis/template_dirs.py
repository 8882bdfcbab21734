"""Folders that `TEMPLATES` names, as far as they are written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from inspector.static_analysis.settings import Settings
from inspector.static_analysis.source import dotted, string, text_of
from inspector.static_analysis.tree import Tree


def template_dirs(tree: Tree, settings: Settings) -> tuple[list[Path], bool]:
    """The folders of all `DIRS`, and whether templates can come from nowhere else.

    ``BASE_DIR / "html"`` and ``os.path.join(HERE, "..", "html")`` are looked for where such a
    path can begin: at the project, and at the folders around the settings.
    """
    if (place := settings.places.get("TEMPLATES")) is None:
        return [], True
    file, _, value = place
    starts = list(dict.fromkeys([tree.base, tree.root, *list(file.parents)[:4]]))
    found: list[Path] = []
    complete = isinstance(value, ast.List | ast.Tuple)
    for item in getattr(value, "elts", []):
        complete = complete and isinstance(item, ast.Dict)
        for key, inner in zip(getattr(item, "keys", []), getattr(item, "values", []), strict=True):
            if string(key) == "OPTIONS" and "loaders" in text_of(inner):
                complete = False  # a loader may read a database, or anything
            if string(key) != "DIRS":
                continue
            complete = complete and isinstance(inner, ast.List | ast.Tuple)
            for one in getattr(inner, "elts", []):
                folder = _folder(tree, starts, list(_words(one, settings)))
                found += [folder] if folder else []
                complete = complete and folder is not None
    return found, complete


def _folder(tree: Tree, starts: list[Path], words: list[str]) -> Path | None:
    root = tree.root.resolve()
    for start in starts if words else []:
        place = start.joinpath(*words)
        if place.is_dir() and place.resolve().is_relative_to(root):
            return place.resolve() if ".." in words else place
    return None


def _words(node: ast.AST, settings: Settings, depth: int = 0) -> Iterator[str]:
    """The literal parts of a path, in order; a name stands for what was assigned to it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
        return
    place = settings.places.get(dotted(node) or "") if isinstance(node, ast.expr) else None
    if place and place[2] is not None and depth < 8:
        yield from _words(place[2], settings, depth + 1)
        return
    for inner in ast.iter_child_nodes(node):
        yield from _words(inner, settings, depth + 1)
