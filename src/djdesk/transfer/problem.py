"""Errors of exports and imports."""

from __future__ import annotations


class TransferProblem(Exception):
    """An export or import that is refused or cannot continue; ``hint`` is the remedy."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
