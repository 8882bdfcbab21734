"""The age and end of support of installed packages, as far as known offline."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..facts.lifecycles import Life, life, table


@dataclass(frozen=True)
class Row:
    """``day``: when it was installed, or None. ``life``: None if DJDesk's table does not include
    it. ``rank``: integer order of urgency.
    """

    name: str
    version: str
    day: datetime.date | None
    life: Life | None

    @property
    def rank(self) -> int:
        return self.life.end.toordinal() if self.life else datetime.date.max.toordinal()


@dataclass(frozen=True)
class Support:
    """``as_of``: date of the table of lifecycles; ``sources``: where the data comes from."""

    rows: list[Row]
    as_of: str
    sources: list[str]


def rows(
    data: dict[str, Any] | None,
    runtime: dict[str, Any] | None,
    discovered: Mapping[str, Any],
    today: datetime.date | None = None,
) -> Support:
    """Python, the declared dependencies that are installed, and always Django."""
    data, runtime = data or {}, runtime or {}
    today = today or datetime.date.today()
    chosen: dict[str, Any] = next(
        (one for one in discovered.get("interpreters") or [] if one.get("chosen")), {}
    )
    known = table()
    found: dict[str, Row] = {}
    python = runtime.get("python") or chosen.get("python")
    if python:
        found["python"] = Row("Python", python, None, life("python", python, today))
    for one in [*(data.get("declared") or []), *(data.get("installed") or [])]:
        name = str(one["name"])
        version = one.get("installed") or one.get("version")
        key = name.lower()
        wanted = "specifier" in one or key in known
        if not version or not wanted or key in found or key == "as_of":
            continue
        ends = life(key, version, today) if key in known else None
        found[key] = Row(name, version, _day(one.get("installed_on")), ends)
    used = [known[key]["source"] for key in found if key in known and key != "as_of"]
    ordered = sorted(found.values(), key=lambda row: (row.rank, row.name.lower()))
    return Support(ordered, known["as_of"], used)


def _day(text: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(text))
    except ValueError:
        return None
