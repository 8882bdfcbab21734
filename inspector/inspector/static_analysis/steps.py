"""Each operation of a migration as data, from which sentences are made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from djdesk.projects.code.source import Module, dotted, string, text_of
from djdesk.projects.redact import scrub
from inspector.sections.migrations import Migration, Step
from inspector.static_analysis.operationargs import given, kind_of

LIMIT = 300  # operations per migration
TEXTS: tuple[tuple[Literal["model", "name", "new"], tuple[str, ...]], ...] = (
    ("model", ("model_name",)),
    ("name", ("name", "old_name")),
    ("new", ("new_name",)),
)
Only = Literal["database", "state"]
# What SeparateDatabaseAndState does with the operations of an argument.
HALVES: tuple[tuple[str, Only], ...] = (
    ("database_operations", "database"),
    ("state_operations", "state"),
)


def read(module: Module, node: ast.expr) -> list[Step]:
    """The operations of a list expression."""
    return list(_read(module, node, None))[:LIMIT]


def _read(module: Module, node: ast.expr, only: Only | None) -> Iterator[Step]:
    match node:
        case ast.BinOp(left=left, right=right):
            yield from _read(module, left, only)
            yield from _read(module, right, only)
        case ast.Name(id=name) if name in module.assigned:
            yield from _read(module, module.assigned[name], only)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            for one in elements:
                inner = one.value if isinstance(one, ast.Starred) else one
                yield from _read(module, inner, only)
        case ast.Call():
            yield from _one(module, node, only)


def _one(module: Module, call: ast.Call, only: Only | None) -> Iterator[Step]:
    kind, arguments = kind_of(call), given(call)
    if kind == "SeparateDatabaseAndState":
        for name, half in HALVES:
            if name in arguments:
                yield from _read(module, arguments[name], half)
        return
    step: Step = {"op": kind, "line": call.lineno}
    if only:
        step["only"] = only
    for key, names in TEXTS:
        text = next((found for one in names if (found := string(arguments.get(one)))), None)
        if text:
            step[key] = text[:200]
    if kind == "RunPython" and "code" in arguments:
        step["code"] = text_of(arguments["code"])[:120]
    if kind == "RunSQL" and "sql" in arguments:
        written = string(arguments["sql"]) or text_of(arguments["sql"])
        step["sql"] = scrub(" ".join(written.split()))[:200]
    if isinstance(field := arguments.get("field"), ast.Call):
        step["type"] = (dotted(field.func) or "").rpartition(".")[2]
    fields = arguments.get("fields") if kind == "CreateModel" else None
    if isinstance(fields, ast.List | ast.Tuple):
        step["fields"] = len(fields.elts)
    if kind == "CreateModel" and _tableless(arguments.get("options")):
        step["table"] = False
    for one in ("index", "constraint"):
        if isinstance(inner := arguments.get(one), ast.Call):
            words = {item.arg: item.value for item in inner.keywords if item.arg}
            if called := string(words.get("name")):
                step["name"] = called[:200]
            step["type"] = (dotted(inner.func) or "").rpartition(".")[2]
    yield step


def _tableless(options: ast.expr | None) -> bool:
    """Whether it is a proxy or unmanaged."""
    if not isinstance(options, ast.Dict):
        return False
    said = {
        string(key): value.value
        for key, value in zip(options.keys, options.values, strict=True)
        if key is not None and isinstance(value, ast.Constant)
    }
    return said.get("proxy") is True or said.get("managed") is False


def marked(rows: list[Migration]) -> list[Migration]:
    """Set ``table`` to false where a model without a table, or a field of one, is removed:
    no data is lost then.
    """
    bare: set[str] = set()
    real: set[str] = set()
    for row in rows:
        for step in row.get("operations", []):
            if step["op"] == "CreateModel" and "name" in step:
                (bare if step.get("table") is False else real).add(step["name"].lower())
    if not (bare := bare - real):
        return rows
    return [
        row | {"operations": [_without_table(step, bare) for step in row["operations"]]}
        if "operations" in row
        else row
        for row in rows
    ]


def _without_table(step: Step, bare: set[str]) -> Step:
    about = ""
    if step["op"] == "DeleteModel":
        about = step.get("name", "")
    elif step["op"] == "RemoveField":
        about = step.get("model", "")
    return step | {"table": False} if about.lower() in bare else step
