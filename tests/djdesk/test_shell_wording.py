"""The window shows what the Python side says of a failed start: in German, too."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
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
    return None


def calls(*names: str):
    for file in sorted((ROOT / "src/djdesk").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield node


@pytest.fixture(scope="module")
def translated():
    return {FIELD.sub("{}", key) for key in KEY.findall(CATALOGUE.read_text(encoding="utf-8"))}


def test_every_failure_has_its_reason_and_its_hint_there(translated):
    failures = [tuple(shape(arg) for arg in call.args[1:3]) for call in calls("LaunchFailure")]
    assert len(failures) > 12
    assert [text for pair in failures for text in pair if text not in translated] == []


def test_what_takes_long_is_said_there(translated):
    told = [shape(call.args[0]) for call in calls("tell")]
    assert len(told) >= 4
    assert [text for text in told if text not in translated] == []


def test_nothing_is_translated_that_no_one_says(translated):
    source = {
        shape(node)
        for file in (ROOT / "src/djdesk").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant | ast.JoinedStr)
    }
    assert translated - source == set()
