"""Amount and complexity of the Python code, and files that could not be read."""

from __future__ import annotations

from typing import Literal

from djdesk.messages import say
from djdesk.projects.code.tree import FILE_LIMIT, Tree
from djdesk.projects.reading import read_text
from inspector.sections.code import (
    AppImport,
    Code,
    CodeOfApp,
    FileCount,
    ModelEdge,
    Test,
    Tests,
    Unparsable,
    UrlName,
)
from inspector.static_analysis.apps import App
from inspector.static_analysis.files import File, Files, Names
from inspector.static_analysis.graph import cycles
from inspector.static_analysis.queries import queries

COMPLEX_SHOWN = 50
TESTS_SHOWN = 5000
SUMS: tuple[Literal["lines", "classes", "functions", "complexity"], ...] = (
    "lines",
    "classes",
    "functions",
    "complexity",
)


def section(
    tree: Tree, files: Files, apps: list[App], names: Names, url_names: list[UrlName]
) -> Code:
    """The `code` section."""
    totals: FileCount = {"files": 0, "lines": 0}
    tests: FileCount = {"files": 0, "lines": 0}
    per_app: dict[str, CodeOfApp] = {}
    unparsable: list[Unparsable] = []
    hard: list[tuple[int, str, int, File, int]] = []
    for row in files.rows:
        facts = row.facts
        if facts["unparsable"]:
            line, text, hint = facts["unparsable"]
            broken: Unparsable = {"file": row.relative, "line": line, "text": text, "hint": hint}
            if row.test:
                broken["test"] = True
            unparsable.append(broken)
            continue
        for count in (totals, tests) if row.test else (totals,):
            count["files"] += 1
            count["lines"] += facts["lines"]
        if row.app:
            one = per_app.setdefault(
                row.app, {"files": 0, "lines": 0, "classes": 0, "functions": 0, "complexity": 0}
            )
            one["files"] += 1
            for key in SUMS:
                one[key] += facts[key]
        hard += [
            (complexity, name, lines, row, line)
            for name, complexity, lines, line in facts["complex"]
        ]
    hard.sort(key=lambda one: (-one[0], one[3].relative, one[4]))
    edges = imports(files, apps)
    relations = model_edges(names, {app.label for app in apps if _own(tree, app)})
    firm = [edge for edge in edges if not edge["typing_only"]]
    return {
        **totals,
        "tests": tests,
        "per_app": per_app,
        "complex": [
            {
                "name": name,
                "complexity": complexity,
                "lines": lines,
                "app": row.app,
                "file": row.relative,
                "line": line,
            }
            for complexity, name, lines, row, line in hard[:COMPLEX_SHOWN]
        ],
        "imports": edges,
        "cycles": cycles([(e["source"], e["target"]) for e in firm if not e["local"]]),
        "cycles_with_local": cycles([(e["source"], e["target"]) for e in firm]),
        "model_edges": relations,
        "model_cycles": cycles([(e["source"], e["target"]) for e in relations]),
        "url_names": url_names,
        "queries": queries(files, names),
        "host_checks": host_checks(files),
        "unparsable": unparsable,
        "skipped": _skipped(tree),
        "read": {"files": len(files.rows), "reused": files.cache.reused},
        "errors": [],
    }


def host_checks(files: Files) -> list[str]:
    """Files that may reject a request because of its host."""
    return [
        row.relative
        for row in files.rows
        if not row.test
        and any(one[0] == "django.core.exceptions.DisallowedHost" for one in row.facts["imports"])
    ]


def _skipped(tree: Tree) -> list[str]:
    """Sentences about what was not examined."""
    texts = [say("Only the first {n} files were read.", n=FILE_LIMIT)] if tree.truncated else []
    return texts + [
        say("The folder {folder} cannot be read: {why}", folder=tree.relative(folder), why=why)
        for folder, why in tree.unreadable
    ]


def _own(tree: Tree, app: App) -> bool:
    return app.folder is not None and tree.origin(app.folder / "__init__.py") == "project"


def imports(files: Files, apps: list[App]) -> list[AppImport]:
    """Imports between project apps, with the strongest kind of import for each pair."""
    owners = {app.name: app.label for app in apps if _own(files.tree, app)}
    targets: dict[str, str | None] = {}

    def owner(name: str) -> str | None:
        if name not in targets:
            parts = name.split(".")
            heads = (".".join(parts[:cut]) for cut in range(len(parts), 0, -1))
            targets[name] = next((owners[head] for head in heads if head in owners), None)
        return targets[name]

    found: dict[tuple[str, str], AppImport] = {}
    for row in files.rows:
        if row.app is None or row.test or "/migrations/" in row.relative:
            continue
        for name, line, typing_only, local in row.facts["imports"]:
            target = owner(name)
            if target is None or target == row.app:
                continue
            edge = found.get((row.app, target))
            rank = (typing_only, local)
            if edge is None or rank < (edge["typing_only"], edge["local"]):
                count = edge["count"] if edge else 0
                edge = found[(row.app, target)] = {
                    "source": row.app,
                    "target": target,
                    "count": count,
                    "typing_only": typing_only,
                    "local": local,
                    "file": row.relative,
                    "line": line,
                }
            edge["count"] += 1
    return [found[key] for key in sorted(found)]


def model_edges(names: Names, own: set[str]) -> list[ModelEdge]:
    """Relations between the models of different project apps."""
    count: dict[tuple[str, str], int] = {}
    for row in names.labels.values():
        for field in row["fields"]:
            to = (field["rel"]["to"] if "rel" in field else None) or ""
            target = to.partition(".")[0]
            if row["app"] in own and target in own and target != row["app"]:
                count[(row["app"], target)] = count.get((row["app"], target), 0) + 1
    return [{"source": a, "target": b, "count": count[a, b]} for a, b in sorted(count)]


def tests(tree: Tree, files: Files) -> Tests:
    """The `tests` section."""
    rows: list[Test] = []
    per_app: dict[str, int] = {}
    cases: set[tuple[str, str]] = set()
    count = number = 0
    unittest = False
    for row in files.rows:
        found = row.facts["tests"] if row.test else []
        count += bool(found)
        unittest = unittest or (row.test and row.facts["unittest"])
        for case, name, line in found:
            number += 1
            if case:
                cases.add((row.relative, case))
            if row.app:
                per_app[row.app] = per_app.get(row.app, 0) + 1
            if len(rows) < TESTS_SHOWN:
                rows.append(_test(row, case, name, line))
    return {
        "files": count,
        "cases": len(cases),
        "functions": number,
        "runner": _runner(tree, files) or ("unittest" if unittest else None),
        "per_app": per_app,
        "tests": rows,
        "errors": [],
    }


def _test(row: File, case: str | None, name: str, line: int) -> Test:
    return {"name": name, "case": case, "app": row.app, "file": row.relative, "line": line}


def _runner(tree: Tree, files: Files) -> Literal["pytest"] | None:
    """pytest if it is configured or used."""
    for folder in dict.fromkeys((tree.base, tree.root)):
        if (folder / "pytest.ini").is_file():
            return "pytest"
        for name, mark in (
            ("pyproject.toml", "[tool.pytest"),
            ("setup.cfg", "[tool:pytest"),
            ("tox.ini", "[pytest"),
        ):
            if mark in (read_text(folder / name) or ""):
                return "pytest"
    used = any(
        name.partition(".")[0] == "pytest"
        for row in files.rows
        if row.test
        for name, _, _, _ in row.facts["imports"]
    )
    return "pytest" if used else None


def url_names(files: Files) -> list[UrlName]:
    """URL names written literally in the project's Python code."""
    return [
        {"name": name, "kind": kind, "arguments": count, "file": row.relative, "line": line}
        for row in files.rows
        if not row.test
        for name, kind, count, line in row.facts["url_names"]
    ]
