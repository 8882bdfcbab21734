"""The operations of a migration file as data, to replay them without a database."""

from __future__ import annotations

import ast
from typing import Literal, NotRequired, TypedDict

from djdesk.projects.code.source import Module, dotted, string
from inspector.static_analysis.operationargs import ARGUMENTS, given, kind_of

# Operations that change no field and no model; any other unknown operation stops the replay.
NEUTRAL = {
    "RunPython",
    "RunSQL",
    "AlterModelOptions",
    "AlterModelManagers",
    "AlterModelTable",
    "AlterModelTableComment",
    "AlterUniqueTogether",
    "AlterIndexTogether",
    "AlterOrderWithRespectTo",
    "AddIndex",
    "AddIndexConcurrently",
    "RemoveIndex",
    "RemoveIndexConcurrently",
    "RenameIndex",
    "AddConstraint",
    "AddConstraintNotValid",
    "ValidateConstraint",
    "AlterConstraint",
    "RemoveConstraint",
    "CreateExtension",
    "CreateCollation",
    "RemoveCollation",
    "TrigramExtension",
    "UnaccentExtension",
    "CITextExtension",
    "HStoreExtension",
    "BtreeGinExtension",
    "BtreeGistExtension",
    "CryptoExtension",
    "BloomExtension",
}
REPLAYED = {
    "CreateModel",
    "DeleteModel",
    "RenameModel",
    "AddField",
    "AlterField",
    "RemoveField",
    "RenameField",
}


class FieldState(TypedDict):
    """What a migration says about a field. "?": it is not a literal; None: it is not given.

    ``to``: the target of a relation: a label, a model of the same app, or
    `__setting__.AUTH_USER_MODEL`.
    """

    type: str
    null: object
    unique: object
    max_length: object
    to: NotRequired[str | None]


class Op(TypedDict):
    """An operation, with the arguments that it has. ``unknown``: the replay stops at it."""

    op: str
    line: int | None
    unknown: NotRequired[bool]
    name: NotRequired[str]
    model_name: NotRequired[str]
    old_name: NotRequired[str]
    new_name: NotRequired[str]
    field: NotRequired[FieldState | None]
    # Of CreateModel. ``complete``: all its fields could be read.
    fields: NotRequired[list[tuple[str, FieldState | None]]]
    complete: NotRequired[bool]
    bare: NotRequired[bool]  # a proxy, or unmanaged: it has no table


NAMES: tuple[Literal["name", "model_name", "old_name", "new_name"], ...] = (
    "name",
    "model_name",
    "old_name",
    "new_name",
)


def read(module: Module, node: ast.expr) -> list[Op]:
    """Operations of a list expression. Unknown ones appear as ``{"op": name, "unknown": true}``."""
    found: list[Op] = []
    for item in _elements(module, node):
        if isinstance(item, ast.Call):
            found += _one(module, item)
        else:
            found.append({"op": "?", "unknown": True, "line": getattr(item, "lineno", None)})
    return found


def _elements(module: Module, node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return _elements(module, left) + _elements(module, right)
        case ast.Name(id=name) if name in module.assigned:
            return _elements(module, module.assigned[name])
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            found: list[ast.expr] = []
            for element in elements:
                if isinstance(element, ast.Starred):
                    found += _elements(module, element.value)
                else:
                    found.append(element)
            return found
    return [node]


def _one(module: Module, call: ast.Call) -> list[Op]:
    kind, values = kind_of(call), given(call)
    if kind == "SeparateDatabaseAndState":
        state = values.get("state_operations")
        return read(module, state) if state is not None else []
    if kind in NEUTRAL:
        if kind in {"RunPython", "RunSQL"} and (state := values.get("state_operations")):
            return read(module, state)
        return []
    op: Op = {"op": kind, "line": call.lineno}
    if kind not in REPLAYED:
        return [{**op, "unknown": True}]
    for key in NAMES:
        if key in ARGUMENTS[kind]:
            text = string(values.get(key))
            if text is None:
                return [{**op, "unknown": True}]
            op[key] = text
    if kind == "CreateModel":
        op["fields"], op["complete"] = _fields(module, values.get("fields"))
        if _bare(values.get("options")):
            op["bare"] = True
    elif "field" in ARGUMENTS[kind]:
        op["field"] = field(module, values.get("field"))
    return [op]


def _bare(options: ast.expr | None) -> bool:
    return isinstance(options, ast.Dict) and any(
        isinstance(value, ast.Constant)
        and (string(key), value.value) in {("managed", False), ("proxy", True)}
        for key, value in zip(options.keys, options.values, strict=True)
    )


def _fields(
    module: Module, node: ast.expr | None
) -> tuple[list[tuple[str, FieldState | None]], bool]:
    """The fields of a new model, and whether all of them could be read."""
    fields: list[tuple[str, FieldState | None]] = []
    known = True
    for item in _elements(module, node) if node is not None else []:
        if isinstance(item, ast.Tuple) and len(item.elts) == 2 and (name := string(item.elts[0])):
            fields.append((name, field(module, item.elts[1])))
        else:
            known = False
    return fields, known


def field(module: Module, node: ast.expr | None) -> FieldState | None:
    """Attributes of a field that a migration can be compared by; None if they are not literal."""
    if not isinstance(node, ast.Call):
        return None
    name = dotted(node.func) or ""
    # An import may rename it.
    name = module.imports.get(name, name).rpartition(".")[2]
    keywords = {item.arg: item.value for item in node.keywords if item.arg}
    row: FieldState = {
        "type": name,
        "null": _given(keywords.get("null")),
        "unique": _given(keywords.get("unique")),
        "max_length": _given(keywords.get("max_length")),
    }
    to = keywords.get("to") or (node.args[0] if node.args and name in RELATIONS else None)
    if to is not None and name in RELATIONS:
        row["to"] = string(to) or _setting(to)
    return row


def _given(value: ast.expr | None) -> object:
    return value.value if isinstance(value, ast.Constant) else ("?" if value else None)


RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def _setting(node: ast.expr) -> str | None:
    name = dotted(node) or ""
    return f"__setting__.{name.rpartition('.')[2]}" if name.startswith("settings.") else None
