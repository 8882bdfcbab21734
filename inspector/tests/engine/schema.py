"""The subset of JSON Schema that snapshot.schema.json uses, to validate snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.facts import shape

SCHEMA = shape.schema()
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
KNOWN = {
    "$schema", "title", "description", "$defs", "$ref", "type", "enum", "const", "anyOf", "oneOf",
    "required", "properties", "additionalProperties", "items",
}  # fmt: skip


def unknown(value: Any, schema: Any = SCHEMA, path: str = "$") -> Iterator[str]:
    """Every key that the schema does not describe."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return (yield from unknown(value, schema["anyOf"][0], path))
    if isinstance(value, dict):
        for key, inner in value.items():
            known = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
            if known is None:
                yield f"{path}.{key}"
            else:
                yield from unknown(inner, known, f"{path}.{key}")
    if isinstance(value, list):
        for inner in value:
            yield from unknown(inner, schema.get("items", {}), f"{path}[]")


def faults(value: Any, schema: Any = SCHEMA, path: str = "$") -> Iterator[str]:
    """Every place that violates the schema."""
    if schema is True:
        return
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from faults(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], path)
    if kind := schema.get("type"):
        right = isinstance(value, TYPES[kind])
        if not right or (kind in {"integer", "number"} and isinstance(value, bool)):
            yield f"{path}: {value!r:.80} is not of type {kind}"
            return
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r:.80} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r:.80} is none of {schema['enum']}"
    if "anyOf" in schema:
        tries = [list(faults(value, one, path)) for one in schema["anyOf"]]
        if all(tries):
            yield min(tries, key=len)[0] if isinstance(value, dict | list) else tries[0][0]
    if (
        "oneOf" in schema
        and sum(not list(faults(value, one, path)) for one in schema["oneOf"]) != 1
    ):
        yield f"{path}: not exactly one of {schema['oneOf']}"
    if isinstance(value, dict):
        for key in schema.get("required", []):
            if key not in value:
                yield f"{path}: {key} is missing"
        for key, inner in value.items():
            known = schema.get("properties", {}).get(key)
            if known is None:
                known = schema.get("additionalProperties", True)
            yield from faults(inner, known, f"{path}.{key}")
    if isinstance(value, list) and "items" in schema:
        for index, inner in enumerate(value):
            yield from faults(inner, schema["items"], f"{path}[{index}]")
