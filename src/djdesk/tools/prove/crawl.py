"""Goes from page to page: first those that have an address without arguments, then where they
lead, within the app and within bounds."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from .seen import Visit, Visitor, Who

# Of pages that differ in a number, a date or a query only, some stand for all.
ALIKE = 3
# The runtime's own pages are tested with the runtime.
OURS = ("/desktop/", "/health/")
# Whoever goes there is somebody else afterwards, so they come last.
LEAVING = re.compile(r"log-?_?(out|off)|sign-?_?out|password_change/?$", re.I)


def crawl(
    visitor: Visitor,
    who: Who,
    paths: Iterable[str],
    *,
    limit: int,
    skipped: tuple[str, ...] = (),
    on_visit: Callable[[Visit], None] = lambda visit: None,
    **options: object,
) -> tuple[list[Visit], int]:
    """Visit ``paths`` in their order, then what they link to, at most ``limit`` pages.

    ``skipped``: beginnings of addresses that are files, not pages. Returns also how many known
    pages were left out.
    """
    queue = deque(sorted(paths, key=lambda path: bool(LEAVING.search(path))))
    known = set(queue)
    shapes: Counter[str] = Counter()
    visits: list[Visit] = []
    left_out = 0
    late: list[str] = []
    while queue or late:
        path = queue.popleft() if queue else late.pop(0)
        if path.startswith((*OURS, *skipped)):
            continue
        if queue and LEAVING.search(path):
            late.append(path)
            continue
        if len(visits) >= limit:
            left_out += 1
            continue
        visit = visitor.visit(path, who, **options)
        visits.append(visit)
        on_visit(visit)
        known.add(own_path(visit.url, visitor.origin))
        for link in visit.links:
            found = own_path(link, visitor.origin)
            if not found or found in known:
                continue
            known.add(found)
            shapes[shape(found)] += 1
            if shapes[shape(found)] <= ALIKE:
                queue.append(found)
    return visits, left_out


def own_path(url: str, origin: str) -> str:
    """Path and query of an address of the app, else an empty text."""
    if not url.startswith(f"{origin}/"):
        return ""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def shape(path: str) -> str:
    """The same for pages that differ in numbers, or in a query: ``/books/#/edit/?``."""
    plain, question, _ = path.partition("?")
    return re.sub(r"\d+", "#", plain) + question
