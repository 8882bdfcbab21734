"""Observations of an app: the data that the steps write and ``judge`` reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

Who = Literal["nobody", "the first user"]

PAGES = 5  # pages listed in a line, of those with the same finding


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page. ``status``: 0 for a timeout. ``kind``: media type; ``saved``: offered
    as a download. ``url``: the final URL. ``links``: absolute URLs. ``requests``, ``violations``:
    see node/prove/visit.js; empty without a browser. ``picture``: JPEG in base64."""

    path: str
    who: Who
    status: int
    kind: str = ""
    saved: bool = False
    url: str = ""
    title: str = ""
    links: tuple[str, ...] = ()
    requests: tuple[Mapping[str, Any], ...] = ()
    violations: tuple[Mapping[str, Any], ...] = ()
    errors: tuple[str, ...] = ()
    picture: str = ""
    ms: int = 0


class Visitor(Protocol):
    """Anything that can visit pages: a browser, or the tools themselves."""

    origin: str

    def become(self, cookie: tuple[str, str] | None) -> None:
        """Use this session cookie from now on; without one, a new anonymous session."""

    def visit(self, path: str, who: Who, **options: object) -> Visit: ...


@dataclass(slots=True)
class Seen:
    """Everything observed in one run. ``facts``: output of inside/look.py. ``views``: of each page
    without arguments. ``records``: from watch.py. ``failed``: failed steps with reasons.
    ``project``: the folder that ran, perhaps a built copy. ``quiet``: for each policy tried,
    whether the pages complied."""

    facts: dict[str, Any] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    quiet: dict[str, list[str]] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    shell: str = "none"
    shell_version: str = ""
    no_window: str = ""
    left_out: int = 0
    project: Path | None = None


def pages(visits: list[Visit]) -> str:
    """``/, /books/ (as nobody)``: which pages, and for whom if not for everybody."""
    paths = list(dict.fromkeys(visit.path for visit in visits))
    who = {visit.who for visit in visits}
    more = f" and {len(paths) - PAGES} more" if len(paths) > PAGES else ""
    named = ", ".join(paths[:PAGES]) + more
    return f"{named} (as {who.pop()})" if len(who) == 1 else named
