"""Enumerations in sentences."""

from __future__ import annotations

from djdesk.messages import joined, say


def listed(names: list[str], shown: int = 4) -> str:
    """``a, b, c, d and 3 more``."""
    more = len(names) - shown
    if more <= 0:
        return joined(names, ", ")
    return say("{names} and {n} more", names=joined(names[:shown], ", "), n=more)
