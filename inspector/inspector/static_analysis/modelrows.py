"""One model as a row of the snapshot, including inherited members."""

from __future__ import annotations

import ast

from djdesk.projects.code.classbody import assignments, methods, properties
from djdesk.projects.code.source import string
from djdesk.projects.code.tree import Place
from djdesk.projects.redact import scrub
from inspector.sections.models import Base as BaseRow
from inspector.sections.models import Field, Manager, Model
from inspector.static_analysis import modelmeta
from inspector.static_analysis.abstractmodels import AbstractModels
from inspector.static_analysis.apps import App
from inspector.static_analysis.classes import Base
from inspector.static_analysis.modelfields import build_field
from inspector.static_analysis.modelkeys import automatic, automatic_class, parent_links
from inspector.static_analysis.modellabels import Labels


class ModelRows:
    """Builds the rows. ``django``: version of the project's Django, if known."""

    def __init__(self, labels: Labels, abstract: AbstractModels, django: str | None) -> None:
        self.tree = labels.tree
        self.classes = labels.classes
        self.labels = labels
        self.abstract = abstract
        self.settings = labels.settings
        self.default_key = self.settings.literal("DEFAULT_AUTO_FIELD") or automatic_class(django)

    def row(self, label: str, place: Place, app: App) -> Model:
        node = self.classes.node(place)
        assert node is not None
        self.labels.owner = label
        meta = modelmeta.options_of(self.classes, place)
        kind = self.classes.kind(place)
        proxy = modelmeta.is_true(meta.get("proxy"))
        bases = [self._base(base, proxy) for base in kind.bases if base.kind != "root"]
        fields, managers = self._members(place)
        table = string(meta.get("db_table")) or f"{app.label}_{place.name.lower()}"
        parents = [base for base in bases if base["kind"] == "multi-table"]
        if proxy:
            # A proxy has no columns, but may have reverse relations.
            fields = [
                one for one in fields if "rel" in one and one["rel"]["kind"] == "generic-relation"
            ]
            table = self._table_of_parent(kind.bases) or table
        elif not any(field.get("pk") for field in fields):
            fields = self._implicit(kind.bases, parents, fields, app) + fields
        model: Model = {
            "label": label,
            "app": app.label,
            "name": place.name,
            "module": place.module.name,
            "file": self.tree.relative(place.module.file),
            "line": node.lineno,
            "origin": self.tree.origin(place.module.file),
            "table": table,
            "verbose_name": string(meta.get("verbose_name")) or _words(place.name),
            "bases": bases,
            "managers": managers or [{"name": "objects", "class": "django.db.models.Manager"}],
            "fields": fields,
            "methods": methods(node),
            "properties": properties(node),
        }
        if doc := ast.get_docstring(node):
            model["doc"] = scrub(" ".join(doc.split("\n\n")[0].split()))
        if proxy:
            model["proxy"] = True
        if modelmeta.is_true(meta.get("auto_created")):
            model["auto_created"] = label  # Django creates no migration for it
        if isinstance(managed := meta.get("managed"), ast.Constant) and managed.value is False:
            model["managed"] = False
        if swap := string(meta.get("swappable")):
            chosen = self.settings.literal(swap)
            if chosen and chosen.lower() != label.lower():
                model["swapped"] = chosen
        modelmeta.add_options(model, meta)
        return model

    def _base(self, base: Base, proxy: bool) -> BaseRow:
        label = self.labels.of(base.place) if base.place else None
        if base.kind == "abstract" and base.place:
            self.abstract.note(base.place)
        # `root` has no row, so any other kind is one of the snapshot's.
        kind = base.kind if base.kind != "root" else "mixin"
        return {
            "name": base.name,
            "module": base.module,
            "kind": "proxy-of" if proxy and kind == "multi-table" else kind,
            "label": label,
        }

    def _table_of_parent(self, bases: list[Base]) -> str | None:
        for base in bases:
            if not base.place or base.kind not in {"multi-table", "abstract"}:
                continue
            if label := self.labels.of(base.place):
                meta = modelmeta.options_of(self.classes, base.place)
                app, _, name = label.partition(".")
                return string(meta.get("db_table")) or f"{app}_{name.lower()}"
        return None

    def _members(self, place: Place, depth: int = 0) -> tuple[list[Field], list[Manager]]:
        """Own fields and managers, and those of abstract parents, in Django's order."""
        node = self.classes.node(place)
        fields: dict[str, Field] = {}
        managers: dict[str, Manager] = {}
        if node is None or depth > 15:
            return [], []
        for base in reversed(self.classes.kind(place).bases):
            if base.kind == "multi-table" and base.place:
                # Fields stay in the parent's table; only managers are inherited.
                _, inner = self._members(base.place, depth + 1)
                managers.update({manager["name"]: manager for manager in inner})
            if base.kind == "abstract" and base.place:
                inherited, inner = self._members(base.place, depth + 1)
                for field in inherited:
                    field.setdefault("inherited_from", base.place.name)
                    fields[field["name"]] = field
                managers.update({manager["name"]: manager for manager in inner})
        for item in node.body:
            # Any other attribute of that name hides the inherited field.
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                fields.pop(item.name, None)
        for name, value, line in assignments(node):
            if not isinstance(value, ast.Call):
                fields.pop(name, None)
                continue
            if found := self.classes.field(place.module, value):
                fields.pop(name, None)
                fields[name] = build_field(self.labels, place, name, value, line, found)
            elif manager := self.classes.manager(place.module, value):
                managers[name] = {"name": name, "class": manager}
        return list(fields.values()), list(managers.values())

    def _implicit(
        self,
        bases: list[Base],
        parents: list[BaseRow],
        fields: list[Field],
        app: App,
    ) -> list[Field]:
        """The primary key that Django adds: a link to the parent, or `id`."""
        concrete = [*parents]
        for base in bases:
            # A concrete parent behind an abstract class.
            if base.kind == "abstract" and base.place:
                for inner in self.classes.kind(base.place).bases:
                    if inner.kind == "multi-table":
                        concrete.append(self._base(inner, False))
        if concrete:
            return parent_links(concrete, fields)
        return [automatic(app.auto_field or self.default_key)]


def _words(name: str) -> str:
    """`BookCopy` -> `book copy`, as Django's camel_case_to_spaces."""
    out = ""
    for index, letter in enumerate(name):
        following = name[index + 1 : index + 2]
        previous = name[index - 1 : index] if index else ""
        boundary = letter.isupper() and previous
        if boundary and (previous.islower() or (previous.isupper() and following.islower())):
            out += " "
        out += letter.lower()
    return out
