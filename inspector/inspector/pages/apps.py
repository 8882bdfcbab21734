"""The project's own apps, for the overview."""

from __future__ import annotations

from typing import Any


def own_apps(
    apps: dict[str, Any] | None, code: dict[str, Any] | None
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(app, ``{"files", "lines"}`` or ``{}``) for the apps in the project's folder, by label."""
    per_app = (code or {}).get("per_app") or {}
    own = [a for a in (apps or {}).get("apps") or [] if a.get("origin") == "project"]
    return [(a, per_app.get(a["label"]) or {}) for a in sorted(own, key=lambda a: a["label"])]
