"""Migrations by app, with their state in each database."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from inspector.sections.migrations import Database, Migration, Migrations

Databases = dict[str, Database]  # by alias


@dataclass(frozen=True)
class Row:
    """``state``: ``applied``, ``pending``, ``squashed`` (replaced by an applied one) or ``unknown``
    (no database was read).
    """

    migration: Migration
    state: str


@dataclass(frozen=True)
class AppRows:
    label: str
    origin: str
    rows: list[Row]
    conflict: list[str]

    @property
    def pending(self) -> int:
        return sum(r.state == "pending" for r in self.rows)


def by_app(data: Migrations | None, databases: Databases) -> list[AppRows]:
    """Own apps first; the migrations of each in dependency order."""
    applied, readable = _applied(databases)
    conflicts = data["conflicts"] if data else {}
    apps = []
    for label, app in data["apps"].items() if data else ():
        replaced = {name for m in app["migrations"] for name in m.get("replaces", [])}
        rows = [
            Row(m, _state(f"{label}.{m['name']}", m, applied, readable, replaced))
            for m in app["migrations"]
        ]
        apps.append(AppRows(label, app["origin"], rows, conflicts.get(label) or []))
    rank = {"project": 0, "outside": 1, "third-party": 2}
    return sorted(apps, key=lambda a: (rank.get(a.origin, 3), a.label))


def ghosts(databases: Databases) -> list[tuple[str, str]]:
    """(database, migration) for applied migrations without a file."""
    return [
        (alias, name) for alias, found in databases.items() for name in found.get("ghosts") or []
    ]


SERVERS = {"postgres": "PostgreSQL", "postgis": "PostgreSQL", "mysql": "MySQL or MariaDB"}
NOT_ASKED = ("sqlite", "spatialite", "oracle", "mssql", "sql_server")


@dataclass(frozen=True)
class Server:
    """A server database and what connecting to it would do; ``kind`` is ""
    if it cannot be asked.
    """

    alias: str
    kind: str
    where: str
    name: str
    database: Database

    @property
    def asked(self) -> bool:
        return "asked" in self.database

    @property
    def read(self) -> bool:
        return self.asked and self.database["state"] in {"ok", "empty"}


def server_kind(database: Database) -> str:
    """The product name of a database that accepts connections, or ""."""
    engine = str(database.get("engine") or "")
    if not engine or any(name in engine for name in NOT_ASKED):
        return ""
    # A custom backend is based on one of the two, or reports a problem when asked.
    return next((kind for name, kind in SERVERS.items() if name in engine), _("a server"))


def servers(databases: Databases) -> list[Server]:
    """Databases that are not files, whether or not they can be asked."""
    rows = []
    for alias, found in databases.items():
        engine = str(found.get("engine") or "")
        if "sqlite" in engine or "spatialite" in engine:
            continue
        host, port = found.get("host") or "", found.get("port") or ""
        where = f"{host}:{port}" if host and port else host
        rows.append(Server(alias, server_kind(found), where, found.get("name") or "", found))
    return rows


def _applied(databases: Databases) -> tuple[set[str], bool]:
    """Names applied in any database, and whether any database could be read."""
    readable = [d for d in databases.values() if d.get("pending") is not None]
    return {name for d in readable for name in d.get("applied") or []}, bool(readable)


def _state(
    full: str, migration: Migration, applied: set[str], readable: bool, replaced: set[str]
) -> str:
    if not readable:
        return "unknown"
    if full in applied:
        return "applied"
    own = migration.get("replaces") or []
    if own and all(name in applied for name in own):
        return "applied"
    return "squashed" if full in replaced else "pending"
