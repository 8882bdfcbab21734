"""STOR1: files that a project stores in a remote service are stored in the media folder."""

from __future__ import annotations

from typing import Any

from ..rule import DROPPED, Context, Decision, Settings

FILES = "django.core.files.storage.FileSystemStorage"
# Settings from before Django 5.1, which removed them.
OLDER = {"DEFAULT_FILE_STORAGE": "default", "STATICFILES_STORAGE": "staticfiles"}


def rule(settings: Settings, context: Context) -> Decision | None:
    storages = {alias: dict(entry) for alias, entry in settings.get("STORAGES", {}).items()}
    for name, alias in OLDER.items():
        if settings.get(name):
            storages.setdefault(alias, {"BACKEND": settings[name]})
    changes: dict[str, Any] = {name: DROPPED for name in OLDER if name in settings}
    moved = []
    for alias, entry in storages.items():
        # STAT1 handles static files.
        if alias == "staticfiles" or _is_local(str(entry.get("BACKEND", ""))):
            continue
        moved.append(f"{alias} ({entry.get('BACKEND')})")
        kept = {} if alias == "default" else {"OPTIONS": {"location": str(_folder(context, alias))}}
        storages[alias] = {"BACKEND": FILES, **kept}
    if not moved and not changes:
        return None
    said = f"Kept on this computer instead: {', '.join(moved)}." if moved else "Renamed for Django."
    return Decision(said, changes | {"STORAGES": storages})


def _folder(context: Context, alias: str) -> Any:
    return context.data_dir / "media" / alias


def _is_local(backend: str) -> bool:
    """By the class, not its name: a wrapper of local files is local. A class that cannot be
    imported belongs to a package that is not installed."""
    from django.core.files.storage import FileSystemStorage, InMemoryStorage
    from django.utils.module_loading import import_string

    try:
        found = import_string(backend)
    except Exception:
        return False
    return isinstance(found, type) and issubclass(found, FileSystemStorage | InMemoryStorage)
