"""Abstract models: they have no tables, but other models inherit from them."""

from __future__ import annotations

import ast

from djdesk.projects.code.classbody import assignments
from djdesk.projects.code.tree import Place
from inspector.sections.models import Abstract
from inspector.static_analysis.classes import Classes


class AbstractModels:
    """``found``: dotted name -> row of the snapshot."""

    def __init__(self, classes: Classes) -> None:
        self.tree = classes.tree
        self.classes = classes
        self.found: dict[str, Abstract] = {}
        # Questions that the rows depend on.
        self._asked: dict[str, dict[str, str]] = {}
        self._noting: list[Abstract] = []

    def collect(self) -> list[Abstract]:
        """Return a list that receives every row recorded from now on."""
        self._noting = []
        return self._noting

    def take(self, rows: list[Abstract]) -> None:
        for row in rows:
            self.found.setdefault(f"{row['module']}.{row['name']}", row)

    def note(self, place: Place) -> None:
        node = self.classes.node(place)
        key = f"{place.module.name}.{place.name}"
        if node is None:
            return
        if key not in self._asked:
            with self.tree.watch() as asked:
                self.found[key] = self._row(place, node)
            self._asked[key] = asked
        self.tree.note_all(self._asked[key])
        if self.found[key] not in self._noting:
            self._noting.append(self.found[key])

    def _row(self, place: Place, node: ast.ClassDef) -> Abstract:
        return {
            "name": place.name,
            "module": place.module.name,
            "file": self.tree.relative(place.module.file),
            "line": node.lineno,
            "origin": self.tree.origin(place.module.file),
            "fields": [
                name
                for name, call, _ in assignments(node)
                if isinstance(call, ast.Call) and self.classes.field(place.module, call)
            ],
        }
