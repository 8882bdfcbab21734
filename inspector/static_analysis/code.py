"""How much Python there is, and which files could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector.static_analysis.apps import App
from inspector.static_analysis.source import Module, Unparsable
from inspector.static_analysis.tree import FILE_LIMIT, Tree


def is_test(tree: Tree, file: Path) -> bool:
    parts = file.relative_to(tree.root).parts
    return (
        bool({"tests", "test", "testing"} & set(parts[:-1]))
        or parts[-1].startswith("test_")
        or parts[-1] in {"tests.py", "conftest.py"}
    )


def section(tree: Tree, apps: list[App], read: list[Module | Unparsable]) -> dict[str, Any]:
    files = lines = 0
    tests = {"files": 0, "lines": 0}
    per_app: dict[str, dict[str, int]] = {}
    owned = sorted(
        ((app.folder, app.label) for app in apps if app.folder),
        key=lambda pair: -len(pair[0].parts),
    )
    unparsable = []
    for item in read:
        if isinstance(item, Unparsable):
            unparsable.append(
                {
                    "file": tree.relative(item.file),
                    "line": item.line,
                    "text": item.text,
                    "hint": item.hint,
                }
            )
            continue
        files += 1
        lines += item.lines
        if is_test(tree, item.file):
            tests["files"] += 1
            tests["lines"] += item.lines
        label = next((label for folder, label in owned if item.file.is_relative_to(folder)), None)
        if label:
            row = per_app.setdefault(label, {"files": 0, "lines": 0})
            row["files"] += 1
            row["lines"] += item.lines
    return {
        "files": files,
        "lines": lines,
        "tests": tests,
        "per_app": per_app,
        "unparsable": unparsable,
        "skipped": [f"Only the first {FILE_LIMIT} files were read."] if tree.truncated else [],
        "errors": [],
    }
