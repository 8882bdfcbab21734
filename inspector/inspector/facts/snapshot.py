"""Folds the events of one inspection into the snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SCHEMA = 1


def snapshot(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """``{"schema", "project", "status", "seconds", "error", "changed", "sections"}``.

    A live section replaces the static one where it is ok. A live section that failed beside a
    static one that did not leaves the static facts and adds its error as ``live_error``.
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
        kind = event["event"]
        if kind == "project":
            result["project"] = event["data"]
        elif kind == "section":
            _take(result["sections"], event)
        elif kind == "end":
            for key in ("status", "seconds", "error", "changed"):
                result[key] = event[key]
    return result


def _take(sections: dict[str, Any], event: dict[str, Any]) -> None:
    known = sections.get(event["name"])
    if known and known["ok"] and event["source"] == "live" and not event["ok"]:
        known["live_error"] = event["error"]
        return
    row = {"ok": event["ok"], "source": event["source"], "seconds": event["seconds"]}
    row["data" if event["ok"] else "error"] = event["data" if event["ok"] else "error"]
    sections[event["name"]] = row
