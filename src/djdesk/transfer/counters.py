"""Sequences for primary keys: a number once used is not given again, even if its row
was deleted."""

from __future__ import annotations

from typing import Any

from django.db import connections

from .tables import Table


def read(table: Table) -> int | None:
    """The last number given, or None if the table has no sequence."""
    auto = table.model._meta.auto_field
    if auto is None or auto not in table.fields:
        return None
    connection = connections[table.alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [table.model._meta.db_table]
            )
            row = cursor.fetchone()
            return (row[0] or None) if row else None
        if connection.vendor == "postgresql" and (name := _sequence(cursor, table, auto)):
            cursor.execute(f"SELECT last_value, is_called FROM {name}")  # noqa: S608 - the server's
            last, is_called = cursor.fetchone()
            return last if is_called else None
    return None


def restore(table: Table, last: int | None) -> None:
    """Continue after ``last`` and after every existing number."""
    auto = table.model._meta.auto_field
    if auto is None or auto not in table.fields:
        return
    connection = connections[table.alias]
    quote = connection.ops.quote_name
    name, column = table.model._meta.db_table, auto.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({quote(column)}) FROM {quote(name)}")  # noqa: S608 - quoted
        last = max(last or 0, cursor.fetchone()[0] or 0)
        if last < 1:
            return
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, name])
            if not cursor.rowcount:
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last]
                )
        elif connection.vendor == "postgresql" and (sequence := _sequence(cursor, table, auto)):
            cursor.execute("SELECT setval(%s::regclass, %s, true)", [sequence, last])


def _sequence(cursor: Any, table: Table, auto: Any) -> str | None:
    quote = connections[table.alias].ops.quote_name
    cursor.execute(
        "SELECT pg_get_serial_sequence(%s, %s)",
        [quote(table.model._meta.db_table), auto.column],
    )
    name: str | None = cursor.fetchone()[0]
    return name
