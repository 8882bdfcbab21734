"""What was seen of an app: the shapes that the steps write and the judge reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

Who = Literal["nobody", "the first user"]

PAGES = 5  # that a line names, of those that show the same


@dataclass(frozen=True, slots=True)
class Visit:
    """One page, asked for once. ``status``: 0 for one that did not answer in time. ``kind``: media
    type; ``saved``: offered as a file. ``url``: where it ended. ``links``: absolute addresses.
    ``requests``, ``violations``: see node/prove/visit.js; empty without a browser. ``picture``:
    JPEG in base64."""

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
    """Whatever can look at pages: a browser, or the tools themselves."""

    origin: str

    def become(self, cookie: tuple[str, str] | None) -> None:
        """Be whoever this cookie says from now on; without one, somebody who comes anew."""

    def visit(self, path: str, who: Who, **options: object) -> Visit: ...


@dataclass(slots=True)
class Seen:
    """Everything of one run. ``facts``: what inside/look.py prints. ``views``: of each page that
    takes no arguments. ``records``: what watch.py wrote. ``failed``: a step that did not work and
    why. ``project``: the folder that ran, perhaps a copy that was built. ``quiet``: for each policy
    that was tried, whether the pages kept to it."""

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
    """``/, /books/ (as nobody)``: which pages, and to whom if not to everybody."""
    paths = list(dict.fromkeys(visit.path for visit in visits))
    who = {visit.who for visit in visits}
    more = f" and {len(paths) - PAGES} more" if len(paths) > PAGES else ""
    named = ", ".join(paths[:PAGES]) + more
    return f"{named} (as {who.pop()})" if len(who) == 1 else named
