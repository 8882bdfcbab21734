"""Classifies classes as model, field or manager, following bases through all readable source."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, Literal

from djdesk.projects.code.source import Module, dotted
from djdesk.projects.code.tree import Place, Tree
from inspector.sections.models import RelationKind
from inspector.static_analysis.filefacts import no_model

MODEL = {"django.db.models.Model", "django.db.models.base.Model"}
GENERIC: dict[str, RelationKind] = {
    "django.contrib.contenttypes.fields.GenericForeignKey": "generic",
    "django.contrib.contenttypes.fields.GenericRelation": "generic-relation",
}
RELATIONS: dict[str, RelationKind] = {
    "ForeignKey": "fk",
    "OneToOneField": "o2o",
    "ManyToManyField": "m2m",
}
RELATIONS |= {full.rpartition(".")[2]: kind for full, kind in GENERIC.items()}
# Form and serializer fields also have names that end in "Field".
NOT_MODEL_FIELDS = ("django.forms", "rest_framework", "wtforms", "graphene", "django_filters")


@dataclass
class Base:
    """One base of a model class. ``kind``: as in the snapshot; `root` is Django's `Model`."""

    name: str
    module: str
    kind: Literal["root", "abstract", "multi-table", "mixin", "unresolved"]
    place: Place | None = None


@dataclass
class Kind:
    """The classification of one class."""

    model: bool = False
    guessed: bool = False
    bases: list[Base] = field(default_factory=list)


class Classes:
    """Classifies classes and caches the answers."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._kinds: dict[tuple[str, str], Kind] = {}
        self._fields: dict[str, str | None] = {}
        # The questions each cached answer depends on; no entry while the answer
        # is being worked out.
        self._asked: dict[Any, dict[str, str]] = {}

    def node(self, place: Place) -> ast.ClassDef | None:
        return place.module.classes.get(place.name)

    def kind(self, place: Place, depth: int = 0) -> Kind:
        key = (str(place.module.file), place.name)
        if key in self._kinds:
            self._noted(key)
            return self._kinds[key]
        kind = self._kinds[key] = Kind()
        with self.tree.watch() as asked:
            self._fill(kind, place, depth)
        self._asked[key] = asked
        return kind

    def _noted(self, key: Any) -> None:
        # The answer is still being worked out: the bases form a circle.
        self.tree.note_all(self._asked.get(key, {self.tree.UNSURE: ""}))

    def _fill(self, kind: Kind, place: Place, depth: int) -> None:
        node = self.node(place)
        if node is None or depth > 30:
            return
        unresolved = False
        for expression in node.bases:
            base = self._base(place.module, expression, depth)
            if base is None:
                continue
            kind.bases.append(base)
            if base.kind in {"root", "abstract", "multi-table"}:
                kind.model = True
            unresolved = unresolved or base.kind == "unresolved"
        if not kind.model and unresolved and self._looks_like_model(place, node):
            kind.model = kind.guessed = True

    def _base(self, module: Module, expression: ast.expr, depth: int) -> Base | None:
        if isinstance(expression, ast.Subscript):  # Generic["X"]
            expression = expression.value
        if isinstance(expression, ast.Call):
            called = dotted(expression.func) or ""
            # Factories such as get_base_model() or with_metaclass(Meta, Base).
            if called.endswith("with_metaclass") and len(expression.args) > 1:
                return self._base(module, expression.args[1], depth)
            return Base(called.rpartition(".")[2] + "()", "", "unresolved")
        name = dotted(expression)
        if name is None:
            return None
        full = self.tree.qualify(module, name)
        short = full.rpartition(".")[2]
        if full in MODEL:
            return Base("Model", "django.db.models", "root")
        if no_model(full):
            return Base(short, full.rpartition(".")[0], "mixin")
        place = self.tree.find(full)
        if place is None:
            unknown = "." in full and not full.startswith(("abc.", "typing.", "object"))
            return Base(short, full.rpartition(".")[0], "unresolved" if unknown else "mixin")
        node = self.node(place)
        if node is None:
            # An alias: `BaseModel = get_model_base()` or `Base = other.Base`.
            value = place.module.assigned.get(place.name)
            if value is not None and depth < 20 and not isinstance(value, ast.Constant):
                return self._base(place.module, value, depth + 1)
            return Base(short, place.module.name, "unresolved")
        if f"{place.module.name}.{place.name}" in MODEL:
            return Base("Model", "django.db.models", "root")
        inner = self.kind(place, depth + 1)
        if not inner.model:
            return Base(place.name, place.module.name, "mixin", place)
        if is_abstract(node):
            return Base(place.name, place.module.name, "abstract", place)
        return Base(place.name, place.module.name, "multi-table", place)

    def _looks_like_model(self, place: Place, node: ast.ClassDef) -> bool:
        if "models" not in place.module.name.split(".")[-2:] and not _imports_models(place.module):
            return False
        for item in node.body:
            if isinstance(item, ast.Assign) and isinstance(item.value, ast.Call):
                full = self.tree.qualify(place.module, dotted(item.value.func) or "")
                if full.startswith("django.db.models.") or full.startswith("modelcluster.fields."):
                    return True
        return False

    def field(self, module: Module, call: ast.Call) -> tuple[str, str, RelationKind | None] | None:
        """(class, type, relation kind) if the call creates a model field, else None."""
        name = dotted(call.func)
        if name is None:
            return None
        full = self.tree.qualify(module, name)
        if full in GENERIC:
            return full, full.rpartition(".")[2], GENERIC[full]
        root = self._field_root(full, 0)
        if root is None:
            return None
        short = full.rpartition(".")[2]
        return canonical(full), short, RELATIONS.get(root)

    def _field_root(self, full: str, depth: int) -> str | None:
        """The Django field class that a class inherits from, as a short name."""
        if full in self._fields:
            self._noted(full)
            return self._fields[full]
        self._fields[full] = None
        with self.tree.watch() as asked:
            self._fields[full] = result = self._find_root(full, depth)
        self._asked[full] = asked
        return result

    def _find_root(self, full: str, depth: int) -> str | None:
        short = full.rpartition(".")[2]
        if full.startswith(NOT_MODEL_FIELDS) or depth > 20:
            return None
        if full in GENERIC:
            return short
        if short.endswith("TaggableManager"):
            return "ManyToManyField"
        if full.startswith("django.db.models.") and _is_field_name(short):
            return short
        if full.startswith(("django.contrib.postgres.", "django.contrib.gis.db.models")):
            return "Field" if _is_field_name(short) else None
        place = self.tree.find(full)
        node = self.node(place) if place else None
        if place is None or node is None:
            if "." in full and "forms" not in full and _is_field_name(short):
                for relation in RELATIONS:
                    if short.endswith(relation):
                        return relation
                return "ForeignKey" if short.endswith("ForeignKey") else "Field"
            return None
        for base in node.bases:
            expression = base.value if isinstance(base, ast.Subscript) else base
            name = dotted(expression)
            if name is None:
                continue
            root = self._field_root(self.tree.qualify(place.module, name), depth + 1)
            if root:
                return root
        return None

    def manager(self, module: Module, call: ast.expr) -> str | None:
        """The manager class that an expression creates, or None."""
        if not isinstance(call, ast.Call):
            return None
        func = call.func
        if isinstance(func, ast.Call):  # Manager.from_queryset(QuerySet)()
            return dotted(func.func) and self.tree.qualify(module, dotted(func.func) or "")
        name = dotted(func) or ""
        if name.endswith(".as_manager"):
            return self.tree.qualify(module, name)
        full = self.tree.qualify(module, name)
        short = full.rpartition(".")[2]
        if short == "TaggableManager":
            return None
        return canonical(full) if self._is_manager(full, 0) else None

    def _is_manager(self, full: str, depth: int) -> bool:
        if full.rpartition(".")[2].endswith("Manager"):
            return True
        if full.startswith("django.db.models."):
            return False  # mostly fields: Django's managers all have such a name
        place = self.tree.find(full)
        node = self.node(place) if place else None
        if place is None or node is None or depth > 8:
            return False
        for base in node.bases:
            # class Live(models.Manager.from_queryset(Query))
            name = dotted(base.func if isinstance(base, ast.Call) else base) or ""
            name = name.removesuffix(".from_queryset")
            if name and self._is_manager(self.tree.qualify(place.module, name), depth + 1):
                return True
        return False


def is_abstract(node: ast.ClassDef) -> bool:
    for item in node.body:
        if isinstance(item, ast.ClassDef) and item.name == "Meta":
            for statement in item.body:
                match statement:
                    case ast.Assign(
                        targets=[ast.Name(id="abstract")], value=ast.Constant(value=True)
                    ):
                        return True
    return False


def canonical(full: str) -> str:
    """Shorten a Django path: `django.db.models.fields.related.ForeignKey` becomes
    `django.db.models.ForeignKey`.
    """
    if full.startswith("django.db.models."):
        return "django.db.models." + full.rpartition(".")[2]
    return full


def _is_field_name(short: str) -> bool:
    return short.endswith(("Field", "ForeignKey", "ForeignObject")) and short[:1].isupper()


def _imports_models(module: Module) -> bool:
    return any(target.startswith("django.db.models") for target in module.imports.values())
