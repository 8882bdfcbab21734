"""A new section is complete everywhere: files generated from its definition are up to date."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

import pytest
from schema import SCHEMA

from inspector.engine import stages
from inspector.facts import shape
from scripts import snapshot as made

NAMES = {*stages.STATIC, *stages.LIVE}
SECTIONS = SCHEMA["properties"]["sections"]["properties"]
DEFS = SCHEMA["$defs"]


def test_the_schema_and_the_tables_are_as_the_classes_say():
    assert made.stale() == [], "python -m scripts.snapshot write"


def test_a_changed_class_is_seen_as_stale(monkeypatch):
    class Git(TypedDict):
        branch: Annotated[str, "the branch"]
        tag: NotRequired[Annotated[list[str], "tags"]]

    told = made.definition(Git)
    assert told["required"] == ["branch"]
    assert told["properties"]["tag"]["items"] == {"type": "string"}
    monkeypatch.setitem(made.KINDS, "Git", Git)
    assert [file.name for file in made.stale()] == ["snapshot.md"]


def test_a_field_without_a_description_is_refused():
    class Row(TypedDict):
        name: str

    with pytest.raises(TypeError, match="no description"):
        made.definition(Row)


def test_each_section_has_a_table_of_its_own():
    text = made.DOCUMENT.read_text("utf-8")
    assert {match[3] for match in made.BLOCK.finditer(text) if match[2] == "section"} == NAMES


def test_each_section_is_in_the_schema_which_knows_no_other():
    assert set(SECTIONS) == NAMES


@pytest.mark.parametrize("name", sorted({*NAMES, *stages.ASKED}))
def test_each_section_has_a_shape_that_refuses_what_is_none(name):
    for wrong in (None, [], "text", {}):
        assert shape.fault(name, wrong)


def test_rows_and_rows_in_rows_are_held_against_the_schema():
    model, field = DEFS["Model"], DEFS["Field"]
    lists = {key: [] for key in model["required"] if model["properties"][key].get("items")}
    row = dict.fromkeys(model["required"]) | lists
    rows = {"models": [row], "abstract": [], "errors": []}
    assert shape.fault("models", rows) is None
    row["fields"] = [dict.fromkeys(field["required"])]
    assert shape.fault("models", rows) is None
    row["fields"] = [{"name": "id", "type": "AutoField"}]
    assert "missing in fields" in str(shape.fault("models", rows))
    assert shape.fault("models", {**rows, "models": {}}) == "models is no list"
    assert shape.fault("models", {**rows, "models": [{**row, "fields": "many"}]})
    message = dict.fromkeys(DEFS["Message"]["required"])
    checks = dict.fromkeys(DEFS["Checks"]["required"])
    checks |= {"failed": [], "silenced": [], "slow": []}
    for level, told in [("error", True), ("loud", False), ([], False), ({}, False), (3, False)]:
        wrong = shape.fault("checks", {**checks, "messages": [{**message, "level": level}]})
        assert (wrong is None) == told, (level, wrong)
    assert shape.fault("sql", dict.fromkeys(shape.SQL["required"]) | {"lines": [1]})
