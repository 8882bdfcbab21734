"""Emulate PostgreSQL's statements about sequences and extensions on SQLite.

Migrations reset a table's sequence after inserting rows with explicit ids. SQLite does this by
itself, so those statements do nothing; queries for a sequence's value get SQLite's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

COUNTER = re.compile(r'\s*select\s+last_value\s+from\s+"?(\w+?)_[a-z]+_seq"?\s*;?\s*', re.I)
NOTHING = re.compile(
    r"\s*(alter\s+sequence\b|select\s+(pg_catalog\.)?setval\s*\(|(create|drop)\s+extension\b"
    r"|comment\s+on\b)",
    re.I,
)


def translate(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """A Django execute wrapper; all other statements pass unchanged."""
    if match := COUNTER.fullmatch(sql):
        own = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 1)"
        return execute(own, [match[1]], many, context)
    if NOTHING.match(sql):
        return execute("SELECT 1", None, many, context)
    return execute(sql, params, many, context)


def watch(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Receiver of ``connection_created``."""
    from django.conf import settings

    replaced = getattr(settings, "DESKTOP_REPLACED_DATABASES", ())
    if connection.alias in replaced and translate not in connection.execute_wrappers:
        connection.execute_wrappers.append(translate)
