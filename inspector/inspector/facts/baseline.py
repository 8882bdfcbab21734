"""Findings that are known already, from a file or dismissed in the app, and what is new.

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
    """One for each fact that the finding rests on; one for a finding without facts."""
    kind = str(finding["id"]).partition(":")[0]
    rows = finding["facts"] or [{"text": finding["text"], "file": None}]
    return [(kind, str(one["text"]), str(one["file"] or "")) for one in rows]


def fingerprint(key: Key) -> str:
    """A short text that stays the same from scan to scan."""
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:32]


def written(findings: list[Row]) -> str:
    """The file that makes all of these known."""
    return written_names(named(findings))


def written_names(rows: list[Row]) -> str:
    """The same of rows as `named` gives them; keys besides, such as a ``reason``, stay."""
    return json.dumps({"format": FORMAT, "findings": rows}, indent=1, ensure_ascii=False) + "\n"


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


def named(rows: list[Row]) -> list[Row]:
    """The keys of findings as a file has them, and as `snapshot["dismissed"]`."""
    found = sorted({key for one in rows for key in keys(one)})
    return [dict(zip(("id", "text", "file"), row, strict=True)) for row in found]


def fingerprints(rows: list[Row]) -> set[str]:
    """Of rows as `named` gives them."""
    return {
        fingerprint((str(one["id"]), str(one["text"]), str(one.get("file") or ""))) for one in rows
    }


def left(finding: Row, known: set[str]) -> Row | None:
    """The finding with only those facts that are not known, ``partly`` saying that some are; None
    where all are. Of facts beyond those that it shows, its ``fingerprints`` tell."""
    marks = finding.get("fingerprints") or [fingerprint(key) for key in keys(finding)]
    rest = [mark for mark in marks if mark not in known]
    if len(rest) == len(marks):
        return finding
    if not rest:
        return None
    rows = zip(finding["facts"], marks, strict=False)
    shown = [fact for fact, mark in rows if mark not in known]
    place = place_of(shown)
    return finding | {
        "facts": shown,
        "more": len(rest) - len(shown),
        "file": place["file"],
        "line": place["line"],
        "fingerprints": rest,
        "partly": True,
    }


def place_of(facts: list[Row]) -> Row:
    """``file`` and ``line`` of the fact to look at first; None where none has a place."""
    places = [one for one in facts if one["file"]]
    nowhere = {"file": None, "line": None}
    return next((one for one in places if one["line"]), places[0] if places else nowhere)


def new(findings: list[Row], known: set[Key]) -> list[Row]:
    """Findings with facts that are not known, and only with those facts."""
    marks = {fingerprint(key) for key in known}
    return [row for one in findings if (row := left(one, marks)) is not None]
