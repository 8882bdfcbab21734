"""Excerpts of project files next to findings, and the chain from a URL's view to its
templates and models.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from djdesk.projects.reading import Unreadable, parse_python, read_text
from inspector.sections.behaviour import Route
from inspector.sections.models import Model, Models
from inspector.sections.templates import Template as TemplateRow
from inspector.sections.templates import TemplateEdge, Templates

LINES = 60  # maximum number of lines from a file
BEFORE = 2  # lines shown above the given one

# Suffixes of the template names that Django's generic views derive from the model.
GENERIC = {
    "ListView": "_list",
    "DetailView": "_detail",
    "CreateView": "_form",
    "UpdateView": "_form",
    "DeleteView": "_confirm_delete",
}


@dataclass(frozen=True)
class Source:
    """``lines``: (number from 1, text); ``more``: number of further lines in the excerpt."""

    file: str
    lines: list[tuple[int, str]]
    names: frozenset[str]
    first: int
    last: int
    more: int = 0


def source(root: str, file: str | None, line: int | None = None) -> Source | None:
    """The class or function that starts at ``line``, or the beginning of the file. None if the file
    is outside the project or cannot be read.
    """
    text = _inside(root, file)
    if text is None or file is None:
        return None
    lines = text.splitlines()
    if not lines:
        return None
    if line is None or not 1 <= line <= len(lines):
        first, last, names = 1, len(lines), frozenset[str]()
    else:
        first, last, names = _block(text, line) or (max(1, line - BEFORE), len(lines), frozenset())
    shown = lines[first - 1 : min(last, first - 1 + LINES)]
    numbered = [(first + at, one[:400]) for at, one in enumerate(shown)]
    return Source(file, numbered, names, first, last, max(0, last - first + 1 - LINES))


def _inside(root: str, file: str | None) -> str | None:
    if not file:
        return None
    base = Path(root).resolve()
    path = (base / file).resolve()
    return read_text(path) if path.is_relative_to(base) else None


def _block(text: str, line: int) -> tuple[int, int, frozenset[str]] | None:
    """First and last line of the definition at ``line``, with decorators, and the names it uses;
    None if the file is not Python or nothing is defined there.
    """
    try:
        tree = parse_python(text)
    except (SyntaxError, Unreadable):
        return None
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        if first <= line <= node.lineno:
            names = frozenset(
                one.id if isinstance(one, ast.Name) else one.attr
                for one in ast.walk(node)
                if isinstance(one, ast.Name | ast.Attribute)
            )
            return first, node.end_lineno or node.lineno, names
    return None


@dataclass(frozen=True)
class View:
    """A route with everything its view leads to. ``templates``: first the one that it names."""

    route: Route
    key: str
    source: Source | None
    templates: list[TemplateRow]
    models: list[Model]


def keyed(routes: list[Route]) -> list[tuple[str, Route]]:
    """Each route with a key for its URL: the pattern, followed by a number for duplicates."""
    seen: dict[str, int] = {}
    found = []
    for route in routes:
        number = seen[route["pattern"]] = seen.get(route["pattern"], 0) + 1
        found.append((route["pattern"] + (f"~{number}" if number > 1 else ""), route))
    return found


def view(
    root: str, key: str, route: Route, templates: Templates | None, models: Models | None
) -> View:
    """What the view of a route leads to, judged from its own lines."""
    piece = source(root, route.get("file"), route.get("line"))
    if piece is None:
        return View(route, key, None, [], [])
    by_name = {row["name"]: row for row in (templates["templates"] if templates else [])}
    named = [
        one["name"]
        for one in (templates["references"] if templates else [])
        if one["file"] == piece.file and piece.first <= (one["line"] or 0) <= piece.last
    ]
    used = [row for row in (models["models"] if models else []) if row["name"] in piece.names]
    named += [
        f"{row['app']}/{row['name'].lower()}{ending}.html"
        for base, ending in GENERIC.items()
        if base in piece.names
        for row in used
    ]
    found = {name: by_name[name] for name in named if name in by_name}
    for name in list(found):
        for edge in templates["edges"] if templates else []:
            if edge["source"] == name and edge["target"] in by_name:
                found.setdefault(edge["target"], by_name[edge["target"]])
    return View(route, key, piece, list(found.values()), used)


class Named(TemplateEdge):
    """A use with the name of the template at its other end."""

    name: str


@dataclass(frozen=True)
class Template:
    """A template with its references in both directions. ``views``: (key, route) of project views
    whose code names it.
    """

    row: TemplateRow
    source: Source | None
    names: list[Named]
    named_by: list[Named]
    views: list[tuple[str, Route]]


def template(root: str, name: str, data: Templates | None, routes: list[Route]) -> Template | None:
    """The template with that name, or None."""
    if data is None:
        return None
    row = next((one for one in data["templates"] if one["name"] == name), None)
    if row is None:
        return None
    places = [one for one in data["references"] if one["name"] == name]
    files = {one["file"] for one in places}
    views = []
    for key, route in keyed(routes):
        if route.get("file") not in files:
            continue
        piece = source(root, route.get("file"), route.get("line"))
        if piece and any(
            one["file"] == piece.file and piece.first <= (one["line"] or 0) <= piece.last
            for one in places
        ):
            views.append((key, route))
    return Template(
        row,
        source(root, row.get("file")),
        [{**edge, "name": edge["target"]} for edge in data["edges"] if edge["source"] == name],
        [{**edge, "name": edge["source"]} for edge in data["edges"] if edge["target"] == name],
        views,
    )
