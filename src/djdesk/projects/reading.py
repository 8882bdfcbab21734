"""The one place that reads a project's files and other untrusted files.

Opening a file must never hang, exhaust memory or crash: the size is checked before reading, pipes
and devices do not block, the nesting depth is checked before recursive parsing, and time limits
apply per file.
"""

from __future__ import annotations

import ast
import configparser
import json
import re
import tomllib
from pathlib import Path
from typing import Any

from djdesk.messages import say
from djdesk.projects import bounded
from djdesk.projects.bounded import TooLarge, Unreadable, read_head
from djdesk.projects.timelimit import TooSlow, at_most

__all__ = [
    "TooSlow",
    "Unreadable",
    "at_most",
    "load_ini",
    "load_json",
    "load_toml",
    "parse_python",
    "read_bytes",
    "read_head",
    "read_text",
]

TEXT_LIMIT = 1_000_000  # bytes
DEEPEST = 100  # nested brackets, parts of a dotted key, or both together
# What nests, preceded by strings and comments, which only look like it. An unterminated string
# extends to the end; otherwise the rest would be searched for each of its quotes. In TOML also the
# dots in keys, and what ends a key.
NESTING = {
    "toml": re.compile(
        r'"""(?:[^\\]|\\.)*?(?:"""|\Z)'
        r"|'''.*?(?:'''|\Z)"
        r'|"(?:[^"\\\n]|\\.)*+"?'
        r"|'[^'\n]*+'?"
        r"|\#[^\n]*+"
        r"|[\[\]{}.]|[=,\n]++",
        re.DOTALL,
    ),
    "json": re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL),
}


def read_bytes(file: Path, limit: int = TEXT_LIMIT) -> bytes:
    """The whole content of a regular file. Raises OSError, and `Unreadable` above
    ``limit`` bytes.
    """
    try:
        return bounded.read_bytes(file, limit)
    except TooLarge as error:
        raise Unreadable(say("too large to read ({size} MB)", size=error.size // 2**20)) from error


def read_text(file: Path, limit: int = TEXT_LIMIT) -> str | None:
    """The text of a small file without a byte order mark; None if it cannot be read."""
    try:
        return read_bytes(file, limit).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None


def load_toml(text: str) -> dict[str, Any]:
    """Raises `Unreadable`, also if it is nested too deeply to process."""
    _shallow(text, "toml")
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    _handled(found)
    return found


def load_json(text: str | bytes) -> Any:
    """Raises `Unreadable`, also if it is nested too deeply to process."""
    try:
        text = text.decode() if isinstance(text, bytes) else text
        _shallow(text, "json")
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def load_ini(text: str) -> configparser.ConfigParser:
    """Raises `Unreadable`."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        raise Unreadable(str(error)) from error
    return parser


def parse_python(text: str, filename: str = "<unknown>") -> ast.Module:
    """Raises SyntaxError as `ast.parse` does, and `Unreadable` if it is nested too deeply."""
    try:
        return ast.parse(text, filename=filename)
    except (RecursionError, MemoryError) as error:
        raise Unreadable(say("too deeply nested")) from error
    except ValueError as error:
        raise Unreadable(str(error)) from error


def _shallow(text: str, kind: str) -> None:
    depth = dots = 0
    for found in NESTING[kind].finditer(text):
        mark = found[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        dots = dots + 1 if mark == "." else dots if mark[0] in "\"'" else 0
        if max(depth, dots) > DEEPEST:
            raise Unreadable(say("too deeply nested"))


def _handled(value: Any) -> None:
    """Dotted keys within brackets nest deeper than either, and later code recurses."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise Unreadable(say("too deeply nested"))
