"""What makemigrations would write, by app."""

from __future__ import annotations

from inspector.sections.migrations import Drift, DriftApp

from .origins import rank


def by_app(data: Drift | None) -> list[tuple[str, DriftApp]]:
    """The apps whose models and migrations differ, with their labels."""
    return sorted((data["apps"] if data else {}).items(), key=lambda item: (rank(item[1]), item[0]))
