"""What a project needs to become a desktop app, as a JSON interface for other programs.

    echo '{"path": "/shop", "settings": "", "out": ""}' | python -m djdesk.projects.readiness

prints ``{"format", "level", "decisions", "table"}`` (see report.py; ``table`` is TOML), or
``{"problem": "…"}``. ``settings`` may be empty. With ``out``, the small project beside it is
written there; it must be a new or empty folder, or one written by an earlier call.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from djdesk.messages import dumps, say
from djdesk.projects.discovery.project import DiscoveryError, find_project

from .ask import Questions
from .decide import decided
from .options import Options, Result
from .report import to_json, union
from .rules import settings_module
from .table import REPORT, Refused, new_folder, to_project, write_beside


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        print(dumps(_answer(json.load(sys.stdin)), ensure_ascii=False))
    except Refused as reason:
        print(dumps({"problem": str(reason)}))


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    folder = Path(asked["path"])
    try:
        project = find_project(folder, settings=asked["settings"] or None)
    except DiscoveryError as error:
        raise Refused(error.reason) from error
    modules = settings_module.candidates(project, asked["settings"] or None)
    if not modules:
        raise Refused(say("The project has no settings module that can be found."))
    out = new_folder(Path(asked["out"]), project.root) if asked["out"] else None
    result = decided(project, Options(path=folder, yes=True), Questions(quiet=True), modules[0])
    rows = union(result.decisions)
    if out:
        _write(out, result, to_json(rows))
    return {**to_json(rows), "table": result.draft.toml()}


def _write(folder: Path, result: Result, report: dict[str, Any]) -> None:
    result.draft.set("project", to_project(folder, result.look.base))
    try:
        write_beside(folder, result.look.project, result.draft)
        text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
        (folder / REPORT).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refused(
            say("{path} could not be written: {error}.", path=folder, error=error.strerror)
        ) from error


if __name__ == "__main__":
    main()
