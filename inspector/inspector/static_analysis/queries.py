"""Costly queries: filters on relations without an index, and relations followed in a plain loop.

Reports only what the source proves.
"""

from __future__ import annotations

import ast

from djdesk.projects.code.source import dotted
from djdesk.projects.code.tree import Tree
from inspector.sections.code import Query
from inspector.sections.models import Field, Model
from inspector.static_analysis.files import Files, Names

SHOWN = 500
# Methods a manager may override to fetch relations or other data along with its rows.
WIDER = {
    "get_queryset",
    "get_query_set",
    "all",
    "filter",
    "exclude",
    "__getattr__",
    "__getattribute__",
}


def queries(files: Files, names: Names) -> list[Query]:
    """`code.queries`."""
    found: list[Query] = []
    for row in files.rows:
        if row.test or "/migrations/" in row.relative:
            continue
        together: dict[tuple[str, int], set[str]] = {}
        for model, name, kind, _, line in row.facts["queries"]:
            if kind == "filter":
                together.setdefault((model, line), set()).add(name)
        for model, name, kind, text, line in row.facts["queries"]:
            target = names.model(model, row)
            field = _relation(target, name, kind) if target else None
            if target is None or field is None or len(found) >= SHOWN:
                continue
            if kind == "filter":
                slow = text != "exclude" and _unindexed(target, field)
                if not slow or _narrowed(target, together[model, line]):
                    continue
            elif not _plain(names.tree, target):
                continue
            found.append(
                {
                    "model": target["label"],
                    "field": field["name"],
                    "kind": kind,
                    "text": text,
                    "file": row.relative,
                    "line": line,
                }
            )
    return found


def _relation(model: Model, name: str, kind: str) -> Field | None:
    for field in model["fields"]:
        to_one = "rel" in field and field["rel"]["kind"] in {"fk", "o2o"}
        if to_one and name in (
            {field["name"], field["column"]} if kind == "filter" else {field["name"]}
        ):
            return field
    return None


def _unindexed(model: Model, field: Field) -> bool:
    """Whether no index starts with this column, as far as the model shows."""
    if field.get("index") or field.get("unique") or field.get("pk"):
        return False
    if not field["class"].startswith("django.db.models."):
        return False  # a custom class may create its own index
    names = {field["name"], field["column"]}
    groups = [one["fields"] for one in model.get("indexes", [])]
    groups += [
        one["fields"]
        for one in model.get("constraints", [])
        if one["class"] == "UniqueConstraint" and not one["condition"]
    ]
    groups += model.get("unique_together", []) + model.get("index_together", [])
    return not any(group and group[0].lstrip("-") in names for group in groups)


def _narrowed(model: Model, names: set[str]) -> bool:
    """Whether another condition of the same query uses an index, so that it does not
    scan the whole table.
    """
    if names & {"pk", "id"}:
        return True
    return any(
        not _unindexed(model, field)
        for field in model["fields"]
        if {field["name"], field["column"]} & names
    )


def _plain(tree: Tree, model: Model) -> bool:
    """Whether ``Model.objects`` returns plain rows without related data."""
    if any(one["kind"] == "unresolved" for one in model["bases"]):
        return False
    managers = {one["name"]: one["class"] for one in model["managers"]}
    return "objects" not in managers or _adds_nothing(tree, managers["objects"], 0)


def _adds_nothing(tree: Tree, name: str, depth: int) -> bool:
    if name.endswith(".as_manager"):
        return True
    name = name.removesuffix(".from_queryset")
    if name.startswith("django.db.models.") and name.endswith("Manager"):
        return True
    place = tree.find(name)
    node = place.module.classes.get(place.name) if place else None
    if place is None or node is None or depth > 8:
        return False
    if WIDER & {one.name for one in node.body if isinstance(one, ast.FunctionDef)}:
        return False
    bases = [dotted(one.func if isinstance(one, ast.Call) else one) for one in node.bases]
    return bool(bases) and all(
        base and _adds_nothing(tree, tree.qualify(place.module, base), depth + 1) for base in bases
    )
