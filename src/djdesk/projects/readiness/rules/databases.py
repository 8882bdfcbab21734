"""DB2: SQLite replaces a database server if the project's migrations run on it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from djdesk.projects.code.source import Module, dotted
from djdesk.projects.discovery.installed import normalize
from djdesk.projects.readiness.draft import Draft
from djdesk.projects.readiness.look import Look
from djdesk.projects.readiness.report import Decision

SERVER = re.compile(r"postg|psql|mysql|mariadb|oracle|mssql|tenant", re.IGNORECASE)
LITE = re.compile(r"sqlite|spatialite", re.IGNORECASE)
# Fields and constraints of PostgreSQL alone. Indexes and extensions of django.contrib.postgres do
# not count: SQLite creates plain indexes and skips extensions.
COLUMNS = {
    "ArrayField",
    "HStoreField",
    "CIText",
    "CICharField",
    "CIEmailField",
    "CITextField",
    "IntegerRangeField",
    "BigIntegerRangeField",
    "DecimalRangeField",
    "DateTimeRangeField",
    "DateRangeField",
    "ExclusionConstraint",
}
STATEMENTS = re.compile(
    r"create\s+(or\s+replace\s+)?(function|trigger\s.*execute|sequence|materialized)"
    r"|plpgsql|::\w+|\busing\s+gin\b|\bdo\s+\$\$|alter\s+(column|type)|alter\s+table\s.*"
    r"(alter\s+column|add\s+constraint)|to_tsvector|jsonb_|interval\s+'|\bilike\b"
    r"|\bnextval\b|pg_get_serial_sequence|information_schema|pg_catalog\.pg_",
    re.IGNORECASE | re.DOTALL,
)
# Code that checks for the database vendor, perhaps in a helper of the project.
GUARDED = re.compile(
    r"\.vendor\b|connection\.settings_dict|ENGINE|(is|if|only)_?(on_)?postgres|postgres\w*_only",
    re.I,
)
# Packages whose models need PostgreSQL.
PACKAGES = {
    "django-tenants": "schemas for tenants",
    "django-tenant-schemas": "schemas for tenants",
    "django-postgres-extra": "its own PostgreSQL engine",
    "django-pgtrigger": "triggers",
    "django-pghistory": "triggers",
    "django-timescaledb": "TimescaleDB",
    "pgvector": "vectors",
    "django-pgclone": "PostgreSQL's tools",
    "procrastinate": "a queue in PostgreSQL",
    "django-ltree": "the type ltree",
    "django-pg-zero-downtime-migrations": "its own engine",
}
QUERIES = re.compile(
    r"^\s*from\s+django\.contrib\.postgres\.(search|aggregates|lookups|functions)\s+import\b[^\n(]*",
    re.MULTILINE,
)


def rule(look: Look, draft: Draft) -> list[Decision]:
    named = _engines(look)
    engines = [text for text in named if SERVER.search(text)]
    lite = [text for text in named if LITE.search(text)]
    # Settings that also support SQLite prove that the migrations have been run there.
    decisions = [] if lite else list(_needs(look))
    if decisions:
        return decisions
    if engines or not lite:
        draft.set("data.database", "sqlite")
        engine = next(iter(engines), "read from the environment")
        decisions.append(
            Decision(
                "DB2",
                "",
                "The database is SQLite, one file in the data folder.",
                f"The project uses {engine}, but its migrations need nothing that only a "
                "server has.",
                look.place_of("DATABASES"),
            )
        )
        if queries := next(look.search(QUERIES), None):
            decisions.append(
                Decision(
                    "DB2",
                    "B",
                    "Queries that only PostgreSQL supports do not work on SQLite.",
                    f"{queries.text}: pages that run such queries show an error.",
                    look.place(queries.file, queries.line),
                    "Use another query where connection.vendor is sqlite.",
                )
            )
    return decisions


def _engines(look: Look) -> list[str]:
    """Strings in the value of DATABASES, of all branches if it is conditional."""
    if "DATABASES" in look.settings.uncertain:
        return [text for text, _ in look.strings_in("DATABASES")]
    node = look.source_of("DATABASES")
    return [
        one.value
        for one in (ast.walk(node) if node is not None else ())
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def _needs(look: Look) -> Iterator[Decision]:
    """What ties the project to PostgreSQL."""
    for name in sorted(look.wanted & {normalize(one) for one in PACKAGES}):
        yield _tied(f"The package {name} needs PostgreSQL: {PACKAGES[name]}.", "")
    if any("django.contrib.gis" in app for app in look.installed_apps):
        yield _tied("GeoDjango needs PostGIS or SpatiaLite.", look.place_of("INSTALLED_APPS"))
    seen: set[Path] = set()
    for module in look.parsed(*COLUMNS, "RunSQL", "execute", folder="migrations"):
        if module.file in seen:
            continue
        if found := _in_migration(module):
            seen.add(module.file)
            line, what = found
            app = module.file.parent.parent.name
            yield _tied(
                f"The migration {app}.{module.file.stem} needs PostgreSQL: {what}.",
                look.place(module.file, line),
            )


def _in_migration(module: Module) -> tuple[int, str] | None:
    """(line, what) of the first operation that SQLite cannot run."""
    guarded = bool(GUARDED.search(module.text))
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = (dotted(node.func) or "").rpartition(".")[2]
        if name in COLUMNS:
            return node.lineno, name
        if name in ("RunSQL", "execute") and not guarded and node.args:
            texts = [
                one.value
                for one in ast.walk(node.args[0])
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if match := next(filter(None, map(STATEMENTS.search, texts)), None):
                return node.lineno, " ".join(match[0].split())[:60]
    return None


def _tied(what: str, where: str) -> Decision:
    return Decision(
        "DB2",
        "C",
        what,
        "A desktop app keeps its data in one SQLite file.",
        where,
        "Write the operation differently where schema_editor.connection.vendor is sqlite, or "
        "wait for a bundled PostgreSQL.",
    )
