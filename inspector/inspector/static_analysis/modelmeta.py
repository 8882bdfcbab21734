"""The options of a model: its inner Meta, inherited options, and their form in the snapshot."""

from __future__ import annotations

import ast

from djdesk.projects.code.classbody import assignments
from djdesk.projects.code.source import dotted, string, text_of
from djdesk.projects.code.tree import Place
from djdesk.projects.redact import scrub
from inspector.sections.models import Index, Model
from inspector.static_analysis.classes import Classes


def options_of(classes: Classes, place: Place, depth: int = 0) -> dict[str, ast.expr]:
    """Options of the inner Meta and its bases, inherited as in Django's ModelBase."""
    node = classes.node(place)
    if node is None or depth > 15:
        return {}
    for item in node.body:
        if isinstance(item, ast.ClassDef) and item.name == "Meta":
            options: dict[str, ast.expr] = {}
            for base in item.bases:
                name = dotted(base) or ""
                if name.endswith(".Meta"):
                    full = classes.tree.qualify(place.module, name.removesuffix(".Meta"))
                    if parent := classes.tree.find(full):
                        options.update(options_of(classes, parent, depth + 1))
            options.pop("abstract", None)
            options.update({name: value for name, value, _ in assignments(item)})
            _inherit_ordering(classes, place, options, depth)
            return options
    for parent_base in classes.kind(place).bases:
        if parent_base.kind == "abstract" and parent_base.place:
            inherited = dict(options_of(classes, parent_base.place, depth + 1))
            inherited.pop("abstract", None)
            inherited.pop("app_label", None)
            return inherited
        if parent_base.kind == "multi-table" and parent_base.place:
            inherited = options_of(classes, parent_base.place, depth + 1)
            return {key: inherited[key] for key in ("ordering",) if key in inherited}
    return {}


def _inherit_ordering(
    classes: Classes, place: Place, options: dict[str, ast.expr], depth: int
) -> None:
    """A child or proxy model without its own ordering takes its concrete parent's."""
    if "ordering" in options or "abstract" in options:
        return
    for base in classes.kind(place).bases:
        if base.kind == "multi-table" and base.place:
            inherited = options_of(classes, base.place, depth + 1)
            if "ordering" in inherited:
                options["ordering"] = inherited["ordering"]
                return


def add_options(row: Model, options: dict[str, ast.expr]) -> None:
    """Add the options that have keys of their own in the snapshot."""
    if ordering := _texts(options.get("ordering")):
        row["ordering"] = ordering
    if together := _lists(options.get("unique_together")):
        row["unique_together"] = together
    if together := _lists(options.get("index_together")):
        row["index_together"] = together
    if permissions := _lists(options.get("permissions")):
        row["permissions"] = permissions
    if indexes := _indexes(options.get("indexes"), row["name"], row["app"]):
        row["indexes"] = indexes
    if constraints := _indexes(options.get("constraints"), row["name"], row["app"]):
        row["constraints"] = [
            {
                "name": one["name"],
                "class": one["class"],
                "fields": one["fields"],
                "condition": one["condition"],
            }
            for one in constraints
        ]


def is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _texts(node: ast.expr | None) -> list[str]:
    """The strings in a list; anything else in it as source text."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return []
    return [text_of(item) if string(item) is None else str(string(item)) for item in node.elts]


def _lists(node: ast.expr | None) -> list[list[str]]:
    """Lists of strings. As in Django, a flat list of strings counts as a single entry."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return []
    if node.elts and string(node.elts[0]) is not None:
        return [_texts(node)]
    return [_texts(item) or [text_of(item)] for item in node.elts]


def _indexes(node: ast.expr | None, model: str, label: str) -> list[Index]:
    """Indexes or constraints, which are written alike."""
    rows: list[Index] = []
    for call in node.elts if isinstance(node, ast.List | ast.Tuple) else []:
        if not isinstance(call, ast.Call):
            continue
        keywords = {item.arg: item.value for item in call.keywords if item.arg}
        condition = keywords.get("condition") or keywords.get("check")
        name = string(keywords.get("name"))
        if name:
            name = name.replace("%(class)s", model.lower()).replace("%(app_label)s", label)
        rows.append(
            {
                "name": name,
                "class": (dotted(call.func) or "").rpartition(".")[2],
                "fields": _texts(keywords.get("fields")),
                "expressions": ", ".join(text_of(item) for item in call.args) or None,
                "condition": scrub(text_of(condition)) if condition is not None else None,
            }
        )
    return rows
