"""When a version of Django or Python gets its last security fix: a dated table, no network."""

from __future__ import annotations

import calendar
import datetime
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOON = datetime.timedelta(days=183)


@functools.cache
def table() -> dict[str, Any]:
    """``{"as_of", "django": {"source", "ends": {version: "YYYY-MM"}, "lts"}, "python": …}``."""
    data: dict[str, Any] = json.loads(
        Path(__file__).with_name("lifecycles.json").read_text("utf-8")
    )
    return data


@dataclass(frozen=True)
class Life:
    """``state``: ended, soon (half a year) or supported. ``month``: such as "April 2026",
    whose last day is ``end``."""

    version: str
    state: str
    month: str
    source: str
    as_of: str
    newer: str
    end: datetime.date


def life(what: str, version: str | None, today: datetime.date) -> Life | None:
    """The life of a version of ``django`` or ``python``; None when the table does not have it."""
    found = re.match(r"(\d+)\.(\d+)", version or "")
    rows = table()[what]
    short = f"{found[1]}.{found[2]}" if found else ""
    if short not in rows["ends"]:
        return None
    year, month = map(int, rows["ends"][short].split("-"))
    # Known to the month: the month itself still counts as supported.
    end = datetime.date(year, month, calendar.monthrange(year, month)[1])
    state = "ended" if today > end else "soon" if end - today < SOON else "supported"
    alive = [
        one
        for one, ends in rows["ends"].items()
        if ends > f"{today:%Y-%m}" and _numbers(one) > _numbers(short)
    ]
    newer = next((one for one in alive if one in rows["lts"]), alive[0] if alive else "")
    shown = f"{calendar.month_name[month]} {year}"
    return Life(short, state, shown, rows["source"], table()["as_of"], newer, end)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
