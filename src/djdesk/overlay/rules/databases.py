"""DB1: every SQLite database in the data folder, with options for several processes."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePath
from typing import Any

from djdesk.desktop.database import FILE_NAME, sqlite_options

from ..rule import Context, Decision, OverlayProblem, Settings


def rule(settings: Settings, context: Context) -> Decision:
    databases = {}
    kept: list[str] = []
    replaced: dict[str, str] = {}
    for alias, entry in (settings.get("DATABASES") or {"default": {}}).items():
        if not _is_sqlite(entry) and context.app.data.database == "sqlite":
            replaced[alias] = entry.get("ENGINE") or "not set"
            shared = {"ATOMIC_REQUESTS", "AUTOCOMMIT", "TIME_ZONE"}
            entry = {name: value for name, value in entry.items() if name in shared}
            entry |= {"ENGINE": SQLITE, "NAME": ""}
        if not _is_sqlite(entry):
            kept.append(alias)
            databases[alias] = entry
            continue
        databases[alias] = _moved(alias, dict(entry), context)
    default = databases.get("default") or {}
    if not _is_sqlite(default):
        engine = default.get("ENGINE") or "not set"
        raise OverlayProblem(
            f"DB1: DATABASES['default'] is {engine}. A desktop app keeps its data in one file: "
            'set ENGINE to django.db.backends.sqlite3, or “database = "sqlite"” in '
            "[tool.djdesk.data] if its migrations run there."
        )
    said = f"{', '.join(a for a in databases if a not in kept)}: SQLite in the data folder."
    if replaced:
        said += f" Instead of {', '.join(f'{a} ({e})' for a, e in replaced.items())}."
    if kept:
        said += f" {', '.join(kept)}: not SQLite, left unchanged."
    changes: dict[str, Any] = {"DATABASES": databases}
    if replaced:
        # Server-specific statements are emulated by djdesk.desktop.sequences.
        changes["DESKTOP_REPLACED_DATABASES"] = list(replaced)
    return Decision(said, changes)


SQLITE = "django.db.backends.sqlite3"


def _is_sqlite(entry: dict[str, Any]) -> bool:
    """By the class: projects and packages subclass SQLite's backend."""
    engine = str(entry.get("ENGINE", ""))
    if engine.rpartition(".")[2] in {"sqlite3", "spatialite"}:
        return True
    if not engine or engine.startswith("django."):
        return False
    from django.db.backends.sqlite3.base import DatabaseWrapper

    try:
        found = import_module(f"{engine}.base").DatabaseWrapper
    except Exception:
        return False  # its package is missing, or it needs settings that are still being loaded
    return isinstance(found, type) and issubclass(found, DatabaseWrapper)


def _moved(alias: str, entry: dict[str, Any], context: Context) -> dict[str, Any]:
    name = str(entry.get("NAME") or "")
    if alias == "default":
        file = FILE_NAME
    else:
        stem = PurePath(name.replace("\\", "/")).stem if name and ":memory:" not in name else alias
        file = f"{stem or alias}.sqlite3"
        if file == FILE_NAME:
            file = f"{alias}.sqlite3"
    options = sqlite_options(entry.get("OPTIONS", {}))
    moved = entry | {
        "NAME": context.data_dir / file,
        # Threads are few and long-lived, so persistent connections are right.
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
    }
    if context.mode == "test":
        # A file, not :memory:, so that WAL, locks and data_version behave as they do for users.
        moved["TEST"] = {"NAME": context.data_dir / f"test-{file}", **entry.get("TEST", {})}
    return moved
