"""The project's own apps, for the overview."""

from __future__ import annotations

from inspector.sections.code import Code, CodeOfApp
from inspector.sections.project import App, Apps


def own_apps(apps: Apps | None, code: Code | None) -> list[tuple[App, CodeOfApp | None]]:
    """The apps in the project's folder, by label, each with its code if that was counted."""
    per_app = code["per_app"] if code else {}
    own = [a for a in (apps["apps"] if apps else []) if a["origin"] == "project"]
    return [(a, per_app.get(a["label"])) for a in sorted(own, key=lambda a: a["label"])]
