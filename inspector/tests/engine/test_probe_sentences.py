"""The probe's sentences are literals in files of its own; each has a template."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from inspector.probe import probe_path, sentences

# What the inspector uses beside, and the templates themselves.
OURS = {"sentences.py"}
TREES = [
    ast.parse(file.read_text("utf-8"))
    for file in sorted(Path(probe_path()).rglob("*.py"))
    if file.name not in OURS
]
FILLED = re.compile(r"%[sdrg]|\{\w+\}")
# Said to databases and to Python, or part of what they say; comments in SQL are part of the SQL.
# A pattern begins with ^.
NOT_FOR_PEOPLE = re.compile(
    r"^\^|^-- |SELECT |SET |PRAGMA |-----BEGIN|PRIVATE KEY|authentication\||startup parameter"
    r"|Temporary failure in name resolution|CREATE |BEGIN|START "
)


def shape(text: str) -> str:
    return FILLED.sub("*", text)


def literals() -> set[str]:
    """Texts of three words or more that are no documentation."""
    nodes = [node for tree in TREES for node in ast.walk(tree)]
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


def test_each_sentence_of_the_probe_has_a_template():
    known = [re.compile(_pattern(one), re.DOTALL) for one in sentences.SENTENCES]
    assert len(literals()) > 15
    missing = [text for text in literals() if not any(one.match(shape(text)) for one in known)]
    assert missing == []


@pytest.mark.parametrize("template", sentences.SENTENCES)
def test_each_template_is_said_by_the_probe(template):
    # The command of "replaces the command" is a parameter in one place and written in another.
    pattern = re.compile(_pattern(template), re.DOTALL)
    said = {n.value for tree in TREES for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert any(isinstance(one, str) and pattern.match(shape(one)) for one in said)


def _pattern(template: str) -> str:
    """A shape fits the template as far as it goes: what follows it may be put on later."""
    parts = [re.escape(part) for part in re.split(r"\{\w+\}", template)]
    *rest, last = parts
    return "^" + ".+?".join([*rest, last]) + "$" if last else "^" + ".+?".join(rest) + ".*$"
