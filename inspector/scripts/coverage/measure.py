"""Runs ``djdesk inspect`` and the independent script on one project, and counts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from inspector.facts import findings_of
from inspector.sections.scan import Snapshot

from .compare import compare, facts, own_models
from .projects import Project

LIMIT = 600.0  # seconds per run
ORACLE = Path(__file__).with_name("oracle.py")


def measure(project: Project, repository: Path, venv: Path) -> dict[str, Any]:
    """The stored results of one project: counts, differences by kind of fact, and every finding."""
    python = venv / "bin" / "python"
    folder = repository / project.folder
    # Like a user who opens the project for the first time, and then trusts it.
    with tempfile.TemporaryDirectory(prefix="djdesk-coverage-") as cache:
        static = inspect(folder, python, trust=False, settings=project.settings, cache=cache)
        live = inspect(folder, python, trust=True, settings=project.settings, cache=cache)
    snapshot = live["snapshot"]
    sections = snapshot["sections"]
    runtime = sections.get("runtime", {})
    data = runtime.get("data") or {}
    ours, own, before = facts(snapshot), own_models(snapshot), own_models(static["snapshot"])
    row: dict[str, Any] = {
        "name": project.name,
        "kind": project.kind,
        "unseen": project.unseen,
        "date": datetime.now(UTC).date().isoformat(),
        "python": data.get("python", "?"),
        "django": data.get("django", "?"),
        "loaded": bool(runtime.get("ok")),
        "why": "" if runtime.get("ok") else reason(runtime),
        "assumed": len(data.get("assumed", ())),
        "without": sorted(name for name, one in sections.items() if one.get("live_error")),
        "counts": {key: len(found) for key, found in ours.items()},
        "seconds": [static["seconds"], live["seconds"]],
        "peak_mb": max(static["peak_mb"], live["peak_mb"]),
        "changed": snapshot.get("changed"),
        "findings": live["findings"],
    }
    base = (runtime.get("data") or {}).get("base") or str(folder)
    told = ask_django(project, repository, Path(base), data.get("settings_module"), python)
    if "error" in told:
        row["oracle"] = told["error"]
    elif row["loaded"]:
        row["different"], row["failed"] = compare(ours, told)
        row["recall"] = {
            key: len(found & before[key]) / len(found) for key, found in own.items() if found
        }
    return row


def inspect(
    folder: Path, python: Path, *, trust: bool, settings: str | None, cache: str
) -> dict[str, Any]:
    """``djdesk inspect`` as a user runs it, with the peak memory of it and its children."""
    argv = [sys.executable, "-m", "djdesk.cli", "inspect", str(folder), "--format", "json"]
    argv += ["--python", str(python)]
    argv += ["--trust"] if trust else []
    argv += ["--settings", settings] if settings else []
    if sys.platform == "win32":
        raise SystemExit("This is measured on Linux.")
    with tempfile.TemporaryFile() as output:
        begun = time.monotonic()
        env = {**os.environ, "XDG_CACHE_HOME": cache}
        process = subprocess.Popen(argv, stdout=output, stderr=subprocess.DEVNULL, env=env)
        _, _, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = 0  # waited for above
        output.seek(0)
        text = output.read()
    snapshot = json.loads(text) if text.strip() else {"status": "failed", "sections": {}}
    return {
        "snapshot": snapshot,
        "seconds": round(seconds, 1),
        "peak_mb": usage.ru_maxrss // 1024,
        "findings": findings(cast(Snapshot, snapshot)),
    }


def findings(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The findings that a user reads, in the order of the overview."""
    return [
        {key: one.get(key) for key in ("id", "severity", "title", "text", "facts")}
        for one in findings_of(snapshot)
    ]


def ask_django(
    project: Project, repository: Path, base: Path, settings: str | None, python: Path
) -> dict[str, Any]:
    """The result of the independent script, run in a copy, which it may write."""
    if not settings:
        return {"error": "no settings module was loaded"}
    with tempfile.TemporaryDirectory(prefix="djdesk-coverage-") as scratch:
        copy = Path(scratch) / "project"
        shutil.copytree(repository, copy, symlinks=True)
        folder = copy / base.relative_to(repository)
        for name in project.folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        env = {**os.environ, "HOME": scratch, **dict(project.env)}
        argv = [str(python), str(ORACLE), str(folder), settings]
        done = subprocess.run(argv, capture_output=True, text=True, env=env, timeout=LIMIT)
    if done.returncode or not done.stdout.strip():
        lines = done.stderr.strip().splitlines()
        return {"error": lines[-1][:200] if lines else f"exit {done.returncode}"}
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def reason(section: dict[str, Any]) -> str:
    error = section.get("error") or {}
    words = error.get("hint") or error.get("message") or "no live section came"
    return str(words).splitlines()[0][:300]
