"""Folds the events of one inspection into the snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.events import Event, SectionEvent

SCHEMA = 1


def snapshot(events: Iterable[Event]) -> dict[str, Any]:
    """``{"schema", "project", "status", "seconds", "error", "changed", "sections"}``.

    A live section replaces the static one if it is ok. If it failed and the static one did not, the
    static facts stay, with the error as ``live_error``.
    """
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "project": None,
        "status": "failed",
        "seconds": None,
        "error": None,
        "changed": [],
        "sections": {},
    }
    for event in events:
        match event["event"]:
            case "project":
                result["project"] = event["data"]
            case "section":
                _take(result["sections"], event)
            case "end":
                result |= {key: event[key] for key in ("status", "seconds", "error", "changed")}
    return result


def _take(sections: dict[str, Any], event: SectionEvent) -> None:
    known = sections.get(event["name"])
    if known and known["ok"] and event["source"] == "live" and not event["ok"]:
        known["live_error"] = event["error"]
        return
    row: dict[str, Any] = {
        "ok": event["ok"],
        "source": event["source"],
        "seconds": event["seconds"],
    }
    row["data" if event["ok"] else "error"] = event["data" if event["ok"] else "error"]
    sections[event["name"]] = row
