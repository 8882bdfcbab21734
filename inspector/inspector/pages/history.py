"""Rebuilds snapshots from stored scans, and compares two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from .. import facts
from ..events import Event
from ..facts.diff import ChangedEntry, Changes, Differences, Entry, by_section
from ..models import Scan, Section

if TYPE_CHECKING:
    from inspector.sections.scan import Snapshot

ROWS = 500  # rows of one kind per section; the rest is only counted


@dataclass(frozen=True)
class Difference:
    """One section: rows as in docs/snapshot.md, "Differences". ``left_out``:
    number of omitted rows.
    """

    name: str
    added: list[Entry]
    removed: list[Entry]
    changed: list[ChangedEntry]
    left_out: int = 0

    @property
    def total(self) -> int:
        return len(self.added) + len(self.removed) + len(self.changed) + self.left_out


SHORTEST = 7  # minimum characters of a commit hash, as in git


def checkouts(scans: list[Scan]) -> list[str]:
    """Branches in these scans (newest first), then commits without a branch; empty unless there are
    at least two to compare.
    """
    found = [scan.discovered.get("git") or {} for scan in scans]
    branches = [one["branch"] for one in found if one.get("branch")]
    commits = [one["commit"] for one in found if one.get("commit") and not one["branch"]]
    names = list(dict.fromkeys([*branches, *commits]))
    return names if len(names) > 1 else []


def of_checkout(scans: list[Scan], name: str) -> Scan | None:
    """The first of these scans on this branch, or on a commit that starts with ``name``."""
    found = [(scan, scan.discovered.get("git") or {}) for scan in scans]
    for scan, git in found:
        if name and git.get("branch") == name:
            return scan
    for scan, git in found:
        if len(name) >= SHORTEST and git.get("commit", "").startswith(name.lower()):
            return scan
    return None


def snapshot_of(scan: Scan) -> Snapshot:
    """The snapshot of a finished scan, as printed by ``djdesk inspect``."""
    events: list[Event] = [{"event": "project", "data": scan.discovered}]
    events += [section.as_event() for section in Section.objects.found(scan=scan)]
    events.append(
        {
            "event": "end",
            "status": scan.status,
            "seconds": scan.duration.total_seconds() if scan.duration else 0,
            "error": scan.error,
            "changed": scan.changed,
        }
    )
    found = facts.snapshot(events)
    if dismissed := scan.project.dismissed_keys:
        found["dismissed"] = dismissed
    return found


def compare(old: Scan, new: Scan) -> tuple[list[Difference], dict[str, str]]:
    """Sections that differ, in rail order, and why others could not be compared."""
    return read(facts.diff(snapshot_of(old), snapshot_of(new)))


def read(found: Differences) -> tuple[list[Difference], dict[str, str]]:
    """Turn the result of ``facts.diff`` into rows for the page."""
    rows = [_difference(name, changes) for name, changes in by_section(found).items()]
    return [row for row in rows if row.total], found["skipped"]


def _difference(name: str, found: Changes) -> Difference:
    added, removed, changed = found["added"], found["removed"], found["changed"]
    left_out = sum(max(0, len(rows) - ROWS) for rows in (added, removed, changed))
    return Difference(name, added[:ROWS], removed[:ROWS], changed[:ROWS], left_out)


class Counted(TypedDict):
    """How much of a section changed since the previous scan, as stored with a scan."""

    section: str
    added: int
    removed: int
    changed: int


def counted(found: Differences) -> list[Counted]:
    """One row per section with differences."""
    return [
        {
            "section": name,
            "added": len(rows["added"]),
            "removed": len(rows["removed"]),
            "changed": len(rows["changed"]),
        }
        for name, rows in by_section(found).items()
        if rows["added"] or rows["removed"] or rows["changed"]
    ]
