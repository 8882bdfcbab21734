"""Compares several settings modules; settings that differ come first."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.sections.project import Assignment, Settings, Variable


@dataclass(frozen=True)
class Cell:
    """``live``: the value in the running project, if known and different."""

    value: str
    redacted: bool
    computed: bool
    file: str | None
    line: int | None
    live: str = ""


@dataclass(frozen=True)
class Row:
    """A setting; a cell is None if the module does not assign it."""

    name: str
    cells: list[Cell | None]
    differs: bool


@dataclass(frozen=True)
class Comparison:
    """``modules``: (dotted name, file, whether it is the inspected one)."""

    modules: list[tuple[str, str | None, bool]]
    rows: list[Row]

    @property
    def different(self) -> int:
        return sum(row.differs for row in self.rows)


def compare(data: Settings | None, *, live: bool) -> Comparison | None:
    """None if there are fewer than two modules. ``live``: ``data`` comes from the running project,
    which loaded one of them.
    """
    modules = data.get("modules", []) if data else []
    if data is None or len(modules) < 2:
        return None
    loaded = {v["name"]: v for v in data["variables"]} if live else {}
    tables = [{v["name"]: v for v in module["variables"]} for module in modules]
    names = sorted({name for table in tables for name in table})
    rows = []
    for name in names:
        written = [table.get(name) for table in tables]
        cells = [
            _cell(one, loaded.get(name) if module["module"] == data["module"] else None)
            for one, module in zip(written, modules, strict=True)
        ]
        rows.append(Row(name, cells, len({_sign(one) for one in written}) > 1))
    rows.sort(key=lambda row: (not row.differs, row.name))
    return Comparison([(m["module"], m["file"], m["chosen"]) for m in modules], rows)


def _sign(written: Assignment | None) -> object:
    """A comparison key. Hidden values can be compared only by location."""
    if written is None:
        return None
    if written["redacted"] or written["value"] is None:
        return written["file"], written["line"]
    return written["value"]


def _cell(written: Assignment | None, loaded: Variable | None) -> Cell | None:
    if written is None:
        return None
    value = written["value"] or ""
    now = (loaded["value"] if loaded else None) or ""
    hidden = written["redacted"] or bool(loaded and loaded["redacted"])
    return Cell(
        value,
        written["redacted"],
        written["computed"],
        written["file"],
        written["line"],
        "" if hidden or now == value else now,
    )
