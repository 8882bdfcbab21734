"""What may import what: docs/development.md, "Import rules"."""

from __future__ import annotations

import ast
import graphlib
import sys
from pathlib import Path

import djdesk

PACKAGE = Path(djdesk.__file__).parent


def imported(folder: Path) -> list[tuple[str, str]]:
    """(file, dotted name) of every import below ``folder``, relative ones in full."""
    found = []
    for file in sorted(folder.rglob("*.py")):
        name = file.relative_to(PACKAGE.parent).as_posix()
        package = Path(name).parent.parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(name, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                start = package[: len(package) - node.level + 1] if node.level else ()
                found.append((name, ".".join([*start, *filter(None, [node.module])])))
    return found


def test_reading_a_project_needs_the_standard_library_alone():
    own = {"djdesk", *sys.stdlib_module_names}
    found = imported(PACKAGE / "projects")
    assert len(found) > 100
    assert [one for one in found if one[1].partition(".")[0] not in own] == []
    # With the standard library, too: the table that is written is the one that app.py reads.
    inside = ("djdesk", "djdesk.app", "djdesk.messages")
    assert [
        one
        for one in found
        if one[1].startswith("djdesk")
        and one[1] not in inside
        and not one[1].startswith("djdesk.projects")
    ] == []


def test_the_runtime_imports_neither_its_customers_nor_the_developers_tools():
    found = imported(PACKAGE)
    assert [one for one in found if one[1].partition(".")[0] == "inspector"] == []
    assert [
        one
        for one in found
        if one[1].startswith("djdesk.tools")
        and "/tools/" not in one[0]
        # Under "djdesk start" alone: a packaged app does not come to these lines.
        and one[0] not in {"djdesk/overlay/urls.py", "djdesk/desktop/child.py"}
    ] == []


def test_what_runs_for_users_does_not_read_projects():
    for room in ("desktop", "overlay"):
        assert [one for one in imported(PACKAGE / room) if "djdesk.projects" in one[1]] == []


def test_no_modules_import_each_other_in_a_circle():
    """Imports inside functions included; those for type checkers alone are not."""
    for package in (PACKAGE, *_packages_of_apps()):
        files = {_dotted(package, file): file for file in package.rglob("*.py")}
        graph = {name: _imports(package, file, set(files)) - {name} for name, file in files.items()}
        assert sum(map(len, graph.values())) > len(files), "imports are found"
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            raise AssertionError(" <- ".join(error.args[1])) from None


def test_a_circle_would_be_found(tmp_path):
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text("def queue():\n    from .tasks import run\n")
    (package / "tasks.py").write_text("from . import models\n")
    names = {"shop", "shop.models", "shop.tasks"}
    assert _imports(package, package / "models.py", names) == {"shop.tasks"}
    assert _imports(package, package / "tasks.py", names) == {"shop.models"}


def _packages_of_apps() -> list[Path]:
    """The Python packages of each app in this repository, tests and scripts left out."""
    tables = (PACKAGE.parent.parent).glob("*/pyproject.toml")
    apps = [table.parent for table in tables if "[tool.djdesk]" in table.read_text("utf-8")]
    found = [init.parent for app in apps for init in app.glob("*/__init__.py")]
    return [one for one in found if one.name not in {"tests", "scripts"}]


def _dotted(package: Path, file: Path) -> str:
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _imports(root: Path, file: Path, modules: set[str]) -> set[str]:
    """Which of ``modules`` it imports; ``from package import module`` is the module."""
    package = file.relative_to(root.parent).parts[:-1]
    found = set()
    todo: list[ast.AST] = [ast.parse(file.read_text(encoding="utf-8"))]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*start, *filter(None, [node.module])])
            for alias in node.names:
                inside = f"{base}.{alias.name}"
                found.add(inside if inside in modules else base)
    return found & modules
