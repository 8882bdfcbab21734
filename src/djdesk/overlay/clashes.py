"""URL1: project URL patterns that collide with the runtime's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Not health/: the project's own is for load balancers, which a desktop does not have.
TAKEN = ("desktop/",)


def refuse_clashes(patterns: Iterable[Any]) -> None:
    """Raises ImproperlyConfigured with the first project pattern below /desktop/."""
    for written, named in clashes(patterns):
        place = next(taken for taken in TAKEN if written.startswith(taken))
        raise ImproperlyConfigured(
            f"URL1: the pattern {written!r}{named} begins with /{place}, the address of the "
            "desktop's own pages, so it would never be reached. Give it another address."
        )


def clashes(patterns: Iterable[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of a full pattern and `` (name “…”)`` or nothing. Only literal prefixes count: a
    catch-all such as ``<path:page>`` comes after ours and is harmless."""
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
    # A language prefix varies per request and never collides.
    return "<language>/"
