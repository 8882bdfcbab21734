"""Folds the events of one inspection into the snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from inspector.sections.common import Section
from inspector.sections.scan import VERSION, Snapshot, typed

if TYPE_CHECKING:
    from inspector.events import Event, SectionEvent

SCHEMA = VERSION


def snapshot(events: Iterable[Event]) -> Snapshot:
    """``{"schema", "project", "status", "seconds", "error", "changed", "sections"}``.

    A live section replaces the static one if it is ok. If it failed and the static one did not, the
    static facts stay, with the error as ``live_error``.
    """
    sections: dict[str, Section[Any]] = {}
    result: Snapshot = {
        "schema": SCHEMA,
        "project": None,  # type: ignore[typeddict-item]  # the first event brings it
        "status": "failed",
        "seconds": None,
        "error": None,
        "changed": [],
        "sections": typed(sections),
    }
    for event in events:
        match event["event"]:
            case "project":
                result["project"] = event["data"]
            case "section":
                take(sections, event)
            case "end":
                result["status"], result["seconds"] = event["status"], event["seconds"]
                result["error"], result["changed"] = event["error"], event["changed"]
    return result


def take(sections: dict[str, Section[Any]], event: SectionEvent) -> None:
    """Fold one section into those that came before it."""
    known = sections.get(event["name"])
    if known and known["ok"] and event["source"] == "live" and not event["ok"]:
        known["live_error"] = event["error"]
        return
    row: Section[Any] = {
        "ok": event["ok"],
        "source": event["source"],
        "seconds": event["seconds"],
    }
    if event["ok"]:
        row["data"] = event["data"]
    else:
        row["error"] = event["error"]
    sections[event["name"]] = row
