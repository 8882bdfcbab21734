"""Run the inspector on one project, static and live, and count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

LIMIT = 600.0  # seconds for one run


@dataclass(slots=True)
class Row:
    """What one project gave, in counts of its own code; recall is static against live."""

    name: str
    note: str = ""
    python: str = ""
    django: str = ""
    loaded: str = ""
    live: dict[str, int] = field(default_factory=dict)
    static: dict[str, int] = field(default_factory=dict)
    recall: dict[str, float] = field(default_factory=dict)
    seconds_static: float = 0.0
    seconds_live: float = 0.0
    peak_mb: int = 0
    untouched: bool = False


@dataclass(slots=True)
class Run:
    snapshot: dict
    seconds: float
    peak_mb: int


def inspect(folder: Path, python: Path, *, trust: bool, settings: str | None, cache: str) -> Run:
    """``djdesk inspect`` as a user runs it, with its peak memory and that of what it started."""
    argv = [sys.executable, "-m", "djdesk.cli", "inspect", str(folder), "--format", "json"]
    argv += ["--python", str(python)]
    argv += ["--trust"] if trust else []
    argv += ["--settings", settings] if settings else []
    with tempfile.TemporaryFile() as output:
        begun = time.monotonic()
        env = {**os.environ, "XDG_CACHE_HOME": cache}
        process = subprocess.Popen(argv, stdout=output, stderr=subprocess.DEVNULL, env=env)
        if sys.platform == "win32":
            raise SystemExit("This is measured on Linux.")
        _, _, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = 0  # waited for above
        output.seek(0)
        text = output.read()
    snapshot = json.loads(text) if text.strip() else {"status": "failed", "sections": {}}
    return Run(snapshot, seconds, usage.ru_maxrss // 1024)


def measure(name: str, folder: Path, python: Path, *, settings: str | None, note: str) -> Row:
    # As a user has it who opens the project for the first time, and trusts it after a look.
    with tempfile.TemporaryDirectory(prefix="djdesk-coverage-") as cache:
        static = inspect(folder, python, trust=False, settings=settings, cache=cache)
        live = inspect(folder, python, trust=True, settings=settings, cache=cache)
    row = Row(name, note, seconds_static=static.seconds, seconds_live=live.seconds)
    row.peak_mb = max(static.peak_mb, live.peak_mb)
    row.untouched = live.snapshot.get("changed") == []
    sections = live.snapshot["sections"]
    runtime = sections.get("runtime", {})
    data = runtime.get("data") or {}
    row.python, row.django = data.get("python", "?"), data.get("django", "?")
    row.loaded = "yes" if runtime.get("ok") else _why(runtime)
    incomplete = [
        section
        for section, found in sections.items()
        if not found.get("ok") or (row.loaded == "yes" and found.get("live_error"))
    ]
    if row.loaded == "yes" and incomplete:
        row.loaded = f"yes, without {', '.join(incomplete)}"
    elif row.loaded == "yes" and data.get("assumed"):
        row.loaded = f"yes, {len(data['assumed'])} things assumed"
    before, after = facts(static.snapshot), facts(live.snapshot)
    row.static = {key: len(value) for key, value in before.items()}
    row.live = {key: len(value) for key, value in after.items()}
    for key, found in after.items():
        if found and key != "routes" and runtime.get("ok"):
            row.recall[key] = len(found & before[key]) / len(found)
    return row


def facts(snapshot: dict) -> dict[str, set]:
    """Names of the project's own models, fields, relations and migrations, and all routes."""
    sections = snapshot["sections"]

    def data(section: str) -> dict:
        return (sections.get(section) or {}).get("data") or {}

    models = [
        model
        for model in data("models").get("models", [])
        if model["origin"] == "project" and not model.get("auto_created")
    ]
    fields = {(model["label"], one["name"]): one for model in models for one in model["fields"]}
    migrations = {
        (label, migration["name"])
        for label, app in data("migrations").get("apps", {}).items()
        if app["origin"] == "project"
        for migration in app["migrations"]
    }
    routes = [route for route in data("urls").get("routes", []) if route.get("kind") == "route"]
    return {
        "models": {model["label"] for model in models},
        "fields": set(fields),
        "relations": {key for key, one in fields.items() if one.get("rel")},
        "migrations": migrations,
        "routes": {(number, route["pattern"]) for number, route in enumerate(routes)},
    }


def _why(section: dict) -> str:
    error = section.get("error") or {}
    words = error.get("hint") or error.get("message") or "no live section came"
    return f"no: {words.splitlines()[0][:160]}"
