"""Errors of the developer's commands."""

from __future__ import annotations


class ToolProblem(Exception):
    """The message is the reason, one sentence; ``hint`` says what to do about it, ``detail`` is
    technical.
    """

    def __init__(self, reason: str, hint: str = "", detail: str = "") -> None:
        super().__init__(reason)
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return "\n".join(text for text in (super().__str__(), self.hint, self.detail) if text)
