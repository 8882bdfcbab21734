"""Routes that answer requests."""

from __future__ import annotations

from inspector.sections.behaviour import Route, Urls

from .origins import own_first


def routes(data: Urls | None) -> list[Route]:
    """Routes without the includes that only lead to them, own views first; within one origin in the
    order in which Django tries them.
    """
    return own_first(r for r in (data["routes"] if data else []) if r["kind"] != "include")
