"""Computes lanes, dots and lines of the migration graph, in SVG units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .migration_order import Graph

ROW = 28  # row height, as in migrations.css
LANE = 16  # distance between lanes
COLORS = 12  # --graph-1 … --graph-12


@dataclass(frozen=True)
class Line:
    """From row ``first`` down to row ``last``. ``kind``: chain (same app), branch (same app, past
    others), across (another app), far (through filtered-out rows) or replaces.
    """

    path: str
    color: int
    kind: str
    first: int
    last: int


@dataclass(frozen=True)
class Drawing:
    """``dots``: (x, y) per row; ``lanes``: lane per row; ``width`` and
    ``height`` of the drawing.
    """

    lines: list[Line]
    dots: list[tuple[int, int]]
    lanes: list[int]
    width: int
    height: int


def draw(graph: Graph, rows: list[str], color: Callable[[str], int]) -> Drawing:
    """Draw the rows (keys, in order). ``color`` returns an app's colour."""
    at = {key: row for row, key in enumerate(rows)}
    near = _parents_in_sight(graph, at)
    apps = [graph.nodes[key].app for key in rows]
    lane_of = _lanes(apps, at, near)
    lanes = [lane_of[app] for app in apps]
    dots = [(LANE // 2 + LANE * lane, ROW // 2 + ROW * row) for row, lane in enumerate(lanes)]
    lines: list[Line] = []
    last_of: dict[str, int] = {}
    for row, key in enumerate(rows):
        app = apps[row]
        for parent, direct in sorted(near[key].items(), key=lambda one: at[one[0]]):
            first = at[parent]
            if first >= row:
                continue  # circular dependency: explained in text
            own = apps[first] == app
            kind = "across" if not own else "chain" if last_of.get(app) == first else "branch"
            # A line that passes other dots of its own app runs beside their lane.
            aside = LANE // 3 if not own and last_of[apps[first]] > first else 0
            path = (
                _bow(dots[first], dots[row], 1)
                if kind == "branch"
                else _elbow(dots[first], dots[row], aside)
            )
            lines.append(Line(path, color(apps[first]), kind if direct else "far", first, row))
        older = [at[one] for one in graph.nodes[key].replaced if one in at and at[one] < row]
        if older:
            path = _bow(dots[min(older)], dots[row], -1)
            lines.append(Line(path, color(app), "replaces", min(older), row))
        last_of[app] = row
    width = LANE * (max(lanes, default=0) + 1) + LANE // 2
    return Drawing(lines, dots, lanes, width, ROW * len(rows))


def _parents_in_sight(graph: Graph, at: dict[str, int]) -> dict[str, dict[str, bool]]:
    """For each row, the nearest visible rows it depends on, and whether directly."""
    known: dict[str, frozenset[str]] = {}

    def behind(key: str) -> frozenset[str]:
        """The nearest visible dependencies of a hidden migration."""
        return frozenset().union(
            *(
                {one} if one in at else known.get(one, frozenset())
                for one in graph.nodes[key].parents
            )
        )

    for key in graph.order:
        if key not in at:
            known[key] = behind(key)
    found: dict[str, dict[str, bool]] = {}
    for key in at:
        parents = graph.nodes[key].parents
        direct = {one: True for one in parents if one in at}
        far = frozenset().union(*(known.get(one, frozenset()) for one in parents if one not in at))
        found[key] = dict.fromkeys(far, False) | direct
    return found


def _lanes(apps: list[str], at: dict[str, int], near: dict[str, dict[str, bool]]) -> dict[str, int]:
    """One lane per app, reused below the last row that the app's lines reach."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for row, app in enumerate(apps):
        first.setdefault(app, row)
        last[app] = row
    for key, parents in near.items():
        for parent in parents:
            app = apps[at[parent]]
            last[app] = max(last[app], at[key])
    lanes: dict[str, int] = {}
    free_from: list[int] = []
    for app in sorted(first, key=lambda one: first[one]):
        lane = next((n for n, row in enumerate(free_from) if row < first[app]), len(free_from))
        free_from[lane:] = [last[app], *free_from[lane + 1 :]]
        lanes[app] = lane
    return lanes


def _elbow(start: tuple[int, int], end: tuple[int, int], aside: int) -> str:
    """Straight down from the start, shifted by ``aside``, then across in the last row."""
    (x, y), (to_x, to_y) = start, end
    half = ROW // 2
    if x == to_x and not aside:
        return f"M{x} {y}V{to_y}"
    path = f"M{x} {y}"
    if aside:
        out = x + aside
        path += f"C{x} {y + half} {out} {y + half} {out} {y + ROW}"
        x = out
    middle = to_y - half
    return f"{path}V{to_y - ROW}C{x} {middle} {to_x} {middle} {to_x} {to_y}"


def _bow(start: tuple[int, int], end: tuple[int, int], side: int) -> str:
    """Down beside its own lane, past the dots in between."""
    (x, y), (_, to_y) = start, end
    out = x + side * (LANE // 2 - 2)
    half = ROW // 2
    return (
        f"M{x} {y}C{x} {y + half} {out} {y + half} {out} {y + ROW}"
        f"V{max(y + ROW, to_y - ROW)}C{out} {to_y - half} {x} {to_y - half} {x} {to_y}"
    )
