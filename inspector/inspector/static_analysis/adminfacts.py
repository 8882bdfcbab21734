"""Admin classes in one file and the models they are registered for."""

from __future__ import annotations

import ast
import re
from typing import Literal, NotRequired, TypedDict

from djdesk.projects.code.source import FullName, dotted, string, text_of
from djdesk.projects.redact import scrub

Option = Literal["list_display", "list_filter", "search_fields", "readonly_fields", "ordering"]
OPTIONS: tuple[Option, ...] = (
    "list_display",
    "list_filter",
    "search_fields",
    "readonly_fields",
    "ordering",
)
SITE = re.compile(r"(^|\.)(\w*site|\w*admin\w*)\.register$")

# Model, admin class and line, as the file names them.
Registration = tuple[str, str | None, int]


class AdminClass(TypedDict):
    """An admin class or inline. The lists are there only if they are written in this class."""

    line: int
    bases: list[str]
    model: str | None
    inlines: list[str]
    list_display: NotRequired[list[str]]
    list_filter: NotRequired[list[str]]
    search_fields: NotRequired[list[str]]
    readonly_fields: NotRequired[list[str]]
    ordering: NotRequired[list[str]]


def decorated(full: FullName, item: ast.expr, own: str, line: int) -> list[Registration]:
    """Each model in a decorator of the class ``own``."""
    if not isinstance(item, ast.Call) or not full(item.func).endswith("admin.register"):
        return []
    return [(full(one) or string(one) or text_of(one)[:200], own, line) for one in item.args]


def registered(full: FullName, call: ast.Call) -> list[Registration]:
    """The same for ``admin.site.register(models, admin)``; [] for any other call of that name."""
    if not SITE.search(full(call.func)):
        return []
    models = call.args[0]
    admin = call.args[1] if len(call.args) > 1 else None
    values = models.elts if isinstance(models, ast.List | ast.Tuple) else [models]
    return [
        (full(value) or text_of(value)[:200], full(admin) if admin else None, call.lineno)
        for value in values
    ]


def options(full: FullName, node: ast.ClassDef, bases: list[str]) -> AdminClass:
    """An admin class, as far as it is written as literals."""
    row: AdminClass = {"line": node.lineno, "bases": bases, "model": None, "inlines": []}
    for item in node.body:
        if not (isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)):
            continue
        name, value = item.targets[0].id, item.value
        elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
        if option := next((one for one in OPTIONS if one == name), None):
            row[option] = [_entry(one) for one in elements]
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
