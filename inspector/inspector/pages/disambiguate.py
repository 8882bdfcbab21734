"""Distinguishes projects of the same name by their folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePath

from ..models import Project


def distinguishing_folders(projects: Iterable[Project]) -> dict[int, str]:
    """For projects that share a name: the shortest end of the parent folder's path that tells
    them apart, such as ``acme`` or ``acme/old``.
    """
    named: dict[str, dict[int, tuple[str, ...]]] = defaultdict(dict)
    for one in projects:
        named[one.name][one.pk] = PurePath(one.path).parent.parts
    return {
        pk: str(PurePath(*parts[-_length(list(namesakes.values())) :]))
        for namesakes in named.values()
        if len(namesakes) > 1
        for pk, parts in namesakes.items()
        if parts
    }


def _length(paths: list[tuple[str, ...]]) -> int:
    """How many trailing path components are needed to tell all of them apart."""
    longest = max(len(parts) for parts in paths)
    for length in range(1, longest):
        if len({parts[-length:] for parts in paths}) == len(paths):
            return length
    return max(longest, 1)
