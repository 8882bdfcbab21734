"""What makemigrations would write, by app."""

from __future__ import annotations

from typing import Any

from .origins import rank


def by_app(data: dict[str, Any] | None) -> list[tuple[str, dict[str, Any]]]:
    """(label, ``{"origin", "ops"}``) for apps whose models and migrations differ."""
    apps = ((data or {}).get("apps") or {}).items()
    return sorted(apps, key=lambda item: (rank(item[1]), item[0]))
