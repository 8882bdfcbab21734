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

from djdesk.messages import say, word

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
    """``state``: ended, soon (within half a year) or supported. ``month``: such as "April 2026",
    whose last day is ``end``.
    """

    version: str
    state: str
    month: str
    source: str
    as_of: str
    newer: str
    end: datetime.date


def life(what: str, version: str | None, today: datetime.date) -> Life | None:
    """The lifecycle of a version of ``django`` or ``python``; None if it is not in the table."""
    found = re.match(r"(\d+)\.(\d+)", version or "")
    rows = table()[what]
    short = f"{found[1]}.{found[2]}" if found else ""
    if short not in rows["ends"]:
        return None
    year, month = map(int, rows["ends"][short].split("-"))
    # Only the month is known, and still counts as supported.
    end = datetime.date(year, month, calendar.monthrange(year, month)[1])
    state = "ended" if today > end else "soon" if end - today < SOON else "supported"
    alive = [
        one
        for one, ends in rows["ends"].items()
        if ends > f"{today:%Y-%m}" and numbers(one) > numbers(short)
    ]
    newer = next((one for one in alive if one in rows["lts"]), alive[0] if alive else "")
    shown = say("{month} {year}", month=word(calendar.month_name[month]), year=year)
    return Life(short, state, shown, rows["source"], table()["as_of"], newer, end)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


RANGE = re.compile(r"(~=|==|<=|<|\^|~)\s*(\d+(?:\.\d+)*)(\.\*)?")


def newest_within(specifier: str) -> str | None:
    """The newest Django version, such as ``4.2``, in a bounded range; None if it is unbounded or
    unknown to the table.
    """
    ends = RANGE.findall(specifier)
    versions = sorted(table()["django"]["ends"], key=numbers)
    inside = [one for one in versions if all(_allows(numbers(one), *end) for end in ends)]
    return inside[-1] if ends and inside else None


def _allows(version: tuple[int, ...], sign: str, text: str, star: str) -> bool:
    """Whether some release of the version (two numbers) satisfies one bound of a range."""
    end = numbers(text)
    if sign == "<":
        return version < end if len(end) > 2 or version != end[:2] else False
    if sign == "<=":
        return version <= end
    if sign == "==" and not star:
        return version == (*end, 0)[:2]
    # `~=4.2.8`, `~4.2` and `==4.2.*` fix both numbers; `~=4.2`, `^4.2` and `==4.*` only the first.
    kept = 1 if sign == "^" or (sign == "~=" and len(end) == 2) else len(end)
    return version[: min(kept, 2)] == end[: min(kept, 2)]
