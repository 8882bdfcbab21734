"""Folders that a launcher such as manage.py adds to ``sys.path``, as far as its source shows."""

from __future__ import annotations

import ast
from pathlib import Path

from djdesk.projects.code.source import dotted
from djdesk.projects.reading import Unreadable, parse_python, read_text

METHODS = {"sys.path.append", "sys.path.insert"}


def added_folders(file: Path) -> list[Path]:
    """``sys.path.append(str(BASE / "shop"))``: the strings in it, joined to the file's folder or
    its parent; only folders that exist."""
    text = read_text(file)
    if text is None or "sys.path" not in text:
        return []
    try:
        tree = parse_python(text)
    except (SyntaxError, Unreadable):
        return []
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or dotted(node.func) not in METHODS:
            continue
        parts = [
            one.value
            for argument in node.args
            for one in ast.walk(argument)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if not parts or any(Path(part).is_absolute() or ".." in part for part in parts):
            continue
        for start in (file.parent, file.parent.parent):
            if (folder := start.joinpath(*parts)).is_dir():
                found.append(folder)
                break
    return found
