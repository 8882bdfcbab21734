"""The table being written: values by dotted key, and their TOML."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")
# Key order of each table; other keys follow.
ORDER = (
    "name", "id", "project", "path", "settings", "folders", "include", "older-django",
    "icon", "publisher", "languages", "pages", "data",
    "builds", "processes", "environment",
)  # fmt: skip


@dataclass
class Draft:
    """``values``: ``{"settings": "shop.settings", "pages.csp": "relaxed"}``, or ``{"builds..":
    […]}`` for the key “.” of a table. ``notes``: a comment above a key."""

    values: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def set(self, key: str, value: Any, note: str = "") -> None:
        self.values[key] = value
        if note:
            self.notes[key] = note

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def under(self, table: str) -> dict[str, Any]:
        """``under("environment")``: the keys of a table without its prefix."""
        return {
            key.partition(".")[2]: value
            for key, value in self.values.items()
            if key.startswith(f"{table}.")
        }

    def rebase(self, base: str) -> None:
        """Make folders relative to the new ``base`` from now on."""
        for folder, commands in self.under("builds").items():
            del self.values[f"builds.{folder}"]
            self.values[f"builds.{posixpath.normpath(f'{base}/{folder}')}"] = commands
        if folders := self.get("pages.static-dirs"):
            self.set("pages.static-dirs", [posixpath.normpath(f"{base}/{one}") for one in folders])

    def toml(self) -> str:
        """``[tool.djdesk]`` with its subtables, ready to append to a pyproject.toml."""
        tables: dict[str, list[str]] = {"": []}
        rank = {name: number for number, name in enumerate(ORDER)}
        for key in sorted(self.values, key=lambda one: rank.get(one.partition(".")[0], len(rank))):
            table, dot, name = key.partition(".")
            if not dot:
                table, name = "", key
            lines = tables.setdefault(table, [])
            lines += [f"# {line}" for line in self.notes.get(key, "").splitlines()]
            lines.append(
                f"{name if BARE.fullmatch(name) else quoted(name)} = {_toml(self.values[key])}"
            )
        return "\n".join(
            "\n".join([f"[tool.djdesk{f'.{table}' if table else ''}]", *lines, ""])
            for table, lines in tables.items()
        )


def _toml(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    if isinstance(value, bool | int):
        return json.dumps(value)
    return quoted(str(value))


def quoted(text: str) -> str:
    """A TOML basic string, which JSON's escapes fit."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
