"""Settings that Dynaconf reads from a TOML file when no variable is set."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from djdesk.projects.code.source import Module, dotted
from djdesk.projects.code.tree import Tree
from djdesk.projects.reading import Unreadable, load_toml, read_text

FILES = ("settings.toml", "config/settings.toml")
MERGE = "dynaconf_merge"


def dynaconf(tree: Tree, module: Module) -> Iterator[tuple[str, int, ast.expr]]:
    """``(name, line of the call, value)`` of the settings in the environment ``development``."""
    call = next((one for one in ast.walk(module.tree) if _makes(tree, module, one)), None)
    if not isinstance(call, ast.Call):
        return
    tree.unsure()
    folders = dict.fromkeys([tree.base, tree.root, module.file.parent])
    for folder in folders:
        for name in FILES:
            text = read_text(folder / name)
            if text is None:
                continue
            try:
                found = load_toml(text)
            except Unreadable:
                return
            for key, value in _layers(found).items():
                node = ast.parse(repr(value), mode="eval").body
                ast.increment_lineno(node, call.lineno - 1)
                yield key, call.lineno, node
            return


def _makes(tree: Tree, module: Module, node: ast.AST) -> bool:
    name = dotted(node.func) if isinstance(node, ast.Call) else None
    return bool(name) and tree.qualify(module, name or "").endswith("dynaconf.DjangoDynaconf")


def _layers(found: dict[str, Any]) -> dict[str, Any]:
    """`[default]`, then `[development]`, then `[global]`, later ones overriding."""
    layers = [found[name] for name in ("default", "development", "global") if name in found]
    merged: dict[str, Any] = {}
    for layer in layers or [found]:
        for key, value in layer.items() if isinstance(layer, dict) else ():
            merged[key.upper()] = _merged(merged.get(key.upper()), value)
    return merged


def _merged(before: Any, value: Any) -> Any:
    if isinstance(value, list) and MERGE in value:
        added = [one for one in value if one != MERGE]
        return [*(before if isinstance(before, list) else []), *added]
    if isinstance(value, dict) and value.get(MERGE):
        own = {key: one for key, one in value.items() if key != MERGE}
        return {**(before if isinstance(before, dict) else {}), **own}
    return value
