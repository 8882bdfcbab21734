"""Formats values as Python literals for reading: long ones get one entry per line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

WIDTH = 60  # characters on one line of a table
DEEP = 12  # nested brackets; deeper ones stay on one line
FOLDED_LINES = 8  # shown of a longer value while it is collapsed
FOLDED_CHARACTERS = 300

_PARTS = re.compile(
    r"""'(?:\\.|[^'\\])*'? | "(?:\\.|[^"\\])*"? | [\[({] | [\])}] | ,\s* | [^'"\[({\])},]+""",
    re.VERBOSE | re.DOTALL,
)
_CLOSED_BY = {"[": "]", "(": ")", "{": "}"}


@dataclass
class _Bracket:
    """``entries``: the parts between commas; each is a list of texts and brackets."""

    opened: str
    closed: str = ""
    entries: list[list[str | _Bracket]] = field(default_factory=lambda: [[]])


def laid_out(text: str) -> str:
    """``text`` with one entry per line, nested entries indented, wherever a bracket is
    longer than ``WIDTH``.

    Only white space after commas changes, so the value stays the same in Python. Text that was cut
    off or is not Python is formatted as far as its brackets match.
    """
    if len(text) <= WIDTH or "\n" in text:
        return text
    return _written(_read(text), 0)


def beginning(text: str) -> str:
    """What a formatted ``text`` shows while collapsed; all of it if it is short."""
    lines = text.split("\n")
    # Do not hide just a single line.
    if len(lines) <= FOLDED_LINES + 1 and len(text) <= FOLDED_CHARACTERS * 2:
        return text
    return "\n".join(lines[:FOLDED_LINES])[:FOLDED_CHARACTERS].rstrip() + " …"


def _read(text: str) -> list[str | _Bracket]:
    outer = _Bracket("")
    stack = [outer]
    for part in _PARTS.findall(text):
        inner = stack[-1]
        if part in _CLOSED_BY and len(stack) <= DEEP:
            bracket = _Bracket(part)
            inner.entries[-1].append(bracket)
            stack.append(bracket)
        elif len(stack) > 1 and part == _CLOSED_BY[inner.opened] and not _is_open(inner):
            inner.closed = part
            stack.pop()
        elif len(stack) > 1 and part[0] == "," and not _is_open(inner):
            inner.entries.append([])
        else:
            inner.entries[-1].append(part)
    return outer.entries[0]


def _is_open(bracket: _Bracket) -> bool:
    """Whether its last entry contains an unclosed bracket that was too deep to be parsed."""
    text = [part for part in bracket.entries[-1] if isinstance(part, str)]
    return sum(part in _CLOSED_BY for part in text) > sum(part in "])}" for part in text)


def _written(parts: list[str | _Bracket], indent: int) -> str:
    """``indent``: spaces before the line on which this begins."""
    return "".join(one if isinstance(one, str) else _bracket(one, indent) for one in parts)


def _bracket(found: _Bracket, indent: int) -> str:
    flat = _flat(found)
    if indent + len(flat) <= WIDTH or found.entries == [[]]:
        return flat
    margin = " " * (indent + 2)
    lines = [margin + _written(entry, indent + 2) for entry in found.entries if entry]
    end = "," if not found.entries[-1] else ""  # as in ``(1,)``
    closed = f"\n{' ' * indent}{found.closed}" if found.closed else ""
    return found.opened + "\n" + ",\n".join(lines) + end + closed


def _flat(found: _Bracket) -> str:
    entries = [
        "".join(one if isinstance(one, str) else _flat(one) for one in entry)
        for entry in found.entries
    ]
    end = "," if len(entries) > 1 and not entries[-1] else ""
    return found.opened + ", ".join(filter(None, entries)) + end + found.closed
