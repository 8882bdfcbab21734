"""The one place where files of a project are read, and others that we did not just write.

Whatever a folder holds, opening it must not hang, fill the memory or end the program: the size is
looked at before the bytes, pipes and devices are not waited for, the depth is looked at before
anything recursive reads it, and what takes too long costs that one file.
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
DEEPEST = 100  # brackets in brackets, words of a dotted key, or both together
# What nests, and before it what only looks so: strings and comments. A string that does not end is
# one to the end, or its rest would be looked through once for each of its quotes. In TOML also what
# joins the words of a key, quoted ones too, and what ends one.
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
    """All of a regular file. Raises OSError, and `Unreadable` when it holds more than ``limit``."""
    try:
        return bounded.read_bytes(file, limit)
    except TooLarge as error:
        raise Unreadable(say("too large to read ({size} MB)", size=error.size // 2**20)) from error


def read_text(file: Path, limit: int = TEXT_LIMIT) -> str | None:
    """The text of a small file, without a mark of its encoding; None where it cannot be had."""
    try:
        return read_bytes(file, limit).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return None


def load_toml(text: str) -> dict[str, Any]:
    """Raises `Unreadable`, also for what is nested too deep to be handled."""
    _shallow(text, "toml")
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    _handled(found)
    return found


def load_json(text: str | bytes) -> Any:
    """Raises `Unreadable`, also for what is nested too deep to be handled."""
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
    """Raises SyntaxError as `ast.parse` does, and `Unreadable` for what is nested too deep."""
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
    """Dotted keys within brackets nest deeper than either: what comes after this recurses."""
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
