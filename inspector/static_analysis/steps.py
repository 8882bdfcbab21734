"""What each operation of a migration does, as data for a sentence about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from inspector.redact import scrub
from inspector.static_analysis.source import Module, dotted, string, text_of

LIMIT = 300  # operations of one migration
# What the first positional arguments are called, where they name what the operation is about.
NAMES = {
    "CreateModel": ("name",),
    "DeleteModel": ("name",),
    "RenameModel": ("old_name", "new_name"),
    "AddField": ("model_name", "name", "field"),
    "AlterField": ("model_name", "name", "field"),
    "RemoveField": ("model_name", "name"),
    "RenameField": ("model_name", "old_name", "new_name"),
    "AddIndex": ("model_name", "index"),
    "AddIndexConcurrently": ("model_name", "index"),
    "RemoveIndex": ("model_name", "name"),
    "RemoveIndexConcurrently": ("model_name", "name"),
    "RenameIndex": ("model_name", "new_name", "old_name"),
    "AddConstraint": ("model_name", "constraint"),
    "AddConstraintNotValid": ("model_name", "constraint"),
    "RemoveConstraint": ("model_name", "name"),
    "ValidateConstraint": ("model_name", "name"),
    "AlterUniqueTogether": ("name", "unique_together"),
    "AlterIndexTogether": ("name", "index_together"),
    "AlterOrderWithRespectTo": ("name", "order_with_respect_to"),
    "AlterModelTable": ("name", "table"),
    "AlterModelTableComment": ("name", "table_comment"),
    "AlterModelOptions": ("name", "options"),
    "AlterModelManagers": ("name", "managers"),
    "RunPython": ("code", "reverse_code"),
    "RunSQL": ("sql", "reverse_sql"),
}
Step = dict[str, Any]


def read(module: Module, node: ast.expr) -> list[Step]:
    """``{"op", "line"}`` and, as far as they are written out, ``model``, ``name``, ``new``,
    ``type`` and ``null`` of a field, ``fields`` (a number), ``code`` or ``sql``, and ``only``:
    ``database`` or ``state`` inside a SeparateDatabaseAndState."""
    return list(_read(module, node, None))[:LIMIT]


def _read(module: Module, node: ast.expr, only: str | None) -> Iterator[Step]:
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


def _one(module: Module, call: ast.Call, only: str | None) -> Iterator[Step]:
    kind = (dotted(call.func) or "?").rpartition(".")[2]
    given: dict[str, ast.expr] = dict(zip(NAMES.get(kind, ()), call.args, strict=False))
    given |= {item.arg: item.value for item in call.keywords if item.arg}
    if kind == "SeparateDatabaseAndState":
        both = ("database_operations", "state_operations")
        given = dict(zip(both, call.args, strict=False)) | given
        for name in both:
            if name in given:
                yield from _read(module, given[name], name.partition("_")[0])
        return
    step: Step = {"op": kind, "line": call.lineno}
    if only:
        step["only"] = only
    for key, names in (
        ("model", ("model_name",)),
        ("name", ("name", "old_name")),
        ("new", ("new_name",)),
    ):
        text = next((found for one in names if (found := string(given.get(one)))), None)
        if text:
            step[key] = text[:200]
    if kind == "RunPython" and "code" in given:
        step["code"] = text_of(given["code"])[:120]
    if kind == "RunSQL" and "sql" in given:
        written = string(given["sql"]) or text_of(given["sql"])
        step["sql"] = scrub(" ".join(written.split()))[:200]
    if isinstance(field := given.get("field"), ast.Call):
        step["type"] = (dotted(field.func) or "").rpartition(".")[2]
    if isinstance(fields := given.get("fields"), ast.List | ast.Tuple) and kind == "CreateModel":
        step["fields"] = len(fields.elts)
    for one in ("index", "constraint"):
        if isinstance(inner := given.get(one), ast.Call):
            words = {item.arg: item.value for item in inner.keywords if item.arg}
            if called := string(words.get("name")):
                step["name"] = called[:200]
            step["type"] = (dotted(inner.func) or "").rpartition(".")[2]
    yield step
