"""The probe's texts for users are messages made by `say`, in the project's own Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from inspector.probe import probe_path

TREES = [ast.parse(file.read_text("utf-8")) for file in sorted(Path(probe_path()).rglob("*.py"))]
# Sent to databases or Python, or part of their output; comments in SQL are part of the SQL. A
# pattern begins with ^. The system puts an error number before the text of an OSError.
NOT_FOR_PEOPLE = re.compile(
    r"^\^|^-- |SELECT |SET |PRAGMA |-----BEGIN|PRIVATE KEY|authentication\||startup parameter"
    r"|Temporary failure in name resolution|CREATE |BEGIN|START "
    r"|Read-only: the inspector|^commands are not run"
)


def literals(nodes: list[ast.AST]) -> set[str]:
    """Texts of three or more words that are not documentation."""
    docs = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docs
        and len(re.findall(r"\b[A-Za-z]{2,}\b", node.value)) > 2
        and " " in node.value.strip()
        and not NOT_FOR_PEOPLE.search(node.value)
    }


def test_each_sentence_of_the_probe_is_a_message():
    nodes = [node for tree in TREES for node in ast.walk(tree)]
    said = {
        call.args[0].value
        for call in nodes
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "say"
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(said) > 25
    assert literals(nodes) - said == set()
