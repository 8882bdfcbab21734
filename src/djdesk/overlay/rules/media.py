"""MEDIA1: uploads in the data folder, served by the runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..rule import Context, Decision, Settings


def rule(settings: Settings, context: Context) -> Decision:
    url = str(settings.get("MEDIA_URL") or "/media/")
    storages = dict(settings.get("STORAGES", {}))
    default = dict(storages.get("default", {}))
    options = {
        name: value
        for name, value in default.get("OPTIONS", {}).items()
        if name not in {"location", "base_url"}
    }
    folder = context.data_dir / "media"
    changes: dict[str, Any] = {
        # Keep the type: the project may call Path methods on it.
        "MEDIA_ROOT": folder if isinstance(settings.get("MEDIA_ROOT"), Path) else str(folder),
        "MEDIA_URL": "/media/" if "//" in url or url == "/" else url,
        "STORAGES": storages | {"default": default | {"OPTIONS": options}},
    }
    return Decision("Uploads are kept in media in the data folder.", changes)
