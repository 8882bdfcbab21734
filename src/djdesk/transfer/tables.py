"""An app's tables and rows, read and written without the model layer.

Tables are read and written column by column: no manager that hides rows, no ``save()``, no signals
and no ``auto_now``. Content types and permissions have different numbers in each database, so they
and references to them are written by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, TypedDict

from django.apps import apps
from django.db import connections, router
from django.db.models import BooleanField, ExpressionWrapper, JSONField, Model, Q, QuerySet

from . import values
from .values import Tagged

# Which worker is alive is not data.
LEASES = "djdesk_web"


class RowsSum(TypedDict):
    """``digest``: independent of the order of the rows."""

    rows: int
    digest: str


class TableTotal(RowsSum):
    """What a file says about one table. ``counter``: the last number given, see `counters`."""

    columns: list[str]
    counter: int | None


# By ``alias/app.Model``.
Totals = dict[str, TableTotal]


@dataclass
class Total:
    """Order-independent totals of a table's rows."""

    rows: int = 0
    digest: int = 0

    def add(self, line: str) -> None:
        self.rows += 1
        part = hashlib.sha256(line.encode()).digest()
        self.digest = (self.digest + int.from_bytes(part[:16])) % 2**128

    def as_dict(self) -> RowsSum:
        return {"rows": self.rows, "digest": f"{self.digest:032x}"}


@dataclass
class Names:
    """Maps numbers of content types and permissions in one database to names, and back. Read once
    per run."""

    alias: str
    _names: dict[type[Model], dict[int, str]] = field(default_factory=dict)
    _numbers: dict[type[Model], dict[str, int]] = field(default_factory=dict)

    def names(self, model: type[Model]) -> dict[int, str]:
        if model not in self._names:
            self._names[model] = {
                pk: name_of(row) for pk, *row in _rows_of(model, self.alias, "pk")
            }
        return self._names[model]

    def add(self, model: type[Model], name: str, number: int) -> None:
        self.numbers(model)[name] = number
        self.names(model)[number] = name

    def numbers(self, model: type[Model]) -> dict[str, int]:
        if model not in self._numbers:
            self._numbers[model] = {name: pk for pk, name in self.names(model).items()}
        return self._numbers[model]


@cache
def named_models() -> tuple[type[Model], ...]:
    """Models written by name: content types before permissions, which refer to them."""
    wanted = (("contenttypes", "ContentType"), ("auth", "Permission"))
    return tuple(
        apps.get_model(label, name)
        for label, name in wanted
        if apps.is_installed(f"django.contrib.{label}")
    )


def name_of(row: list[Any] | tuple[Any, ...]) -> str:
    """``app.model`` of a content type, ``app.model.codename`` of a permission."""
    return ".".join(row)


def is_permission(model: type[Model]) -> bool:
    return model._meta.label == "auth.Permission"


def _rows_of(model: type[Model], alias: str, *first: str) -> Iterator[tuple[Any, ...]]:
    parts: tuple[str, ...] = ("app_label", "model")
    if is_permission(model):
        parts = ("content_type__app_label", "content_type__model", "codename")
    return QuerySet(model, using=alias).order_by("pk").values_list(*first, *parts).iterator()


class Table:
    """One table in one database."""

    def __init__(self, model: type[Model], alias: str, names: Names) -> None:
        self.model = model
        self.alias = alias
        self.label: str = model._meta.label
        self.names = names

    @property
    def name(self) -> str:
        """Name in the file."""
        return f"{self.alias}/{self.label}"

    @property
    def by_name(self) -> bool:
        return self.model in named_models()

    @cached_property
    def fields(self) -> list[Any]:
        """Fields with a column in this table, except generated ones, which the database
        computes.
        """
        return [
            one
            for one in self.model._meta.local_concrete_fields
            if one.column and not getattr(one, "generated", False)
        ]

    def lines(self, total: Total) -> Iterator[str]:
        """Every row as a line of JSON; added to ``total``."""
        if self.by_name:
            titles = ("name",) if is_permission(self.model) else ()
            for named in _rows_of(self.model, self.alias, *titles):
                line = values.dump([name_of(named[len(titles) :]), *named[: len(titles)]])
                total.add(line)
                yield line
            return
        ready = [(at, out) for at, one in enumerate(self.fields) if (out := self._outgoing(one))]
        jsons = [at for at, one in enumerate(self.fields) if isinstance(one, JSONField)]
        # SQL's NULL and JSON's null are both None in Python.
        null = [
            ExpressionWrapper(Q(**{f"{self.fields[at].name}__isnull": True}), BooleanField())
            for at in jsons
        ]
        names = [one.attname for one in self.fields]
        query = QuerySet(self.model, using=self.alias).order_by("pk").values_list(*names, *null)
        width = len(names)
        for found in query.iterator(chunk_size=2000):
            row = list(found[:width])
            for at, out in ready:
                row[at] = out(row[at])
            for at, is_null in zip(jsons, found[width:], strict=True):
                if row[at] is None and not is_null:
                    row[at] = values.JSON_NULL
            line = values.dump(row)
            total.add(values.canonical(row) if jsons else line)
            yield line

    def _outgoing(self, one: Any) -> Any:
        if (model := self._named_by(one)) is None:
            return values.outgoing(one)
        names = self.names.names(model)
        # A dangling reference, possible without constraint checks, stays a number.
        return lambda number: Tagged("name", names[number]) if number in names else number

    def _named_by(self, one: Any) -> type[Model] | None:
        related = one.remote_field and one.related_model
        if related in named_models() and one.target_field.primary_key:
            return related
        return None

    @cached_property
    def prepared(self) -> list[Any]:
        """For each column, a function that converts a value in the file for a statement."""
        connection = connections[self.alias]
        return [
            self._numbered(model)
            if (model := self._named_by(one))
            else values.incoming(one, connection)
            for one in self.fields
        ]

    def _numbered(self, model: type[Model]) -> Any:
        def ready(value: Any) -> Any:
            if isinstance(value, dict):
                return self.names.numbers(model)[value["name"]]
            return value

        return ready

    def insert(self) -> str:
        """The INSERT statement for one row."""
        quote = connections[self.alias].ops.quote_name
        columns = ", ".join(quote(one.column) for one in self.fields).replace("%", "%%")
        marks = ", ".join(["%s"] * len(self.fields))
        into = quote(self.model._meta.db_table).replace("%", "%%")
        return f"INSERT INTO {into} ({columns}) VALUES ({marks})"  # noqa: S608 - quoted

    def count(self) -> int:
        return QuerySet(self.model, using=self.alias).count()


def tables(alias: str, names: Names | None = None) -> list[Table]:
    """All tables of installed apps in this database, each once and sorted by name, content types
    and permissions first. Unmanaged tables are included if they exist."""
    names = names or Names(alias)
    there = set(connections[alias].introspection.table_names())
    found: dict[str, Table] = {}
    models = apps.get_models(include_auto_created=True)
    for model in sorted(models, key=lambda one: (not one._meta.managed, one._meta.label)):
        meta = model._meta
        if meta.proxy or meta.app_label == LEASES or meta.db_table in found:
            continue
        if meta.db_table in there and router.allow_migrate_model(alias, model):
            found[meta.db_table] = Table(model, alias, names)
    order = named_models()
    return sorted(
        found.values(),
        key=lambda one: (order.index(one.model) if one.by_name else len(order), one.label),
    )
