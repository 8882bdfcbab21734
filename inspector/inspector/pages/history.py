"""Rebuilds snapshots from stored scans, and compares two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import facts
from ..events import Event
from ..models import Scan, Section

if TYPE_CHECKING:
    from inspector.sections.scan import Snapshot

# In the order of the navigation rail.
ORDER = ("apps", "models", "fields", "migrations", "urls", "settings", "dependencies", "checks")
ROWS = 500  # rows of one kind per section; the rest is only counted


@dataclass(frozen=True)
class Difference:
    """One section: rows as in docs/snapshot.md, "Differences". ``left_out``:
    number of omitted rows.
    """

    name: str
    added: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    changed: list[dict[str, Any]]
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


def read(found: dict[str, Any]) -> tuple[list[Difference], dict[str, str]]:
    """Turn the result of ``facts.diff`` into rows for the page."""
    found = dict(found)
    skipped = found.pop("skipped", {})
    names = [*(n for n in ORDER if n in found), *(n for n in found if n not in ORDER)]
    rows = [_difference(name, found[name]) for name in names]
    return [row for row in rows if row.total], skipped


def _difference(name: str, found: dict[str, list[dict[str, Any]]]) -> Difference:
    kinds = [found.get(kind) or [] for kind in ("added", "removed", "changed")]
    added, removed, changed = (rows[:ROWS] for rows in kinds)
    left_out = sum(max(0, len(rows) - ROWS) for rows in kinds)
    return Difference(name, added, removed, changed, left_out)


def counted(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Counts stored with a scan about its comparison with the previous one: ``{"section", "added",
    "removed", "changed"}``; sections without differences are left out.
    """
    rows = [
        {"section": name}
        | {kind: len(found[name].get(kind) or []) for kind in ("added", "removed", "changed")}
        for name in found
        if name != "skipped"
    ]
    return [row for row in rows if row["added"] or row["removed"] or row["changed"]]
