"""Bar charts as SVG. Colours and fonts are CSS classes of the surrounding page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from djdesk.messages import say

from .message_translation import translated

WIDTH, LABEL, LINE = 640, 220, 26
MOST = 16


def short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def bars(title: str, pairs: Iterable[tuple[str, int]], kind: str = "") -> str:
    """Horizontal bars of (name, number), limited to the first ``MOST``; empty if
    no number is above 0.

    ``kind``: CSS class of every bar.
    """
    found = [(name, number) for name, number in pairs if number]
    if not found:
        return ""
    shown, left = found[:MOST], len(found) - MOST
    top = max(number for _, number in shown)
    lines = []
    for at, (name, number) in enumerate(shown):
        y = at * LINE
        width = max(2, round((WIDTH - LABEL - 70) * number / top))
        lines.append(
            f"<g><title>{escape(name)}: {number:,}</title>"
            f'<text class="name" x="{LABEL - 10}" y="{y + 17}" text-anchor="end">'
            f"{escape(short(name, 32))}</text>"
            f'<rect class="bar {kind}" x="{LABEL}" y="{y + 3}" width="{width}" height="20" rx="3"/>'
            f'<text class="number" x="{LABEL + width + 8}" y="{y + 17}">{number:,}</text></g>'
        )
    height = len(shown) * LINE + 4
    more = f"<p class=quiet>{translated(say('and {n} more', n=left))}</p>" if left > 0 else ""
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="{escape(title)}">{"".join(lines)}</svg>{more}</figure>'
    )
