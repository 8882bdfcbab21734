"""Models as text for other programs: Mermaid, DBML, Graphviz.

Mermaid and DBML must match the schema page's exports (static/…/schema/export-text.js); a
test compares the two.
"""

from __future__ import annotations

import re
from html import escape

from .graph import Edge, Graph, Node

WORD = re.compile(r"[^A-Za-z0-9_]")
CROWS = {"m2m": "}o--o{", "proxy": "||..||", "generic": "||..o{"}


def word(name: str) -> str:
    """Names in both languages may contain only these characters. Replaces each other UTF-16 unit
    with one ``_``, like the script does.
    """
    return WORD.sub(lambda found: "__" if ord(found[0]) > 0xFFFF else "_", name) or "_"


def unique_words(labels: list[str]) -> dict[str, str]:
    """Unique names for labels that would become the same word."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in labels:
        name, number = word(label), 2
        while name in taken:
            name, number = f"{word(label)}_{number}", number + 1
        taken.add(name)
        names[label] = name
    return names


def mermaid(graph: Graph) -> str:
    """An entity relationship diagram."""
    names = unique_words(list(graph.nodes))
    lines = ["erDiagram"]
    for node in graph.nodes.values():
        lines.append(f"  {names[node.id]} {{")
        for row in node.rows:
            if row.tag in ("M:N", "GR"):
                continue
            key = " PK" if row.pk else " FK" if row.tag in ("FK", "1:1") else ""
            lines.append(f"    {word(row.type or 'Field')} {word(row.name)}{key}")
        lines.append("  }")
    for edge in graph.edges:
        label = word(edge.field or edge.kind)
        lines.append(f'  {names[edge.start]} {_crow(edge)} {names[edge.end]} : "{label}"')
    return "\n".join(lines) + "\n"


def _crow(edge: Edge) -> str:
    if edge.kind in CROWS:
        return CROWS[edge.kind]
    if edge.kind in ("o2o", "inherits"):
        return "|o--o|" if edge.nullable else "|o--||"
    return "}o--o|" if edge.nullable else "}o--||"


def quoted(text: str) -> str:
    return '"' + re.sub(r'["\\\n\r]', "_", text) + '"'


def dbml(graph: Graph) -> str:
    """Tables and references (dbdiagram.io). Proxies have no table."""
    blocks = []
    pairs: set[frozenset[str]] = set()
    for node in graph.nodes.values():
        if node.note == "proxy":
            continue
        lines = []
        for row in node.rows:
            if row.tag in ("M:N", "GR", "GFK"):
                continue
            said = ", ".join(filter(None, ("pk" if row.pk else "", "null" if row.nullable else "")))
            lines.append(
                f"  {quoted(row.name)} {quoted(row.type or 'Field')}{f' [{said}]' if said else ''}"
            )
        # References point to the key, so it must be there; a table without columns is an error.
        if not any(row.pk or row.name == "id" for row in node.rows):
            lines.insert(0, '  "id" "AutoField" [pk]')
        body = "\n".join(lines)
        blocks.append(f"Table {_table(node.id)} {{\n{body}\n}}")
    for edge in graph.edges:
        if edge.kind in ("proxy", "generic") or (edge.kind == "m2m" and edge.via):
            continue
        end = graph.concrete(edge.end)
        if graph.nodes[end].note == "proxy":
            continue
        sign = {"m2m": "<>", "o2o": "-", "inherits": "-"}.get(edge.kind, ">")
        key = graph.key(edge.start)
        start = key if edge.kind == "m2m" else edge.field or key
        ends = f"{_table(edge.start)}.{quoted(start)}", f"{_table(end)}.{quoted(graph.key(end))}"
        # Two many-to-many fields between the same models would be duplicate references, an error.
        if frozenset(ends) not in pairs:
            blocks.append(f"Ref: {ends[0]} {sign} {ends[1]}")
        pairs.add(frozenset(ends))
    return "\n\n".join(blocks) + "\n"


def _table(label: str) -> str:
    head, _, name = label.rpartition(".")
    return f"{quoted(head or 'app')}.{quoted(name)}"


def dot(graph: Graph) -> str:
    """Graphviz: one cluster for each app, fields as rows of the model's table.

    ``newrank``: without it, dot fails on clusters that many edges connect ("trouble in init_rank").
    """
    ids = {label: f"m{number}" for number, label in enumerate(graph.nodes)}
    lines = [
        "digraph models {",
        '  graph [rankdir=LR, newrank=true, fontname="Helvetica", nodesep=0.3, ranksep=1];',
        '  node [shape=plain, fontname="Helvetica", fontsize=10];',
        '  edge [fontname="Helvetica", fontsize=8, color="#667085"];',
    ]
    for number, (app, nodes) in enumerate(graph.apps().items()):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f'    label=<{_plain(app)}>; style=rounded; color="#98a2b3";')
        lines += [f"    {ids[node.id]} [label=<{_label(node)}>];" for node in nodes]
        lines.append("  }")
    for edge in graph.edges:
        look = {
            "m2m": "dir=both, arrowhead=crow, arrowtail=crow",
            "inherits": "arrowhead=empty",
            "proxy": "arrowhead=empty, style=dashed",
            "generic": "style=dotted",
        }.get(edge.kind, "arrowhead=normal")
        lines.append(
            f"  {ids[edge.start]} -> {ids[edge.end]} [label=<{_plain(edge.field) or ' '}>, {look}];"
        )
    return "\n".join([*lines, "}"]) + "\n"


def _label(node: Node) -> str:
    head = f'<tr><td colspan="2" bgcolor="#e4e7ec"><b>{_plain(node.name) or " "}</b></td></tr>'
    rows = "".join(
        f'<tr><td align="left">{_plain(row.name) or " "}</td>'
        f'<td align="left">{_plain(row.tag or row.type) or " "}</td></tr>'
        for row in node.rows
    )
    return f'<table border="0" cellborder="1" cellspacing="0" cellpadding="4">{head}{rows}</table>'


def _plain(text: str) -> str:
    """Escape text inside Graphviz's HTML-like labels."""
    return escape(re.sub(r"[\x00-\x1f\x7f]", " ", text), quote=True).replace("&#x27;", "&#39;")
