"""The models of one app as cards with their relations, as SVG."""

from __future__ import annotations

from collections import deque
from html import escape

from djdesk.messages import say, say_n

from .charts import short
from .graph import Graph, Node, Row
from .message_translation import translated

COLUMNS, WIDTH, GAP = 3, 300, 70
HEADER, LINE, PAD = 32, 20, 6
FIELDS = 14  # maximum number of rows on a card
DRAWN = 40  # maximum number of models in an app for which lines are drawn


def cards(graph: Graph, nodes: list[Node], colour: int) -> str:
    """SVG of these models; relations to hubs and to other apps are shown as chips in the rows."""
    inside = {node.id for node in nodes}
    order = _near(graph, nodes)
    columns = min(COLUMNS, len(order))
    bottoms = [0] * columns
    boxes: dict[str, tuple[int, int]] = {}
    for node in order:
        column = bottoms.index(min(bottoms))
        boxes[node.id] = (column * (WIDTH + GAP) + 1, bottoms[column] + 1)
        bottoms[column] += _height(node) + 24
    lines = []
    if len(nodes) <= DRAWN:
        for edge in graph.edges:
            if edge.start in inside and edge.end in inside and edge.end not in graph.hubs:
                source = graph.nodes[edge.start]
                lines.append(_line(boxes[edge.start], boxes[edge.end], _offset(source, edge.field)))
    drawn = [
        _card(graph, node, *boxes[node.id], colour, inside, len(nodes) > DRAWN) for node in order
    ]
    # Lines within the last column run to its right.
    width, height = columns * (WIDTH + GAP) - 24, max(bottoms) - 20
    label = translated(say("Models of {app}", app=escape(nodes[0].app)))
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{label}">{"".join(lines)}{"".join(drawn)}</svg>'
    )


def _near(graph: Graph, nodes: list[Node]) -> list[Node]:
    """Order related models next to each other, starting with the most connected one."""
    inside = {node.id: node for node in nodes}
    ties: dict[str, list[str]] = {label: [] for label in inside}
    for edge in graph.edges:
        if edge.start in inside and edge.end in inside and edge.start != edge.end:
            ties[edge.start].append(edge.end)
            ties[edge.end].append(edge.start)
    found: dict[str, Node] = {}
    for first in sorted(nodes, key=lambda node: (-len(ties[node.id]), node.id)):
        waiting = deque([first.id])
        while waiting:
            label = waiting.popleft()
            if label not in found:
                found[label] = inside[label]
                waiting.extend(ties[label])
    return list(found.values())


def _rows(node: Node) -> list[Row]:
    return node.rows if len(node.rows) <= FIELDS else node.rows[: FIELDS - 1]


def _height(node: Node) -> int:
    rows = len(_rows(node)) + (len(node.rows) > FIELDS)
    return HEADER + rows * LINE + PAD * 2


def _offset(node: Node, name: str) -> float:
    names = [row.name for row in _rows(node)]
    at = names.index(name) if name in names else -1
    return HEADER + PAD + at * LINE + LINE / 2 if at >= 0 else HEADER / 2


def _line(start: tuple[int, int], end: tuple[int, int], offset: float) -> str:
    y1, y2 = start[1] + offset, end[1] + HEADER / 2
    if start[0] == end[0]:
        side = start[0] + WIDTH
        bend = side + 24 + min(20.0, abs(y2 - y1) / 20)
        path, head = (
            f"M{side} {y1:g} C{bend:g} {y1:g} {bend:g} {y2:g} {side + 8} {y2:g}",
            "l9 -4 v8 z",
        )
        tip = side
    else:
        right = end[0] > start[0]
        from_x = start[0] + (WIDTH if right else 0)
        tip = end[0] + (0 if right else WIDTH)
        stop = tip + (-8 if right else 8)
        middle = (from_x + tip) / 2
        path = f"M{from_x} {y1:g} C{middle:g} {y1:g} {middle:g} {y2:g} {stop} {y2:g}"
        head = "l-9 -4 v8 z" if right else "l9 -4 v8 z"
    return f'<path class="edge" d="{path}"/><path class="head" d="M{tip} {y2:g} {head}"/>'


def _card(
    graph: Graph, node: Node, x: int, y: int, colour: int, inside: set[str], crowded: bool
) -> str:
    note = f'<tspan class="quiet" dx="8">{escape(node.note)}</tspan>' if node.note else ""
    parts = [
        f'<g transform="translate({x} {y})"><title>{escape(node.id)}</title>',
        f'<rect class="card" width="{WIDTH}" height="{_height(node)}" rx="6"/>',
        f'<rect class="stripe g{colour}" width="5" height="{_height(node)}" rx="2"/>',
        f'<text class="title" x="14" y="21">{escape(short(node.name, 30))}{note}</text>',
        f'<path class="rule" d="M5 {HEADER} H{WIDTH}"/>',
    ]
    for at, row in enumerate(_rows(node)):
        base = HEADER + PAD + at * LINE + 14
        key = " key" if row.pk else ""
        parts.append(
            f'<text class="field{key}" x="14" y="{base}">{escape(short(row.name, 20))}</text>'
        )
        parts.append(_type(graph, row, base, inside, crowded))
    if len(node.rows) > FIELDS:
        base = HEADER + PAD + (FIELDS - 1) * LINE + 14
        left = len(node.rows) - FIELDS + 1
        more = translated(say_n("{n} more field", "{n} more fields", left))
        parts.append(f'<text class="quiet" x="14" y="{base}">{more}</text>')
    return "".join(parts) + "</g>"


def _type(graph: Graph, row: Row, base: int, inside: set[str], crowded: bool) -> str:
    """The right-hand side of a row: the type, or the target of the relation."""
    if not row.to:
        said = row.type.removesuffix("Field") or row.type
        return (
            f'<text class="type" x="{WIDTH - 12}" y="{base}" text-anchor="end">'
            f"{escape(short(said, 16))}</text>"
        )
    near = row.to in inside
    name = short(row.to.rpartition(".")[2] if near else row.to, 18)
    text = f'<text class="type to" x="{WIDTH - 14}" y="{base}" text-anchor="end">'
    text += f"→ {escape(name)}</text>"
    if near and row.to not in graph.hubs and not crowded:
        return text
    width = len(name) * 6.7 + 26
    return (
        f'<rect class="chip" x="{WIDTH - 7 - width:g}" y="{base - 13}" width="{width:g}" '
        f'height="18" rx="9"/>{text}'
    )
