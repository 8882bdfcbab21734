"""Filters a snapshot for export: all of it or only the project's own code, without
invisible characters.
"""

from __future__ import annotations

import re
from typing import Any

from inspector.sections.common import Section
from inspector.sections.scan import Snapshot, by_name, typed

OWN = ("project", "outside")
# Characters that readers cannot see but programs may interpret: control characters and
# bidirectional overrides. Line ends and tabs are kept.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
    "|[\ud800-\udfff]"
)


def cleaned(value: Any) -> Any:
    """The same value with ``UNSEEN`` removed from every string, including keys."""
    if isinstance(value, str):
        return UNSEEN.sub("", value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(one) for key, one in value.items()}
    return value


def narrowed(snapshot: Snapshot) -> Snapshot:
    """The snapshot limited to the project's own code: rows of other origins are removed."""
    sections: dict[str, Section[Any]] = {
        name: {**section, "data": _own(section["data"])} if section.get("ok") else section
        for name, section in by_name(snapshot["sections"]).items()
    }
    return {**snapshot, "sections": typed(sections)}


def _own(data: dict[str, Any]) -> dict[str, Any]:
    """Filter rows by ``origin``; of installed packages, keep those that no
    other package required.
    """
    return {key: _rows(rows) for key, rows in data.items()}


def _rows(rows: Any) -> Any:
    if isinstance(rows, list):
        return [_deeper(row) for row in rows if _is_own(row)]
    if isinstance(rows, dict) and any(isinstance(row, dict) for row in rows.values()):
        return {key: _deeper(row) for key, row in rows.items() if _is_own(row)}
    return rows


def _deeper(row: Any) -> Any:
    """Filter nested rows too, such as those of an admin site."""
    if isinstance(row, dict) and isinstance(row.get("registered"), list):
        return row | {"registered": [one for one in row["registered"] if _is_own(one)]}
    return row


def _is_own(row: Any) -> bool:
    if not isinstance(row, dict):
        return True
    if "origin" in row:
        return row["origin"] in OWN or row["origin"] is None
    return row.get("direct") is not False
