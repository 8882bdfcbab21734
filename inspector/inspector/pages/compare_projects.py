"""Compares two projects: what only one of them has, and what differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..facts.diff import SECTIONS, ChangedEntry, Entry, Name, Rows, compare
from ..models import Scan, Section

# Sections of `facts.diff`, in the order of the page.
COMPARED: tuple[Name, ...] = ("apps", "models", "fields", "urls", "settings", "dependencies")
ROWS = 500  # rows per part; the rest is only counted
# Section -> source -> its data, which `SECTIONS` knows how to compare.
BySource = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """``where``: ``left``, ``right`` or ``both``; only ``both`` has ``changes``, each ``(key, left,
    right)``. ``file``: path in the project that has it, in the right one for ``both``.
    """

    text: str
    where: str
    file: str | None
    line: int | None
    changes: list[tuple[str, object, object]]


@dataclass(frozen=True)
class Part:
    """One section.

    ``source``: the source of both sides; empty if they cannot be compared, and then ``missing``
    lists the sides (``left``, ``right``) without the section. ``halved``: only one of the projects
    was run, so the static facts of both are compared.
    """

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
    """One part per section in ``COMPARED``."""
    wanted = {SECTIONS[name][0] for name in COMPARED}
    mine, theirs = _data(left, wanted), _data(right, wanted)
    return [_part(name, mine, theirs) for name in COMPARED]


def _data(scan: Scan, names: set[str]) -> BySource:
    """The sections that succeeded."""
    found: BySource = {name: {} for name in names}
    for section in Section.objects.found(scan=scan, name__in=names, ok=True):
        found[section.name][section.source] = section.data
    return found


def _part(name: Name, mine: BySource, theirs: BySource) -> Part:
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
        *(_changed(one) for one in found["changed"]),
        *(_row(one, "left") for one in found["removed"]),
        *(_row(one, "right") for one in found["added"]),
    ]
    counts = Counter(row.where for row in rows)
    same = len(before) - counts["left"] - counts["both"]
    halved = source == "static" and ("live" in left) != ("live" in right)
    return Part(name, source, rows[:ROWS], same, len(rows[ROWS:]), counts, [], halved)


def _of_models_in_both(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """Leave out fields of models that only one project has: the model itself is listed."""
    models = {_model(key) for key in before} & {_model(key) for key in after}

    def of_them(rows: Rows) -> Rows:
        return {key: row for key, row in rows.items() if _model(key) in models}

    return of_them(before), of_them(after)


def _model(field: str) -> str:
    return field.rpartition(".")[0]


def _row(found: Entry, where: str) -> Row:
    return Row(found["text"], where, found["file"], found["line"], [])


def _changed(found: ChangedEntry) -> Row:
    changes = [(key, left, right) for key, (left, right) in found["changes"].items()]
    return Row(found["text"], "both", found["file"], found["line"], changes)


def choices(part: Part, left: str, right: str) -> list[tuple[str, int, str]]:
    """``(where, count, text)`` for the filter of a part."""
    words = {
        "both": _("Different"),
        "left": _("Only in %s") % left,
        "right": _("Only in %s") % right,
    }
    return [
        (where, part.counts[where], said) for where, said in words.items() if part.counts[where]
    ]
