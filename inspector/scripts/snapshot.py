"""``python -m scripts.snapshot write|check``: the schema and the tables of docs/snapshot.md.

Both are made of the classes in inspector/sections. JSON Schema generators such as those of
pydantic and msgspec want descriptions in classes of their own, which the app would then have to
carry, and make no tables.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from inspector.sections import common
from inspector.sections.scan import Sections, Snapshot

INSPECTOR = Path(__file__).resolve().parents[1]
SCHEMA = INSPECTOR / "inspector" / "facts" / "snapshot.schema.json"
DOCUMENT = INSPECTOR / "docs" / "snapshot.md"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
WORDS = {str: "text", int: "number", float: "number", bool: "true or false", type(None): "`null`"}
BLOCK = re.compile(r"(<!-- (sections|section|rows) ?([\w ]*) -->\n).*?(<!-- end -->)", re.DOTALL)
Json = dict[str, Any]


def plain(hint: Any) -> Any:
    """The type without its description."""
    while get_origin(hint) in (Annotated, NotRequired):
        hint = get_args(hint)[0]
    return hint


def description(hint: Any) -> str:
    """The last text of `Annotated`: that of a field is behind that of its type."""
    if get_origin(hint) is NotRequired:
        return description(get_args(hint)[0])
    texts = [one for one in get_args(hint)[1:] if isinstance(one, str)]
    if get_origin(hint) is not Annotated or not texts:
        raise TypeError(f"{hint} has no description")
    return texts[-1]


def fields(kind: Any) -> dict[str, Any]:
    """The fields of a class, its own before those of its bases."""
    hints = get_type_hints(kind, include_extras=True)
    bases = [get_origin(one) or one for one in getattr(kind, "__orig_bases__", ())]
    given = {name for base in bases if is_typeddict(base) for name in get_type_hints(base)}
    return dict(sorted(hints.items(), key=lambda pair: pair[0] in given))


def required(kind: Any) -> list[str]:
    """The keys that are never absent; where annotations are text, Python's own list is wrong."""
    hints = fields(kind).items()
    return [
        name
        for name, hint in hints
        if name in kind.__required_keys__ and get_origin(hint) is not NotRequired
    ]


def inner(hint: Any) -> Iterator[Any]:
    """The classes within a type, each before those within it; may repeat."""
    hint = plain(hint)
    if is_typeddict(hint):
        yield hint
        for one in fields(hint).values():
            yield from inner(one)
    elif get_origin(hint) is not Literal:
        for one in get_args(hint):
            yield from inner(one)


def schema_of(hint: Any) -> Json:
    """The schema of a type; a class is a reference to its definition."""
    hint = plain(hint)
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(hint, TypeVar):
        return {}
    if is_typeddict(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin is Literal:
        return {"const": args[0]} if len(args) == 1 else {"enum": list(args)}
    if origin is list:
        return {"type": "array", "items": schema_of(args[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(args[1])}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(one) for one in args]}
    return {"type": PLAIN[hint]}


def definition(kind: Any) -> Json:
    """The schema of a class."""
    described = {
        name: {**schema_of(hint), "description": description(hint)}
        for name, hint in fields(kind).items()
    }
    needed = required(kind)
    text = " ".join((kind.__doc__ or "").split())
    return {
        "type": "object",
        **({"description": text} if text and "dict(" not in text else {}),
        **({"required": needed} if needed else {}),
        "properties": described,
    }


def section_of(hint: Any) -> Json:
    (data,) = get_args(plain(hint))
    found = definition(common.Section)
    found["properties"]["data"] = schema_of(data)
    one_of = [{"required": ["data"]}, {"required": ["error"]}]
    return {**found, "description": description(hint), "oneOf": one_of}


def schema() -> Json:
    """The JSON Schema of a snapshot."""
    sections = fields(Sections)
    parts = [one for one in fields(Snapshot).values() if plain(one) is not Sections]
    parts += [get_args(plain(one))[0] for one in sections.values()]
    kinds = {kind.__name__: kind for part in (*parts, common.Error) for kind in inner(part)}
    whole = definition(Snapshot)
    whole["properties"]["sections"] = {
        "type": "object",
        "properties": {name: section_of(hint) for name, hint in sections.items()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "DJDesk snapshot",
        **whole,
        "$defs": {name: definition(kind) for name, kind in sorted(kinds.items())},
    }


def type_text(hint: Any) -> str:
    """A type in words, for the tables."""
    hint = plain(hint)
    origin, args = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        return str(hint.__name__)
    if origin is Literal:
        return ", ".join(f"`{json.dumps(one)}`" for one in args)
    if origin is list:
        return f"list of {type_text(args[0])}"
    if origin is dict:
        return f"{type_text(args[1])} by name"
    if origin in (Union, UnionType):
        return " or ".join(type_text(one) for one in args)
    return WORDS[hint]


def table(kind: Any) -> str:
    """A class as a table of its fields."""
    lines = ["| key | type | meaning |", "| --- | --- | --- |"]
    needed = required(kind)
    for name, hint in fields(kind).items():
        key = f"`{name}`" + ("" if name in needed else "?")
        lines.append(f"| {key} | {type_text(hint)} | {description(hint)} |")
    return "\n".join(lines)


def rows(kind: Any) -> str:
    text = " ".join((kind.__doc__ or "").split())
    return f"{fill(f'**{kind.__name__}**: {text}', 120)}\n\n{table(kind)}"


def document(text: str) -> str:
    """``text`` with its tables made anew: between ``<!-- section NAME -->``,
    ``<!-- rows CLASS -->`` or ``<!-- sections -->`` and ``<!-- end -->``. A class has one table,
    where it comes first.
    """
    shown = {kind for kind in vars(common).values() if is_typeddict(kind)}

    def made(match: re.Match[str]) -> str:
        start, what, named, end = match.groups()
        if what == "sections":
            body = sections_table()
        elif what == "rows":
            body = "\n\n".join(rows(KINDS[name]) for name in named.split())
        else:
            (data,) = get_args(plain(fields(Sections)[named]))
            others = [one for one in dict.fromkeys(inner(data)) if one not in {data, *shown}]
            shown.update(others)
            body = "\n\n".join([table(data), *map(rows, others)])
        return f"{start}\n{body}\n\n{end}"

    return BLOCK.sub(made, text)


KINDS = {
    kind.__name__: kind
    for part in (common.Error, common.Disagreement, common.Problem, Snapshot)
    for kind in inner(part)
}


def sections_table() -> str:
    lines = ["| section | static | live | in one sentence |", "| --- | --- | --- | --- |"]
    for name, hint in fields(Sections).items():
        halves = get_args(hint)[1]
        told = ["yes" if half in halves else "no" for half in ("static", "live")]
        lines.append(f"| `{name}` | {' | '.join(told)} | {description(hint)} |")
    return "\n".join(lines)


def made() -> dict[Path, str]:
    """What the files should hold."""
    return {
        SCHEMA: json.dumps(schema(), indent=1, ensure_ascii=False) + "\n",
        DOCUMENT: document(DOCUMENT.read_text("utf-8")),
    }


def stale() -> list[Path]:
    """The files that are not as the classes say."""
    return [file for file, text in made().items() if file.read_text("utf-8") != text]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.snapshot", description=__doc__)
    parser.add_argument("action", choices=("write", "check"))
    if parser.parse_args().action == "write":
        for file, text in made().items():
            file.write_text(text, "utf-8")
        return 0
    for file in (old := stale()):
        print(f"{file.relative_to(INSPECTOR)} is stale: python -m scripts.snapshot write")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
