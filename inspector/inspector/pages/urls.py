"""Routes that answer requests."""

from __future__ import annotations

from typing import Any

from .origins import own_first


def routes(data: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Routes without the includes that only lead to them, own views first; within one origin in the
    order in which Django tries them.
    """
    return own_first(r for r in (data or {}).get("routes") or [] if r.get("kind") != "include")
