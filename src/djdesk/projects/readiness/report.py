"""The readiness report: one line per decision, and the level that follows from all of them.

``djdesk init`` reports what it decided from the project's files, ``djdesk prove`` what it saw when
the app ran. Both write these lines; the report is their union.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["A", "B", "C", "D"]
LEVELS: tuple[Level, ...] = ("A", "B", "C", "D")
MEANINGS: dict[Level, str] = {
    "A": "works completely",
    "B": "works, with these limitations",
    "C": "needs these decisions from you first",
    "D": "cannot become a desktop app",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """``rule``: an id such as ``DB1``. ``level``: the best level that the app can reach with it;
    empty if nothing is lost. ``what`` was decided or seen, ``why``, and ``todo``: what the
    developer can do about it, as sentences. ``where``: ``file:line``, relative to the project, or
    empty."""

    rule: str
    level: Literal["A", "B", "C", "D", ""]
    what: str
    why: str = ""
    where: str = ""
    todo: str = ""


def level(decisions: Iterable[Decision]) -> Level:
    """The worst level among them; A if there are none."""
    return max((one.level for one in decisions if one.level), default="A")


def union(*reports: Iterable[Decision]) -> list[Decision]:
    """Every decision once, most serious first, otherwise in their order."""
    unique = dict.fromkeys(one for report in reports for one in report)
    return sorted(unique, key=lambda one: one.level or "@", reverse=True)


def to_json(decisions: Iterable[Decision]) -> dict[str, Any]:
    """``{"format": 1, "level": "B", "decisions": [{"rule", "level", …}]}``."""
    rows = list(decisions)
    return {"format": 1, "level": level(rows), "decisions": [asdict(one) for one in rows]}


def from_json(value: Mapping[str, Any]) -> list[Decision]:
    """Parse the output of `to_json`. Raises ValueError for anything else."""
    try:
        rows = [Decision(**row) for row in value["decisions"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a readiness report: {error}") from error
    if value.get("format") != 1 or any(one.level not in (*LEVELS, "") for one in rows):
        raise ValueError("not a readiness report in a format that this version knows")
    return rows


def as_text(decisions: Iterable[Decision]) -> str:
    """For a terminal: the level, then a paragraph for each decision."""
    rows = union(decisions)
    reached = level(rows)
    lines = [f"Level {reached}: {MEANINGS[reached]}."]
    for one in rows:
        lines.append(f"\n{one.level or '·'}  {one.rule:<6} {one.what}")
        lines += [f"{'':10}{text}" for text in (one.why, one.where) if text]
        if one.todo:
            lines.append(f"{'':10}→ {one.todo}")
    return "\n".join(lines)
