# %% [markdown]
# ## Tools
# Tables and charts with nothing but the standard library and what every notebook has. Run this cell
# and the one with the data first; after that, cells can be changed and run in any order.
# %%
import json
from collections import Counter
from html import escape

from IPython.display import HTML, display

MORE_ROWS = "%d more rows are in DATA."
MORE = "%d more are in DATA"
NOTHING = "Nothing."


def table(rows, *columns, most=50):
    """Rows (dictionaries) as a table; the first `most` of them."""
    shown = rows[:most]
    head = "".join(f"<th>{escape(c)}</th>" for c in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell(r.get(c))}</td>" for c in columns) + "</tr>" for r in shown
    )
    note = f"<p>{MORE_ROWS % (len(rows) - most)}</p>" if len(rows) > most else ""
    empty = "" if rows else f"<p>{NOTHING}</p>"
    display(
        HTML(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{empty}{note}")
    )


def cell(value):
    if value is None:
        return ""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return escape(str(value))


def bars(pairs, title, most=20):
    """(name, number) as horizontal bars, in the order given."""
    pairs = list(pairs)
    shown = pairs[:most]
    top = max((n for _, n in shown), default=0) or 1
    lines = []
    for at, (name, number) in enumerate(shown):
        y, name = 30 + at * 24, str(name)
        name = name if len(name) <= 34 else name[:33] + "…"
        width = max(1, round(380 * number / top))
        lines.append(
            f'<text x="230" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="240" y="{y}" width="{width}" height="18" rx="2" fill="#4c78c9"/>'
            f'<text x="{246 + width}" y="{y + 13}">{number:,}</text>'
        )
    more = f" ({MORE % (len(pairs) - most)})" if len(pairs) > most else ""
    display(
        HTML(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="{36 + 24 * len(shown)}" role="img" '
            f'font-family="sans-serif" font-size="12" fill="currentColor"><title>{escape(title)}</title>'
            f'<text x="0" y="16" font-weight="bold">{escape(title)}{more}</text>{"".join(lines)}</svg>'
        )
    )


def facts(pairs):
    """Names and values."""
    display(
        HTML(
            "<table>"
            + "".join(
                f"<tr><th>{escape(name)}</th><td>{cell(value)}</td></tr>" for name, value in pairs
            )
            + "</table>"
        )
    )
