"""Names of the positional arguments of Django's migration operations."""

from __future__ import annotations

import ast

from djdesk.projects.code.source import dotted

# Only arguments that the snapshot uses.
ARGUMENTS = {
    "CreateModel": ("name", "fields", "options", "bases"),
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
    "SeparateDatabaseAndState": ("database_operations", "state_operations"),
    "RunPython": ("code", "reverse_code"),
    "RunSQL": ("sql", "reverse_sql"),
}


def kind_of(call: ast.Call) -> str:
    """The class of an operation, or "?"."""
    return (dotted(call.func) or "?").rpartition(".")[2]


def given(call: ast.Call) -> dict[str, ast.expr]:
    """The arguments of an operation by name, positional ones included."""
    names = ARGUMENTS.get(kind_of(call), ())
    positional = dict(zip(names, call.args, strict=False))
    return positional | {item.arg: item.value for item in call.keywords if item.arg}
