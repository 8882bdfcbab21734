"""A new section is not forgotten anywhere: it has a shape, and the document names all its keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from schema import SCHEMA

from inspector.engine import stages
from inspector.facts import shape

NAMES = {*stages.STATIC, *stages.LIVE}
SECTIONS = SCHEMA["properties"]["sections"]["properties"]
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "snapshot.md"


def test_each_section_is_in_the_schema_which_knows_no_other():
    assert set(SECTIONS) == NAMES


@pytest.mark.parametrize("name", sorted({*NAMES, *stages.ASKED}))
def test_each_section_has_a_shape_that_refuses_what_is_none(name):
    for wrong in (None, [], "text", {}):
        assert shape.fault(name, wrong)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_document_has_a_row_for_each_section_and_names_its_keys(name):
    text = DOCUMENT.read_text("utf-8")
    assert f"\n| `{name}` |" in text and "`disagreements`" in text  # any section may have these
    (part,) = [one for one in text.split("\n## ") if re.match(rf"{name}\b", one)]
    keys = SECTIONS[name]["properties"]["data"]["properties"].keys() - {"disagreements"}
    assert [key for key in keys if not re.search(rf"[`\"]{key}\??[`\"]", part)] == []


def test_rows_and_rows_in_rows_are_held_against_the_schema():
    model, field = SCHEMA["$defs"]["model"], SCHEMA["$defs"]["field"]
    lists = {key: [] for key, one in model["properties"].items() if one.get("type") == "array"}
    row = dict.fromkeys(model["required"]) | lists
    rows = {"models": [row], "abstract": [], "errors": []}
    assert shape.fault("models", rows) is None
    row["fields"] = [dict.fromkeys(field["required"])]
    assert shape.fault("models", rows) is None
    row["fields"] = [{"name": "id", "type": "AutoField"}]
    assert "missing in fields" in str(shape.fault("models", rows))
    assert shape.fault("models", {**rows, "models": {}}) == "models is no list"
    assert shape.fault("models", {**rows, "models": [{**row, "fields": "many"}]})
    message = dict.fromkeys(SCHEMA["$defs"]["message"]["required"])
    checks = dict.fromkeys(SECTIONS["checks"]["properties"]["data"]["required"])
    checks |= {"failed": [], "silenced": [], "slow": []}
    for level, told in [("error", True), ("loud", False), ([], False), ({}, False), (3, False)]:
        wrong = shape.fault("checks", {**checks, "messages": [{**message, "level": level}]})
        assert (wrong is None) == told, (level, wrong)
    assert shape.fault("sql", dict.fromkeys(shape.SQL["required"]) | {"lines": [1]})
