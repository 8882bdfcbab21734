"""Visit page after page: first those with a URL that takes no arguments, then the pages they link
to, within the app and within limits."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from .seen import Visit, Visitor, Who

# How many to visit of pages that differ only in a number, date or query.
ALIKE = 3
# The runtime's own pages have their own tests.
OURS = ("/desktop/", "/health/")
# These log the visitor out, so they come last.
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
    """Visit ``paths`` in order, then what they link to, at most ``limit`` pages.

    ``skipped``: URL prefixes of files rather than pages. Also returns how many known pages were
    left out.
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
    """Path and query of one of the app's URLs, else an empty string."""
    if not url.startswith(f"{origin}/"):
        return ""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def shape(path: str) -> str:
    """Equal for pages that differ in numbers or a query: ``/books/#/edit/?``."""
    plain, question, _ = path.partition("?")
    return re.sub(r"\d+", "#", plain) + question
