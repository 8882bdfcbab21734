"""Whether a section has the shape that pages and summaries rely on.

The live child runs the project's code, which could send lines of its own: what does not have the
documented shape is turned into a failed section before anybody reads it. The shape is the one of
``snapshot.schema.json``: its keys and lists, the rows in them with theirs, and the words that a key
may have. Types of single values are not looked at: that would take as long as reading the source.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("snapshot.schema.json")
# What the engine itself puts into a section after the child has sent it.
ADDED = {"runtime": {"repairs", "attempts", "safety", "safety_notes"}}
# Not part of a snapshot: the answer to a question about one migration.
SQL = {
    "type": "object",
    "required": ["state", "lines", "driver", "why", "tables"],
    "properties": {"lines": {"type": "array", "items": {"type": "string"}}},
}
Schema = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """``kind``: object, array, map (an object with rows under any name) or text. ``inner``: what
    has a shape within it; of an array or a map that is the row, under "".
    """

    kind: str
    required: frozenset[str] = frozenset()
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    inner: dict[str, Shape] = field(default_factory=dict)
    may_be_none: bool = False


def fault(name: str, data: Any) -> str | None:
    """What is wrong with a section's data, or None."""
    shape = _shapes().get(name)
    return None if shape is None else _fault(data, shape, "it")


def _fault(value: Any, shape: Shape, place: str) -> str | None:
    if value is None and shape.may_be_none:
        return None
    if shape.kind == "text":
        return None if isinstance(value, str) else f"{place} is no text"
    if shape.kind == "array":
        if not isinstance(value, list):
            return f"{place} is no list"
        return _rows(value, shape, place)
    if not isinstance(value, dict):
        return f"{place} is not an object"
    if shape.kind == "map":
        return _rows(value.values(), shape, place)
    if not shape.required <= value.keys():
        missing = ", ".join(sorted(shape.required - value.keys()))
        return f"{missing} is missing in {place}"
    for key, words in shape.words.items():
        word = value.get(key)
        # A list has no hash: the child may send anything.
        if word is not None and not (isinstance(word, str) and word in words):
            return f"{key} has a word in {place} that is unknown"
    for key, inner in shape.inner.items():
        if key in value and (found := _fault(value[key], inner, key)):
            return found
    return None


def _rows(rows: Iterable[Any], shape: Shape, place: str) -> str | None:
    inner = shape.inner.get("")
    if inner is None:
        return None
    return next((found for row in rows if (found := _fault(row, inner, place))), None)


@functools.cache
def schema() -> Schema:
    """The JSON Schema of a snapshot."""
    found: Schema = json.loads(FILE.read_text("utf-8"))
    return found


@functools.cache
def _shapes() -> dict[str, Shape]:
    found = {}
    sections = schema()["properties"]["sections"]["properties"]
    for name, section in {**sections, "sql": {"properties": {"data": SQL}}}.items():
        if shape := _shape(section["properties"]["data"]):
            required = shape.required - ADDED.get(name, set())
            found[name] = Shape(shape.kind, required, shape.words, shape.inner)
    return found


def _shape(part: Schema) -> Shape | None:
    """None for what is a single value."""
    if "$ref" in part:
        return _shape(schema()["$defs"][part["$ref"].rpartition("/")[2]])
    if "anyOf" in part:
        found = [one for one in map(_shape, part["anyOf"]) if one is not None]
        if len(found) != 1 or found[0].kind == "text":
            return None
        (one,) = found
        empty = {"type": "null"} in part["anyOf"]
        return Shape(one.kind, one.required, one.words, one.inner, may_be_none=empty)
    if part.get("type") == "string":
        return Shape("text")
    if part.get("type") == "array":
        return Shape("array", inner=_row(part.get("items", {})))
    if part.get("type") != "object":
        return None
    rows: object = part.get("additionalProperties")
    if isinstance(rows, dict) and "properties" not in part:
        return Shape("map", inner=_row(rows))
    properties: dict[str, Schema] = part.get("properties", {})
    inner = {key: inside for key, two in properties.items() if (inside := _shape(two))}
    return Shape(
        "object",
        frozenset(part.get("required", ())),
        {key: frozenset(two["enum"]) for key, two in properties.items() if "enum" in two},
        {key: one for key, one in inner.items() if one.kind != "text"},
    )


def _row(part: Schema) -> dict[str, Shape]:
    row = _shape(part)
    return {"": row} if row else {}
