"""Projects of the same name, and what tells them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePath

from ..models import Workspace


def distinguishing_folders(workspaces: Iterable[Workspace]) -> dict[int, str]:
    """For each of all workspaces that shares its name with another: the end of the path of the
    folder that it is in, as long as it takes to differ, such as ``acme`` or ``acme/old``."""
    named: dict[str, dict[int, tuple[str, ...]]] = defaultdict(dict)
    for one in workspaces:
        named[one.name][one.pk] = PurePath(one.path).parent.parts
    return {
        pk: str(PurePath(*parts[-_length(list(namesakes.values())) :]))
        for namesakes in named.values()
        if len(namesakes) > 1
        for pk, parts in namesakes.items()
        if parts
    }


def _length(paths: list[tuple[str, ...]]) -> int:
    """How many of the last parts are needed for all of them to differ, or to be there."""
    longest = max(len(parts) for parts in paths)
    for length in range(1, longest):
        if len({parts[-length:] for parts in paths}) == len(paths):
            return length
    return max(longest, 1)
