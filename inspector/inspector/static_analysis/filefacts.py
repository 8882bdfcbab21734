# ruff: noqa: N802, N815, SIM102 - handlers are named after the nodes that they handle
"""Facts from a single file: collected in one walk, plain JSON, cached between scans.

Names are resolved through the file's own imports only (`catalog.models.Book`); the sections combine
them with facts from other files.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypedDict

from djdesk.projects.code.environment import Variable
from djdesk.projects.code.source import Module, absolute, dotted, string
from djdesk.projects.redact import scrub
from inspector.static_analysis import (
    adminfacts,
    queryfacts,
    signalfacts,
    taskfacts,
    templatefacts,
    urlnamefacts,
)
from inspector.static_analysis.templatefacts import TEMPLATE, with_optional

BRANCHES = {ast.If, ast.For, ast.While, ast.AsyncFor, ast.ExceptHandler, ast.IfExp, ast.Assert}
# The most common child nodes; nothing below them needs a visit.
LEAVES = {str, int, type(None), ast.Load, ast.Store}
COMPLEX = 10
# A class with only these bases is no model.
NO_MODELS = (
    "django.views.",
    "django.contrib.admin.",
    "django.contrib.auth.admin.",
    "django.contrib.auth.forms.",
    "django.contrib.auth.views.",
    "django.contrib.syndication.",
    "django.core.",
    "django.test.",
    "django.forms.",
    "django.apps.",
    "django.db.migrations.",
    "django.db.models.IntegerChoices",
    "django.db.models.Manager",
    "django.db.models.QuerySet",
    "django.db.models.TextChoices",
    "django.db.models.fields.",
    "django.dispatch.",
    "rest_framework.",
    "unittest.",
)
BUILT_IN = {"object", "Exception", "ValueError"}
# Name, line, only for type checkers, inside a function.
Import = tuple[str, int, bool, bool]


class Facts(TypedDict):
    """What one file says. A tuple comes back from the cache as a list of the same items."""

    lines: int
    # Line, text and hint of a file that cannot be parsed.
    unparsable: tuple[int | None, str, str] | None
    stars: list[str]  # modules of star imports
    imports: list[Import]
    classes: int
    maybe_models: bool
    functions: int
    complexity: int
    complex: list[tuple[str, int, int, int]]  # function, complexity, lines, line
    tests: list[tuple[str | None, str, int]]  # class, function, line
    unittest: bool
    admin: list[adminfacts.Registration]
    admin_classes: dict[str, adminfacts.AdminClass]
    receivers: list[signalfacts.Receiver]
    signals: list[tuple[str, str, int]]  # name, class, line
    url_names: list[urlnamefacts.Use]
    routes: list[str]  # names
    templates: list[str]
    rendered: list[templatefacts.At]
    computed: list[templatefacts.At]
    queries: list[queryfacts.Query]
    command: tuple[int, str | None] | None  # line, help
    tasks: list[taskfacts.Task]
    schedule: list[taskfacts.Entry]
    env: dict[str, Variable]
    places: dict[str, int]  # qualified name: line


def empty() -> Facts:
    return {
        "lines": 0,
        "unparsable": None,
        "stars": [],
        "imports": [],
        "classes": 0,
        "maybe_models": False,
        "functions": 0,
        "complexity": 0,
        "complex": [],
        "tests": [],
        "unittest": False,
        "admin": [],
        "admin_classes": {},
        "receivers": [],
        "signals": [],
        "url_names": [],
        "routes": [],
        "templates": [],
        "rendered": [],
        "computed": [],
        "queries": [],
        "command": None,
        "tasks": [],
        "schedule": [],
        "env": {},
        "places": {},
    }


def no_model(full: str) -> bool:
    """Whether a base class is certainly no model, by its dotted name."""
    return full in BUILT_IN or (full.startswith(NO_MODELS) and "authtoken" not in full)


ROUTES = {"path", "re_path", "url"}


def _add[Row](rows: list[Row], row: Row | None) -> None:
    if row is not None:
        rows.append(row)


def _names(call: ast.Call) -> list[ast.expr]:
    """The arguments that name the route in a call such as ``path("", home, name="home")``."""
    return [one.value for one in call.keywords if one.arg == "name"]


class Visitor:
    """Visits one module and fills ``facts``."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.facts = empty()
        self.facts["lines"] = module.lines
        self.facts["stars"] = list(module.stars)
        self.scope: list[str] = []
        self.caught: set[str] = set()  # exceptions that the enclosing code catches
        self.functions: list[int] = []  # complexity of the functions being visited, outermost first
        self.typing = 0
        self.templates: set[str] = set()
        self.local: dict[str, str] = {}

    def run(self) -> Facts:
        # Keep the docstrings of the parsed tree out of the list of strings.
        for node in self.module.tree.body:
            self.visit(node)
        self.facts["templates"] = sorted(self.templates)
        return self.facts

    def full(self, node: ast.expr) -> str:
        """The dotted name of an expression, with its first part resolved through the imports."""
        name = dotted(node)
        if name is None:
            return ""
        head, _, rest = name.partition(".")
        known = self.module.imports.get(head)
        if known is None and (head in self.module.classes or head in self.module.assigned):
            known = f"{self.module.name}.{head}"
        if known is None and head in self.module.functions:
            known = f"{self.module.name}.{head}"
        known = known or self.local.get(head, head)
        return f"{known}.{rest}" if rest else known

    def visit(self, node: ast.AST) -> None:
        kind = type(node)
        if kind is ast.Constant:
            value = node.value  # type: ignore[attr-defined]
            if type(value) is str and "." in value:
                if TEMPLATE.match(value):
                    self.templates.add(value)
                elif "{" in value:
                    self.templates.update(with_optional(value))
            return
        if kind is ast.Name or kind is ast.Load:
            return
        if self.functions and kind in BRANCHES:
            self.functions[-1] += 1
        handler = HANDLERS.get(kind)
        if handler is not None:
            handler(self, node)
        else:
            self.children(node)

    def children(self, node: ast.AST) -> None:
        for name in node._fields:
            value: Any = getattr(node, name, None)
            kind = type(value)
            if kind is list:
                for item in value:
                    if type(item) is not str and item is not None:
                        self.visit(item)
            elif kind not in LEAVES and isinstance(value, ast.AST):
                self.visit(value)

    # ---- imports

    def on_If(self, node: ast.If) -> None:
        typing = (dotted(node.test) or "").rpartition(".")[2] == "TYPE_CHECKING"
        self.visit(node.test)
        self.typing += typing
        for item in node.body:
            self.visit(item)
        self.typing -= typing
        for item in node.orelse:
            self.visit(item)

    def on_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._import(alias.name, node.lineno)

    def on_ImportFrom(self, node: ast.ImportFrom) -> None:
        source = absolute(self.module, node)
        for alias in node.names:
            name = source if alias.name == "*" else f"{source}.{alias.name}"
            self._import(name, node.lineno)
            if self.functions and alias.name != "*":
                # Imports inside functions define names too: `from .models import Book`.
                self.local.setdefault(alias.asname or alias.name, name)

    def _import(self, name: str, line: int) -> None:
        self.facts["imports"].append((name, line, bool(self.typing), bool(self.functions)))

    # ---- definitions

    def on_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for item in [*node.decorator_list, node.args]:
            self.visit(item)
        for item in node.decorator_list:
            self._receiver(node, item)
            self._task(node, item)
        self.scope.append(node.name)
        self.functions.append(1)
        for item in node.body:
            self.visit(item)
        complexity = self.functions.pop()
        name = ".".join(self.scope)
        self.scope.pop()
        self.facts["functions"] += 1
        self.facts["complexity"] += complexity
        if complexity >= COMPLEX:
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            self.facts["complex"].append((name, complexity, lines, node.lineno))
        if node.name.startswith("test") and len(self.scope) <= 1 and not self.functions:
            self.facts["tests"].append(
                (self.scope[0] if self.scope else None, node.name, node.lineno)
            )

    on_AsyncFunctionDef = on_FunctionDef

    def on_ClassDef(self, node: ast.ClassDef) -> None:
        self.facts["classes"] += 1
        bases = [self.full(base) for base in node.bases]
        if not all(no_model(base) for base in bases):
            self.facts["maybe_models"] = True
        if any(base.endswith("TestCase") for base in bases):
            self.facts["unittest"] = True
        for item in node.decorator_list:
            self.facts["admin"] += adminfacts.decorated(
                self.full, item, f"{self.module.name}.{node.name}", node.lineno
            )
        if any("Admin" in base or "Inline" in base for base in bases):
            self.facts["admin_classes"][node.name] = adminfacts.options(self.full, node, bases)
        if node.name == "Command" and not self.scope:
            self.facts["command"] = self._command(node)
        self.scope.append(node.name)
        for item in node.decorator_list:
            # Skip the decorator `@admin.register(…)`, which is not a call of `site.register(…)`
            self.children(item)
        for child in [*node.bases, *node.keywords, *node.body]:
            self.visit(child)
        self.scope.pop()

    def on_Expr(self, node: ast.Expr) -> None:
        # A string on its own is a docstring or a comment.
        if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
            self.visit(node.value)

    def on_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if isinstance(node.value, ast.Dict):
            self.facts["schedule"] += taskfacts.scheduled(node)
        if isinstance(target, ast.Name):
            if not self.functions and isinstance(node.value, ast.Call):
                called = self.full(node.value.func)
                if called.endswith("Signal") and not self.scope:
                    self.facts["signals"].append((target.id, called, node.lineno))
        if self.scope:
            _add(self.facts["rendered"], templatefacts.assigned(target, node))
            _add(self.facts["computed"], templatefacts.suffixed(target, node))
        self.children(node)

    # ---- calls

    def on_Call(self, node: ast.Call) -> None:
        self.children(node)
        func = node.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name in urlnamefacts.ASKING and not self.caught & urlnamefacts.CAUGHT:
            _add(self.facts["url_names"], urlnamefacts.named(self.full, node, name))
        elif name in templatefacts.RENDERING and not self.caught & templatefacts.CAUGHT:
            _add(self.facts["rendered"], templatefacts.rendered(self.full, node))
            _add(self.facts["computed"], templatefacts.from_folder(self.full, node))
        elif name == "format":
            _add(self.facts["computed"], templatefacts.filled(node))
        elif name == "connect" and isinstance(func, ast.Attribute) and node.args:
            local = bool(self.functions)
            row = signalfacts.connected(self.full, node, func, local=local)
            self.facts["receivers"].append(row)
        elif name == "register" and isinstance(func, ast.Attribute) and node.args:
            self.facts["admin"] += adminfacts.registered(self.full, node)
        elif name in ROUTES:
            self.facts["routes"] += [text for text in map(string, _names(node)) if text]
        elif name in queryfacts.FILTERS and isinstance(func, ast.Attribute):
            self.facts["queries"] += queryfacts.filtered(self.full, node, func)

    def on_Try(self, node: ast.Try) -> None:
        before = self.caught
        self.caught = before | {
            name.rpartition(".")[2]
            for handler in node.handlers
            for one in (
                handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            )
            for name in [dotted(one) if one else "Exception"]
            if name
        }
        for item in node.body:
            self.visit(item)
        self.caught = before
        rest: list[ast.AST] = [*node.handlers, *node.orelse, *node.finalbody]
        for one in rest:
            self.visit(one)

    on_TryStar = on_Try

    def on_BoolOp(self, node: ast.BoolOp) -> None:
        if self.functions:
            self.functions[-1] += len(node.values) - 1
        self.children(node)

    def on_match_case(self, node: ast.match_case) -> None:
        if self.functions:
            self.functions[-1] += 1
        self.children(node)

    def on_comprehension(self, node: ast.comprehension) -> None:
        if self.functions:
            self.functions[-1] += len(node.ifs)
        self.children(node)

    def on_JoinedStr(self, node: ast.JoinedStr) -> None:
        _add(self.facts["computed"], templatefacts.formatted(node))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def on_BinOp(self, node: ast.BinOp) -> None:
        _add(self.facts["computed"], templatefacts.joined(node))
        self.children(node)

    def on_For(self, node: ast.For | ast.AsyncFor) -> None:
        if isinstance(node.target, ast.Name):
            rows = queryfacts.looped(self.full, node.iter, node.target.id, node.body)
            self.facts["queries"] += rows
        self.children(node)

    on_AsyncFor = on_For

    def on_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        first = node.generators[0]
        if isinstance(first.target, ast.Name):
            rows = queryfacts.looped(self.full, first.iter, first.target.id, [node.elt])
            self.facts["queries"] += rows
        self.children(node)

    on_SetComp = on_ListComp
    on_GeneratorExp = on_ListComp

    # ---- what they mean

    def _task(self, node: ast.FunctionDef | ast.AsyncFunctionDef, item: ast.expr) -> None:
        full = self.full(item.func if isinstance(item, ast.Call) else item)
        own = ".".join([self.module.name, *self.scope, node.name])
        if row := taskfacts.decorated(full, own, item, node.lineno):
            self.facts["tasks"].append(row)

    def _receiver(self, node: ast.FunctionDef | ast.AsyncFunctionDef, item: ast.expr) -> None:
        own = ".".join([self.module.name, *self.scope, node.name])
        self.facts["receivers"] += signalfacts.decorated(
            self.full, item, own, node.lineno, local=bool(self.functions)
        )

    def _command(self, node: ast.ClassDef) -> tuple[int, str | None]:
        for item in node.body:
            match item:
                case (
                    ast.Assign(targets=[ast.Name(id="help")], value=value)
                    | ast.AnnAssign(target=ast.Name(id="help"), value=ast.expr() as value)
                ) if text := string(value):
                    return node.lineno, scrub(" ".join(text.split()))
        return node.lineno, None


HANDLERS: dict[type, Callable[[Visitor, Any], None]] = {
    getattr(ast, name.removeprefix("on_")): handler
    for name, handler in vars(Visitor).items()
    if name.startswith("on_")
}
