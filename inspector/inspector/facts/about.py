"""Describes a project in the few facts that fit on two lines: what it stores, and where."""

from __future__ import annotations

import re
from collections import Counter
from typing import TypedDict

from inspector.sections.common import data_of
from inspector.sections.scan import Snapshot


class NamedDatabase(TypedDict):
    """``kind``: the product, such as ``SQLite``."""

    alias: str
    kind: str
    name: str
    state: str


class About(TypedDict):
    """See `about`."""

    models: list[str]
    more: int
    databases: list[NamedDatabase]


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


def about(snapshot: Snapshot) -> About:
    """``{"models": [label], "more": 3, "databases": [{"alias", "kind", "name", "state"}]}``.

    ``models``: up to five own models with the most incoming relations; ``more``: number of
    the others. ``databases`` is empty if unknown; ``name`` and ``state`` are empty if only
    the source names one.
    """
    data = data_of(snapshot["sections"].get("models"))
    models = data.get("models") or [] if data else []
    own = [m for m in models if m["origin"] == "project" and not m.get("auto_created")]
    into = Counter(
        target.lower()
        for m in models
        for target in {f["rel"]["to"] or "" for f in m.get("fields") or [] if "rel" in f}
    )
    own.sort(key=lambda m: (-into[m["label"].lower()], -len(m.get("fields") or []), m["label"]))
    return {
        "models": [m["label"] for m in own[:NAMED]],
        "more": max(0, len(own) - NAMED),
        "databases": _live_databases(snapshot) or _named_databases(snapshot),
    }


def _live_databases(snapshot: Snapshot) -> list[NamedDatabase]:
    data = data_of(snapshot["sections"].get("databases"))
    return [
        {
            "alias": alias,
            "kind": _kind(row.get("engine") or ""),
            "name": str(row.get("name") or ""),
            "state": row.get("state") or "",
        }
        for alias, row in (data.get("databases") or {} if data else {}).items()
        if row.get("engine") and not row["engine"].endswith("dummy")
    ]


def _named_databases(snapshot: Snapshot) -> list[NamedDatabase]:
    """The databases in the settings, as far as they are literal."""
    data = data_of(snapshot["sections"].get("settings"))
    rows = data.get("variables") or [] if data else []
    value = next((str(v.get("value") or "") for v in rows if v["name"] == "DATABASES"), "")
    engines = re.findall(r"['\"]ENGINE['\"]: *['\"]([\w.]+)['\"]", value)
    kinds = dict.fromkeys(_kind(engine) for engine in engines)
    return [{"alias": "", "kind": kind, "name": "", "state": ""} for kind in kinds]


def _kind(engine: str) -> str:
    """The product name of a backend; for an unknown backend, its own name."""
    return next((kind for part, kind in ENGINES if part in engine), engine)
