"""CACHE1: server and database caches become file caches in the data folder."""

from __future__ import annotations

from typing import Any

from ..rule import Context, Decision, Settings

FILES = "django.core.cache.backends.filebased.FileBasedCache"


def rule(settings: Settings, context: Context) -> Decision | None:
    changed, caches = [], {}
    for alias, entry in settings.get("CACHES", {}).items():
        kind = _kind(str(entry.get("BACKEND", "")))
        if kind == "local":
            caches[alias] = entry
            continue
        changed.append(alias)
        caches[alias] = _in_files(entry, context.data_dir / "cache" / alias)
    if not changed:
        return None
    return Decision(f"{', '.join(changed)}: in files of the data folder.", {"CACHES": caches})


def _kind(backend: str) -> str:
    """``local``: works without a server and writes no file by itself.

    Decided by the class, not its name. A class that cannot be imported belongs to a package that is
    not installed. No migration creates the table of a `DatabaseCache`, and each write to it would
    wait for SQLite's single writer.
    """
    from django.core.cache.backends.dummy import DummyCache
    from django.core.cache.backends.locmem import LocMemCache
    from django.utils.module_loading import import_string

    try:
        found = import_string(backend)
    except Exception:
        return "server"
    local = isinstance(found, type) and issubclass(found, LocMemCache | DummyCache)
    return "local" if local else "server"


def _in_files(entry: dict[str, Any], folder: Any) -> dict[str, Any]:
    kept = {"KEY_PREFIX", "VERSION", "TIMEOUT", "KEY_FUNCTION"}
    return {name: value for name, value in entry.items() if name in kept} | {
        "BACKEND": FILES,
        "LOCATION": folder,
    }
