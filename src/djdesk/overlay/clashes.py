"""URL1: patterns of a project that would lie under the runtime's own addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Not health/: the project's own is for load balancers, and nobody asks for it here.
TAKEN = ("desktop/",)


def refuse_clashes(patterns: Iterable[Any]) -> None:
    """Raises ImproperlyConfigured that names the first pattern below /desktop/."""
    for written, named in clashes(patterns):
        place = next(taken for taken in TAKEN if written.startswith(taken))
        raise ImproperlyConfigured(
            f"URL1: the pattern {written!r}{named} lies under /{place}, where the desktop's own "
            "pages are: it would never be reached. Give it another address."
        )


def clashes(patterns: Iterable[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of a whole pattern and `` (name “…”)`` or nothing. Only what is written counts: a
    pattern that catches everything, such as ``<path:page>``, comes after ours and does no harm."""
    for one in patterns:
        written = before + _written(one.pattern)
        if any(written.startswith(taken) for taken in TAKEN):
            name = getattr(one, "name", None)
            yield written, f" (name “{name}”)" if name else ""
        elif any(taken.startswith(written) for taken in TAKEN) and hasattr(one, "url_patterns"):
            yield from clashes(one.url_patterns, written)


def _written(pattern: Any) -> str:
    if (route := getattr(pattern, "_route", None)) is not None:
        return str(route)
    if (regex := getattr(pattern, "_regex", None)) is not None:
        return str(regex).removeprefix("^").replace("\\/", "/").removesuffix("$")
    # A prefix of a language differs from page to page, and is no place of ours.
    return "<language>/"
