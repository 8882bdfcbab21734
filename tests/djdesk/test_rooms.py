"""Import rules (docs/development.md, "Import rules"), and no import cycles."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

import djdesk
from scripts.checks import import_rules

PACKAGE = Path(djdesk.__file__).parent


def test_every_package_keeps_its_import_rule():
    assert len(import_rules.modules(PACKAGE)) > 200
    for file in import_rules.FILES:
        rules = import_rules.load(file)["python"]
        packages = [PACKAGE] if file == import_rules.RULES else _packages(file.parents[1])
        assert [one for package in packages for one in import_rules.broken(rules, package)] == []


def test_an_import_against_the_rule_is_found(tmp_path):
    package = tmp_path / "shop"
    (package / "prices").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "prices/__init__.py").write_text("import json\nfrom shop.prices import tax\n")
    (package / "prices/tax.py").write_text(
        "import typing\nif typing.TYPE_CHECKING:\n    from shop import views\n"
        "def rate():\n    from django.conf import settings\n    from ..views import page\n"
    )
    (package / "views.py").write_text("from shop.prices import tax\nimport django\n")
    (package / "extra.py").write_text("import os\n")
    views = {"room": "shop.views", "may": ["django", "shop.prices"], "why": ""}
    prices: import_rules.Rule = {"room": "shop.prices", "may": [], "why": ""}
    assert import_rules.broken([prices, views], package) == [
        ("shop.extra", "no rule"),
        ("shop.prices.tax", "django.conf.settings"),
        ("shop.prices.tax", "shop.views.page"),
    ]
    prices["but"] = {"shop.prices.tax": ["django.conf", "shop.views"]}
    views["not"] = ["shop.prices.tax"]
    assert import_rules.broken([prices, views], package) == [
        ("shop.extra", "no rule"),
        ("shop.views", "shop.prices.tax"),
    ]


def test_the_tables_in_the_documents_are_made_from_the_rules():
    for file in import_rules.FILES:
        text = import_rules.document(file).read_text("utf-8")
        made = import_rules.documented(text, import_rules.load(file))
        assert made == text, "run: python -m scripts.checks.import_rules"
    with pytest.raises(ValueError, match="lacks"):
        import_rules.documented("no marks", {})


def test_no_modules_import_each_other_in_a_circle():
    """Including imports inside functions, but not those for type checkers only."""
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
    """The Python packages of each app in this repository, without tests and scripts."""
    tables = (PACKAGE.parent.parent).glob("*/pyproject.toml")
    apps = [table.parent for table in tables if "[tool.djdesk]" in table.read_text("utf-8")]
    return [package for app in apps for package in _packages(app)]


def _packages(app: Path) -> list[Path]:
    found = [init.parent for init in app.glob("*/__init__.py")]
    return [one for one in found if one.name not in {"tests", "scripts"}]


def _dotted(package: Path, file: Path) -> str:
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _imports(root: Path, file: Path, modules: set[str]) -> set[str]:
    """Which of ``modules`` it imports; ``from package import module`` counts as the module."""
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
