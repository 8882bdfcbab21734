"""Folders from `TEMPLATES`, as far as they are literal."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import string
from djdesk.projects.code.tree import Tree
from inspector.static_analysis.named_folders import NamedFolders


@dataclass
class TemplateDirs:
    """``complete``: no other source of templates; ``plain``: template names are relative paths."""

    folders: list[Path] = field(default_factory=list)
    complete: bool = True
    plain: bool = True


def template_dirs(tree: Tree, settings: Settings) -> TemplateDirs:
    """The folders of every `DIRS`."""
    found = TemplateDirs()
    if (place := settings.places.get("TEMPLATES")) is None:
        # Otherwise Django has no template engine
        found.plain = "INSTALLED_APPS" not in settings.places
        return found
    file, _, value = place
    named = NamedFolders(tree, settings, file)
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
                    folder = named.find(one)
                    found.folders += [folder] if folder else []
                    found.complete = found.complete and folder is not None
    return found


def _options(node: ast.expr, found: TemplateDirs) -> None:
    """A custom loader may read a database, and may use any name for a file."""
    for key, inner in zip(getattr(node, "keys", []), getattr(node, "values", []), strict=True):
        if string(key) == "loaders":
            found.complete = False
            names = [one.value for one in ast.walk(inner) if isinstance(one, ast.Constant)]
            found.plain = all(
                str(name).startswith("django.template.loaders.")
                for name in names
                if re.fullmatch(r"\w+(\.\w+)+", str(name))
            )
