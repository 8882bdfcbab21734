"""Folders that `TEMPLATES` names, as far as they are written out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from inspector.static_analysis.settings import Settings
from inspector.static_analysis.source import dotted, string
from inspector.static_analysis.tree import Tree


@dataclass
class TemplateDirs:
    """``complete``: templates come from nowhere else; ``plain``: their names are their paths."""

    folders: list[Path] = field(default_factory=list)
    complete: bool = True
    plain: bool = True


def template_dirs(tree: Tree, settings: Settings) -> TemplateDirs:
    """The folders of all `DIRS`.

    ``BASE_DIR / "html"`` and ``os.path.join(HERE, "..", "html")`` are looked for where such a
    path can begin: at the project, and at the folders around the settings.
    """
    found = TemplateDirs()
    if (place := settings.places.get("TEMPLATES")) is None:
        return found
    file, _, value = place
    starts = list(dict.fromkeys([tree.base, tree.root, *list(file.parents)[:4]]))
    found.complete = isinstance(value, ast.List | ast.Tuple)
    for item in getattr(value, "elts", []):
        if not isinstance(item, ast.Dict):
            found.complete = found.plain = False
            continue
        for key, inner in zip(item.keys, item.values, strict=True):
            if string(key) == "OPTIONS":
                _options(inner, found)
            elif string(key) == "DIRS":
                found.complete = found.complete and isinstance(inner, ast.List | ast.Tuple)
                for one in getattr(inner, "elts", []):
                    folder = _folder(tree, starts, list(_words(one, settings)))
                    found.folders += [folder] if folder else []
                    found.complete = found.complete and folder is not None
    return found


def _options(node: ast.expr, found: TemplateDirs) -> None:
    """A loader may read a database, and may call a file by any name."""
    for key, inner in zip(getattr(node, "keys", []), getattr(node, "values", []), strict=True):
        if string(key) == "loaders":
            found.complete = False
            names = [one.value for one in ast.walk(inner) if isinstance(one, ast.Constant)]
            found.plain = all(
                str(name).startswith("django.template.loaders.")
                for name in names
                if re.fullmatch(r"\w+(\.\w+)+", str(name))
            )


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
