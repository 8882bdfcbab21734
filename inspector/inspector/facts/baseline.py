"""Findings that are known already: a file of them, and what is new beside it.

A finding is known by what it says about which file, not by its line: code that moves makes nothing
new. ``{"format": 1, "findings": [{"id", "text", "file"}]}``, sorted, fit for version control.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from djdesk.projects.reading import load_json, read_bytes

FORMAT = 1
SIZE_LIMIT = 64 * 2**20  # bytes
Row = dict[str, Any]
Key = tuple[str, str, str]


def keys(finding: Row) -> list[Key]:
    """One for each fact that the finding rests on."""
    kind = str(finding["id"]).partition(":")[0]
    return [(kind, str(one["text"]), str(one["file"] or "")) for one in finding["facts"]]


def fingerprint(key: Key) -> str:
    """A short text that stays the same from scan to scan."""
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:32]


def written(findings: list[Row]) -> str:
    """The file that makes all of these known."""
    rows = sorted({key for one in findings for key in keys(one)})
    names = [dict(zip(("id", "text", "file"), row, strict=True)) for row in rows]
    return json.dumps({"format": FORMAT, "findings": names}, indent=1, ensure_ascii=False) + "\n"


def read(file: Path) -> set[Key]:
    """What a file makes known. Raises ``ValueError`` with a sentence."""
    try:
        data = load_json(read_bytes(file, SIZE_LIMIT))
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ValueError(f"{file} is not JSON.") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"{file} is no baseline. Make one with --write-baseline.")
    rows = data.get("findings")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise ValueError(f"{file} is damaged: findings is not a list.")
    return {tuple(str(one.get(name, "")) for name in ("id", "text", "file")) for one in rows}  # type: ignore[misc]


def new(findings: list[Row], known: set[Key]) -> list[Row]:
    """Findings with facts that are not known, and only with those facts."""
    rows = []
    for one in findings:
        facts = [
            fact for key, fact in zip(keys(one), one["facts"], strict=True) if key not in known
        ]
        if facts:
            rows.append({**one, "facts": facts})
    return rows
