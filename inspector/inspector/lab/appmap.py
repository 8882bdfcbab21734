"""Apps and the relations between them as an arc diagram, which stays readable
with any number of apps.
"""

from __future__ import annotations

from html import escape

from djdesk.messages import say, say_n

from .charts import short
from .graph import Graph
from .message_translation import translated

LINE, BOX = 34, 250
Links = dict[tuple[str, str], int]


def links(graph: Graph) -> Links:
    """(from app, to app) -> number of relations, excluding relations within an app."""
    found: Links = {}
    for edge in graph.edges:
        pair = graph.nodes[edge.start].app, graph.nodes[edge.end].app
        if pair[0] != pair[1]:
            found[pair] = found.get(pair, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def ordered(apps: list[str], found: Links) -> list[str]:
    """Place related apps near each other.

    The next app is always the one with the most relations to those already placed. The first app,
    and the winner of a tie, is the one with the most relations overall.
    """
    ties: dict[str, dict[str, int]] = {app: {} for app in apps}
    for (start, end), count in found.items():
        ties[start][end] = ties[start].get(end, 0) + count
        ties[end][start] = ties[end].get(start, 0) + count
    left = sorted(apps, key=lambda app: (-sum(ties[app].values()), app))
    placed: list[str] = []
    pull = dict.fromkeys(apps, 0)
    while left:
        best = max(left, key=lambda app: (pull[app], -left.index(app)))
        left.remove(best)
        placed.append(best)
        for other, count in ties[best].items():
            pull[other] += count
    return placed


def appmap(graph: Graph, colours: dict[str, int]) -> str:
    """SVG; ``colours``: app -> number of its class, ``g0`` to ``g11``."""
    found = links(graph)
    sizes = {app: len(nodes) for app, nodes in graph.apps().items()}
    if not sizes:
        return ""
    order = ordered(list(sizes), found)
    y = {app: at * LINE + LINE / 2 for at, app in enumerate(order)}
    arcs, reach = [], 0.0
    for (start, end), count in found.items():
        # Lines leave from the lower half of a box and enter the upper half, so
        # directions are visible.
        y1, y2 = y[start] + 5, y[end] - 5
        deep = min(420.0, 40 + abs(y2 - y1) * 0.62)
        reach = max(reach, deep)
        arcs.append(
            f'<path class="arc g{colours[start]}" stroke-width="{min(6, 1 + count * 0.5):g}" '
            f'd="M{BOX} {y1:g} C{BOX + deep:g} {y1:g} {BOX + deep:g} {y2:g} {BOX + 7} {y2:g}">'
            f"<title>{escape(start)} → {escape(end)}: {count}</title></path>"
            f'<path class="head g{colours[start]}" d="M{BOX} {y2:g} l9 -4 v8 z"/>'
        )
    boxes = [
        f"<g><title>{escape(app)}: "
        f"{translated(say_n('{n} model', '{n} models', sizes[app]))}</title>"
        f'<rect class="box g{colours[app]}" x="1" y="{y[app] - 13:g}" '
        f'width="{BOX - 1}" height="26" rx="5"/>'
        f'<text class="name" x="14" y="{y[app] + 4:g}">{escape(short(app, 26))}</text>'
        f'<text class="number" x="{BOX - 10}" y="{y[app] + 4:g}" text-anchor="end">'
        f"{sizes[app]}</text></g>"
        for app in order
    ]
    width, height = round(BOX + reach * 0.76 + 12), len(order) * LINE
    label = translated(say("Apps and the relations between them"))
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{label}">{"".join(arcs)}{"".join(boxes)}</svg>'
    )
