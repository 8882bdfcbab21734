"""Admin classes in one file and the models they are registered for."""

from __future__ import annotations

import ast
import re
from typing import Any

from djdesk.projects.code.source import FullName, dotted, string, text_of
from djdesk.projects.redact import scrub

OPTIONS = ("list_display", "list_filter", "search_fields", "readonly_fields", "ordering")
SITE = re.compile(r"(^|\.)(\w*site|\w*admin\w*)\.register$")


def decorated(full: FullName, item: ast.expr, own: str, line: int) -> list[list[Any]]:
    """``[model, admin, line]`` for each model in a decorator of the class ``own``."""
    if not isinstance(item, ast.Call) or not full(item.func).endswith("admin.register"):
        return []
    return [[full(argument) or string(argument), own, line] for argument in item.args]


def registered(full: FullName, call: ast.Call) -> list[list[Any]]:
    """The same for ``admin.site.register(models, admin)``; [] for any other call of that name."""
    if not SITE.search(full(call.func)):
        return []
    models = call.args[0]
    admin = call.args[1] if len(call.args) > 1 else None
    values = models.elts if isinstance(models, ast.List | ast.Tuple) else [models]
    return [
        [full(value) or text_of(value)[:200], full(admin) if admin else None, call.lineno]
        for value in values
    ]


def options(full: FullName, node: ast.ClassDef, bases: list[str]) -> dict[str, Any]:
    """An admin class: ``bases`` and, where written as literals, `OPTIONS`,
    ``inlines`` and ``model``.
    """
    row: dict[str, Any] = {"line": node.lineno, "bases": bases, "model": None, "inlines": []}
    for item in node.body:
        if not (isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)):
            continue
        name, value = item.targets[0].id, item.value
        elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
        if name in OPTIONS:
            row[name] = [_entry(one) for one in elements]
        elif name == "inlines":
            row["inlines"] = [full(one) for one in elements if dotted(one)]
        elif name == "model":
            row["model"] = full(value)
    return row


def _entry(node: ast.expr) -> str:
    if isinstance(node, ast.Tuple) and node.elts:
        node = node.elts[0]
    text = string(node)
    return (
        scrub(text) if text is not None else (dotted(node) or text_of(node)[:80]).rpartition(".")[2]
    )
