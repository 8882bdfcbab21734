"""The window shows what the Python side says of a failed start: in German, too."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "electron/locale/de/backend.js"
KEY = re.compile(r"^  '((?:[^'\\]|\\.)*)': '", re.MULTILINE)
FIELD = re.compile(r"\{\w*\}")


def shape(node: ast.expr) -> str | None:
    """A text with ``{}`` for each value; None for what is not written as one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
        return FIELD.sub("{}", shape(node.args[0]) or "")
    return None


def nodes(pattern: str = "**/*.py"):
    for file in sorted((ROOT / "src/djdesk").glob(pattern)):
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def calls(name: str, pattern: str = "**/*.py"):
    return [
        n for n in nodes(pattern) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == name
    ]


def later_hints():
    """What is assigned to ``failure.hint`` when more is known."""
    for node in nodes():
        hint = isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") == "hint"
        if hint and not isinstance(node.value, ast.Name):
            yield shape(node.value)


@pytest.fixture(scope="module")
def translated():
    return {FIELD.sub("{}", key) for key in KEY.findall(CATALOGUE.read_text(encoding="utf-8"))}


def test_every_failure_has_its_reason_and_its_hint_there(translated):
    failures = [tuple(shape(arg) for arg in call.args[1:3]) for call in calls("LaunchFailure")]
    assert len(failures) > 12
    hints = list(later_hints())
    assert len(hints) >= 3
    said = [*(text for pair in failures for text in pair), *hints]
    assert [text for text in said if text not in translated] == []


def test_what_takes_long_is_said_there(translated):
    said = [call.args[0] for call in calls("tell", "desktop/data_startup.py")]
    # The reason of a failure is in the catalogue as such.
    told = [shape(arg) for arg in said if getattr(arg, "attr", "") != "reason"]
    assert len(told) >= 4
    assert [text for text in told if text not in translated] == []


def test_nothing_is_translated_that_no_one_says(translated):
    texts = (ast.Constant, ast.JoinedStr, ast.Call)
    source = {shape(node) for node in nodes() if isinstance(node, texts)}
    assert translated - source == set()
