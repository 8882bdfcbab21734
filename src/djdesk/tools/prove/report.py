"""The report as JSON, and as one self-contained HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from djdesk.app import App
from djdesk.projects.readiness.report import MEANINGS, Decision, level, to_json

from .seen import Seen

PICTURES = 40  # limits the file to a few megabytes
FAULTS = ("B", "C", "D")


def as_json(app: App, seen: Seen, decisions: list[Decision]) -> dict[str, Any]:
    """The result of `readiness.to_json`, plus ``app``, ``shell``, ``steps`` and ``pages``."""
    return {
        **to_json(decisions),
        "app": {"name": app.name, "version": app.version},
        "shell": seen.shell,
        "steps": [
            {name: value for name, value in step.items() if name != "picture"}
            for step in seen.steps
        ],
        "pages": [
            {
                "path": visit.path, "who": visit.who, "status": visit.status, "kind": visit.kind,
                "title": visit.title, "ms": visit.ms,
            }
            for visit in seen.visits
        ],
        "tracebacks": [
            {name: record[name] for name in ("path", "what", "traceback")}
            for record in seen.records
            if record["kind"] == "error"
        ],
    }  # fmt: skip


def as_html(app: App, seen: Seen, decisions: list[Decision]) -> str:
    from django.template import Context, Engine

    reached = level(decisions)
    template = Engine(autoescape=True).from_string(
        Path(__file__).with_name("report.html").read_text(encoding="utf-8")
    )
    pictured = [visit for visit in seen.visits if visit.picture]
    return template.render(
        Context({
            "app": app, "level": reached, "meaning": MEANINGS[reached], "seen": seen,
            "faults": [one for one in decisions if one.level in FAULTS],
            "notes": [one for one in decisions if one.level not in FAULTS],
            "visits": seen.visits,
            "pictures": pictured[:PICTURES], "more": max(len(pictured) - PICTURES, 0),
            "added": [step for step in seen.steps if step.get("picture")],
            "errors": [
                {**record, "short": record["what"][:120]}
                for record in seen.records
                if record["kind"] == "error"
            ],
            "decided": seen.facts.get("decisions", []),
        }, use_l10n=False, use_tz=False)
    )  # fmt: skip
