"""Describes a project in the few facts that fit on two lines: what it stores, and where."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

Row = dict[str, Any]

NAMED = 5  # models
ENGINES = (
    ("sqlite", "SQLite"),
    ("spatialite", "SQLite"),
    ("postg", "PostgreSQL"),
    ("psycopg", "PostgreSQL"),
    ("mysql", "MySQL"),
    ("oracle", "Oracle"),
    ("mssql", "SQL Server"),
)


def about(snapshot: Row) -> Row:
    """``{"models": [label], "more": 3, "databases": [{"alias", "kind", "name", "state"}]}``.

    ``models``: up to five own models with the most incoming relations; ``more``: number of
    the others. ``databases`` is empty if unknown; ``name`` and ``state`` are empty if only
    the source names one.
    """
    models = (_data(snapshot, "models") or {}).get("models") or []
    own = [m for m in models if m["origin"] == "project" and not m.get("auto_created")]
    into = Counter(
        target.lower()
        for m in models
        for target in {(f.get("rel") or {}).get("to") or "" for f in m.get("fields") or []}
    )
    own.sort(key=lambda m: (-into[m["label"].lower()], -len(m.get("fields") or []), m["label"]))
    return {
        "models": [m["label"] for m in own[:NAMED]],
        "more": max(0, len(own) - NAMED),
        "databases": _live_databases(snapshot) or _named_databases(snapshot),
    }


def _data(snapshot: Row, name: str) -> Row | None:
    section = snapshot["sections"].get(name)
    return section["data"] if section and section["ok"] else None


def _live_databases(snapshot: Row) -> list[Row]:
    found = (_data(snapshot, "databases") or {}).get("databases") or {}
    return [
        {
            "alias": alias,
            "kind": _kind(row.get("engine") or ""),
            "name": str(row.get("name") or ""),
            "state": row.get("state") or "",
        }
        for alias, row in found.items()
        if row.get("engine") and not row["engine"].endswith("dummy")
    ]


def _named_databases(snapshot: Row) -> list[Row]:
    """The databases in the settings, as far as they are literal."""
    rows = (_data(snapshot, "settings") or {}).get("variables") or []
    value = next((str(v.get("value") or "") for v in rows if v["name"] == "DATABASES"), "")
    engines = re.findall(r"['\"]ENGINE['\"]: *['\"]([\w.]+)['\"]", value)
    kinds = dict.fromkeys(_kind(engine) for engine in engines)
    return [{"alias": "", "kind": kind, "name": "", "state": ""} for kind in kinds]


def _kind(engine: str) -> str:
    """The product name of a backend; for an unknown backend, its own name."""
    return next((kind for part, kind in ENGINES if part in engine), engine)
