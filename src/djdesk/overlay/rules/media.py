"""MEDIA1: uploads in the data folder, served by the runtime."""

from __future__ import annotations

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
    changes: dict[str, Any] = {
        "MEDIA_ROOT": str(context.data_dir / "media"),
        "MEDIA_URL": "/media/" if "//" in url or url == "/" else url,
        "STORAGES": storages | {"default": default | {"OPTIONS": options}},
    }
    return Decision("Uploads are kept in the folder media of the data folder.", changes)
