"""Finds the translatable texts of a notebook: headings, paragraphs and string
literals in its code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

HEADING = re.compile(r"(#{1,4} )(.*)")
# A literal shown to users starts with a capital or a number; column names and keys do not.
LITERAL = re.compile(r'(?<![\w"])"((?:[A-Z][a-z]|%d )[^"\\\n]*)"')
Tell = Callable[[str], str]


def markdown(text: str, tell: Tell) -> str:
    """The cell with translated headings and paragraphs; each paragraph becomes one line."""
    return "\n".join(mark + tell(words) for mark, words in _blocks(text))


def code(text: str, tell: Tell) -> str:
    """The cell with its user-visible string literals translated."""

    def other(found: re.Match[str]) -> str:
        told = tell(found[1])
        return found[0] if told == found[1] else json.dumps(told, ensure_ascii=False)

    return LITERAL.sub(other, text)


def texts(kind: str, text: str) -> Iterator[str]:
    """The translatable texts of a cell; ``kind`` as in its first line."""
    if kind == "markdown":
        yield from (words for _, words in _blocks(text) if words)
    else:
        yield from (found[1] for found in LITERAL.finditer(text))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """(heading mark or empty, text). Lines of a paragraph are joined."""
    open_: list[str] = []
    for line in [*text.split("\n"), ""]:
        heading = HEADING.fullmatch(line)
        if open_ and (heading or not line.strip()):
            yield "", " ".join(open_)
            open_ = []
        if heading:
            yield heading[1], heading[2]
        elif line.strip():
            open_.append(line)
