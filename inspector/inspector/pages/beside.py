"""Two projects beside each other: what is in one of them only, and what differs in both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..facts.diff import SECTIONS, compare
from ..models import Scan, Section

# Sections of `facts.diff`, in the order of the page.
COMPARED = ("apps", "models", "fields", "urls", "settings", "dependencies")
ROWS = 500  # of one part; the rest is counted

Found = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """``where`` is ``left``, ``right`` or ``both``; ``changes`` of the last kind are
    ``(key, left, right)``. ``file`` is in the project that has it, the right one for ``both``."""

    text: str
    where: str
    file: str | None
    line: int | None
    changes: list[tuple[str, Any, Any]]


@dataclass(frozen=True)
class Part:
    """One section. ``source`` is that of both sides; empty if they cannot be compared, and then
    ``missing`` names the sides (``left``, ``right``) that do not have it. ``halved``: one of the
    projects has run, but the other has not, so the files of both are compared."""

    name: str
    source: str
    rows: list[Row]
    same: int
    left_out: int
    counts: Counter[str]
    missing: list[str]
    halved: bool

    @property
    def total(self) -> int:
        return self.counts.total()


def parts(left: Scan, right: Scan) -> list[Part]:
    """One part for each section of ``COMPARED``."""
    wanted = {SECTIONS[name][0] for name in COMPARED}
    mine, theirs = _data(left, wanted), _data(right, wanted)
    return [_part(name, mine, theirs) for name in COMPARED]


def _data(scan: Scan, names: set[str]) -> dict[str, dict[str, Any]]:
    """``{section: {source: data}}`` of what was read."""
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    for section in Section.objects.found(scan=scan, name__in=names, ok=True):
        found[section.name][section.source] = section.data
    return found


def _part(name: str, mine: dict[str, dict[str, Any]], theirs: dict[str, dict[str, Any]]) -> Part:
    section, rows_of = SECTIONS[name]
    left, right = mine[section], theirs[section]
    source = next((one for one in ("live", "static") if one in left and one in right), "")
    if not source:
        missing = [side for side, data in (("left", left), ("right", right)) if not data]
        return Part(name, "", [], 0, 0, Counter(), missing, bool(left and right))
    before, after = rows_of(left[source]), rows_of(right[source])
    if name == "fields":
        before, after = _of_models_in_both(before, after)
    found = compare(before, after)
    rows = [
        *(_row(one, "both") for one in found["changed"]),
        *(_row(one, "left") for one in found["removed"]),
        *(_row(one, "right") for one in found["added"]),
    ]
    counts = Counter(row.where for row in rows)
    same = len(before) - counts["left"] - counts["both"]
    halved = source == "static" and ("live" in left) != ("live" in right)
    return Part(name, source, rows[:ROWS], same, len(rows[ROWS:]), counts, [], halved)


def _of_models_in_both(before: Found, after: Found) -> tuple[Found, Found]:
    """The fields of a model that only one has say no more than the model itself."""
    models = {_model(key) for key in before} & {_model(key) for key in after}

    def of_them(rows: Found) -> Found:
        return {key: row for key, row in rows.items() if _model(key) in models}

    return of_them(before), of_them(after)


def _model(field: str) -> str:
    return field.rpartition(".")[0]


def _row(found: Found, where: str) -> Row:
    changes = [(key, *values) for key, values in found.get("changes", {}).items()]
    return Row(found["text"], where, found["file"], found["line"], changes)


def choices(part: Part, left: str, right: str) -> list[tuple[str, int, str]]:
    """``(where, how many, in words)`` for the filter of a part."""
    words = {
        "both": _("Different"),
        "left": _("Only in %s") % left,
        "right": _("Only in %s") % right,
    }
    return [
        (where, part.counts[where], said) for where, said in words.items() if part.counts[where]
    ]
