"""The window shows the Python side's error for a failed start, also in German."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "electron/locale/de/backend.js"
KEY = re.compile(r"^  '((?:[^'\\]|\\.)*)': '", re.MULTILINE)


def template(node: ast.expr) -> str | None:
    """The id of a message; None for a name or a call, whose text is created elsewhere."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
        assert isinstance(node.args[0], ast.Constant), ast.unparse(node)
        return str(node.args[0].value)
    # Text that is not a message is never translated.
    assert not isinstance(node, ast.JoinedStr), ast.unparse(node)
    assert not (isinstance(node, ast.Constant) and node.value), ast.unparse(node)
    return None


def nodes(pattern: str = "**/*.py"):
    for file in sorted((ROOT / "src/djdesk").glob(pattern)):
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))


def calls(name: str, pattern: str = "**/*.py"):
    return [
        n for n in nodes(pattern) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == name
    ]


def later_hints():
    """Later assignments to ``failure.hint``."""
    for node in nodes():
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "attr", "") == "hint":
            yield template(node.value)


@pytest.fixture(scope="module")
def translated():
    keys = KEY.findall(CATALOGUE.read_text(encoding="utf-8"))
    return {key.replace("\\'", "'") for key in keys}


def test_every_failure_has_its_reason_and_its_hint_there(translated):
    failures = [template(arg) for call in calls("LaunchFailure") for arg in call.args[1:3]]
    found = [id for id in [*failures, *later_hints()] if id]
    assert len(found) > 50
    assert [id for id in found if id not in translated] == []


def test_what_takes_long_is_said_there(translated):
    found = [template(call.args[0]) for call in calls("tell", "desktop/data_startup.py")]
    found = [id for id in found if id]
    assert len(found) >= 4
    assert [id for id in found if id not in translated] == []


def test_nothing_is_translated_that_no_one_says(translated):
    said = {
        str(call.args[0].value)
        for name in ("say", "say_noop")
        for call in calls(name)
        if isinstance(call.args[0], ast.Constant)
    }
    assert translated - said == set()
