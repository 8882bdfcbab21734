"""A new section is not forgotten anywhere: its shape is checked, and it is described."""

from __future__ import annotations

import json

from schema import FILE

from inspector import stages
from inspector.facts import shape

NAMES = {*stages.STATIC, *stages.LIVE}


def test_each_section_is_in_the_schema():
    described = json.loads(FILE.read_text("utf-8"))["properties"]["sections"]["properties"]
    assert sorted(NAMES - set(described)) == []


def test_each_section_has_a_shape():
    # "runtime" is shown as it is, whatever it has.
    assert sorted(NAMES - set(shape.ROWS) - {"runtime"}) == []


def test_each_section_has_a_row_in_the_document():
    rows = (FILE.parent / "snapshot.md").read_text("utf-8")
    assert [name for name in sorted(NAMES) if f"\n| `{name}` |" not in rows] == []
