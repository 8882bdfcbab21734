"""Compares findings with known ones, from a file or dismissed in the app.

A finding is identified by its text and file, not by its line: moving code creates no new finding.
``{"format": 1, "findings": [{"id", "text", "file"}]}``, sorted, suitable for version control.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from djdesk.projects.reading import load_json, read_bytes
from inspector.facts.rows import Fact, FindingRow
from inspector.sections.common import Place
from inspector.sections.scan import DismissedRow

FORMAT = 1
SIZE_LIMIT = 64 * 2**20  # bytes
Key = tuple[str, str, str]


def keys(id_: str, text: str, facts: Sequence[Fact]) -> list[Key]:
    """One key per fact of the finding; one key if it has no facts."""
    kind = id_.partition(":")[0]
    rows = [(one["text"], one["file"]) for one in facts] or [(text, None)]
    return [(kind, told, file or "") for told, file in rows]


def keys_of(finding: FindingRow) -> list[Key]:
    """The same of a finding with all of its facts."""
    return keys(finding["id"], finding["text"], finding["facts"])


def fingerprint(key: Key) -> str:
    """A short text that is the same in every scan."""
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:32]


def written(findings: list[FindingRow]) -> str:
    """The content of a baseline file with these findings."""
    return written_names(named(findings))


def written_names(rows: Sequence[Mapping[str, object]]) -> str:
    """The same for rows in the format of `named`; other keys, such as ``reason``, are kept."""
    return json.dumps({"format": FORMAT, "findings": rows}, indent=1, ensure_ascii=False) + "\n"


def read(file: Path) -> set[Key]:
    """The keys in a baseline file. Raises ``ValueError`` with a message."""
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


def named(rows: list[FindingRow]) -> list[DismissedRow]:
    """The keys of findings in the format of the file and of `snapshot["dismissed"]`."""
    found = sorted({key for one in rows for key in keys_of(one)})
    return [{"id": kind, "text": text, "file": file} for kind, text, file in found]


def fingerprints(rows: Sequence[DismissedRow]) -> set[str]:
    """Fingerprints of rows in the format of `named`."""
    return {
        fingerprint((str(one["id"]), str(one["text"]), str(one.get("file") or ""))) for one in rows
    }


def marks_of(finding: FindingRow) -> list[str]:
    """The fingerprint of each fact of a finding, also of those that it does not show."""
    return finding.get("fingerprints") or [fingerprint(key) for key in keys_of(finding)]


def left(finding: FindingRow, known: set[str]) -> FindingRow | None:
    """The finding with only its unknown facts, or None if all are known.

    ``partly`` is set if some are known. Its ``fingerprints`` include facts beyond
    those that it shows.
    """
    marks = marks_of(finding)
    rest = [mark for mark in marks if mark not in known]
    if len(rest) == len(marks):
        return finding
    if not rest:
        return None
    rows = zip(finding["facts"], marks, strict=False)
    shown = [fact for fact, mark in rows if mark not in known]
    place = place_of(shown)
    return {
        **finding,
        "facts": shown,
        "more": len(rest) - len(shown),
        "file": place["file"],
        "line": place["line"],
        "fingerprints": rest,
        "partly": True,
    }


def place_of(facts: Sequence[Place]) -> Place:
    """``file`` and ``line`` of the first fact with a location; None if there is none."""
    places = [one for one in facts if one["file"]]
    nowhere: Place = {"file": None, "line": None}
    return next((one for one in places if one["line"]), places[0] if places else nowhere)


def new(findings: list[FindingRow], known: set[Key]) -> list[FindingRow]:
    """Findings with unknown facts, and only with those facts."""
    marks = {fingerprint(key) for key in known}
    return [row for one in findings if (row := left(one, marks)) is not None]
