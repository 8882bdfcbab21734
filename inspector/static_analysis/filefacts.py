# ruff: noqa: N802, N815, SIM102 - handlers are named after the nodes that they handle
"""What one file says by itself: found in one walk, plain JSON, kept between scans.

Names are as far as the file's own imports tell (`catalog.models.Book`); the sections put them
together with what the other files say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from inspector.redact import scrub
from inspector.static_analysis.source import Module, absolute, dotted, string, text_of
from inspector.static_analysis.taskfacts import decorated, scheduled

Facts = dict[str, Any]
REVERSE = {"reverse", "reverse_lazy"}
URL_MODULES = ("django.urls", "django.core.urlresolvers", "rest_framework.reverse")
RENDER = {  # what renders a template, and which argument names it
    "django.shortcuts.render": 1,
    "django.template.response.TemplateResponse": 1,
    "django.template.loader.get_template": 0,
    "django.template.loader.render_to_string": 0,
}
TEMPLATE = re.compile(
    r"^[\w./ -]{1,200}\.(html?|txt|xml|jinja2?|j2|eml|mjml|md|svg|tex|json|js|css|csv)$"
)
TEMPLATE_END = re.compile(r"\.(html?|txt|xml|jinja2?|j2|eml|mjml)$")
PLAIN_CHAIN = {"all", "filter", "exclude", "order_by", "distinct", "reverse"}
FILTERS = {"filter", "exclude", "get"}
BRANCHES = {ast.If, ast.For, ast.While, ast.AsyncFor, ast.ExceptHandler, ast.IfExp, ast.Assert}
# Most of what nodes hold; nothing below them needs a look.
LEAVES = {str, int, type(None), ast.Load, ast.Store}
OPTIONS = ("list_display", "list_filter", "search_fields", "readonly_fields", "ordering")
COMPLEX = 10
# What descends from these only is no model.
NO_MODELS = (
    "django.views.",
    "django.contrib.admin.",
    "django.contrib.syndication.",
    "django.test.",
    "django.forms.",
    "django.apps.",
    "django.core.management.",
    "django.db.migrations.",
    "django.dispatch.",
    "rest_framework.",
    "unittest.",
    "object",
    "Exception",
    "ValueError",
)


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


class Visitor:
    """Walks one module. ``facts`` is filled on the way."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.facts = empty()
        self.facts["lines"] = module.lines
        self.facts["stars"] = list(module.stars)
        self.scope: list[str] = []
        self.functions: list[int] = []  # complexity of the functions that are open
        self.typing = 0
        self.templates: set[str] = set()
        self.local: dict[str, str] = {}

    def run(self) -> Facts:
        # Keeps the parsed tree's own docstrings out of the list of texts.
        for node in self.module.tree.body:
            self.visit(node)
        self.facts["templates"] = sorted(self.templates)
        return self.facts

    def full(self, node: ast.expr) -> str:
        """The dotted name of an expression, its first part replaced by what was imported."""
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
            if type(value) is str and "." in value and TEMPLATE.match(value):
                self.templates.add(value)
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
                # Imports inside functions name things, too: `from .models import Book`.
                self.local.setdefault(alias.asname or alias.name, name)

    def _import(self, name: str, line: int) -> None:
        row = [name, line, bool(self.typing), bool(self.functions)]
        self.facts["imports"].append(row)

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
            self.facts["complex"].append([name, complexity, lines, node.lineno])
        if node.name.startswith("test") and len(self.scope) <= 1 and not self.functions:
            self.facts["tests"].append(
                [self.scope[0] if self.scope else None, node.name, node.lineno]
            )

    on_AsyncFunctionDef = on_FunctionDef

    def on_ClassDef(self, node: ast.ClassDef) -> None:
        self.facts["classes"] += 1
        bases = [self.full(base) for base in node.bases]
        if any(not base.startswith(NO_MODELS) for base in bases):
            self.facts["maybe_models"] = True
        if any(base.endswith("TestCase") for base in bases):
            self.facts["unittest"] = True
        for item in node.decorator_list:
            self._register_decorator(node, item)
        if any("Admin" in base or "Inline" in base for base in bases):
            self.facts["admin_classes"][node.name] = self._options(node, bases)
        if node.name == "Command" and not self.scope:
            self.facts["command"] = self._command(node)
        self.scope.append(node.name)
        for item in node.decorator_list:
            self.children(item)  # `@admin.register(…)` is not the call `site.register(…)`
        for child in [*node.bases, *node.keywords, *node.body]:
            self.visit(child)
        self.scope.pop()

    def on_Expr(self, node: ast.Expr) -> None:
        # A text that stands alone is a docstring or a comment.
        if not (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)):
            self.visit(node.value)

    def on_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if isinstance(node.value, ast.Dict):
            self.facts["schedule"] += scheduled(node)
        if isinstance(target, ast.Name):
            if not self.functions and isinstance(node.value, ast.Call):
                called = self.full(node.value.func)
                if called.endswith("Signal") and not self.scope:
                    self.facts["signals"].append([target.id, called, node.lineno])
            if target.id in {"template_name", "template"} and (text := string(node.value)):
                if self.scope and TEMPLATE_END.search(text):
                    self.facts["rendered"].append([text, node.lineno])
        self.children(node)

    # ---- calls

    def on_Call(self, node: ast.Call) -> None:
        self.children(node)
        func = node.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name in REVERSE or name in {"redirect", "resolve_url"}:
            self._url_name(node, name)
        elif name in {"render", "TemplateResponse", "get_template", "render_to_string"}:
            self._rendered(node)
        elif name == "connect" and isinstance(func, ast.Attribute) and node.args:
            self._connect(node, self.full(func.value), node.args[0])
        elif name == "register" and isinstance(func, ast.Attribute) and node.args:
            self._register_call(node, self.full(func))
        elif name in FILTERS and isinstance(func, ast.Attribute):
            self._filtered(node, func)

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
        parts = [str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values]
        self._computed("".join(parts), node.lineno)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def on_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            if isinstance(node.left.value, str):
                self._computed(re.sub(r"%(\(\w+\))?[sd]", "*", node.left.value), node.lineno)
        elif isinstance(node.op, ast.Add):
            parts = [_piece(node.left), _piece(node.right)]
            if "*" in parts:
                self._computed("".join(parts), node.lineno)
        self.children(node)

    def on_For(self, node: ast.For | ast.AsyncFor) -> None:
        if isinstance(node.target, ast.Name):
            self._loop(node.iter, node.target.id, node.body)
        self.children(node)

    on_AsyncFor = on_For

    def on_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        first = node.generators[0]
        if isinstance(first.target, ast.Name):
            self._loop(first.iter, first.target.id, [node.elt])
        self.children(node)

    on_SetComp = on_ListComp
    on_GeneratorExp = on_ListComp

    # ---- what the calls mean

    def _computed(self, pattern: str, line: int) -> None:
        if "*" in pattern and TEMPLATE_END.search(pattern) and len(pattern) < 200:
            if not re.search(r"[\s:<>{}]", pattern) and "//" not in pattern:
                self.facts["computed"].append([scrub(pattern), line])

    def _url_name(self, node: ast.Call, name: str) -> None:
        text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if not isinstance(text, str) or not re.match(r"^[\w:.-]+$", text) or "." in text:
            return
        full = self.full(node.func)
        if full.startswith(URL_MODULES) or full.startswith("django.shortcuts."):
            kind = "reverse" if name in REVERSE else "redirect"
            args = next((k.value for k in node.keywords if k.arg in {"args", "kwargs"}), None)
            if kind == "redirect":
                count: int | None = len(node.args) - 1 + len(node.keywords)
            elif args is None:
                count = 0
            elif isinstance(args, ast.List | ast.Tuple):
                count = len(args.elts)
            elif isinstance(args, ast.Dict):
                count = len(args.keys)
            else:
                count = None
            self.facts["url_names"].append([text, kind, count, node.lineno])

    def _rendered(self, node: ast.Call) -> None:
        index = RENDER.get(self.full(node.func))
        keyword = next((k.value for k in node.keywords if k.arg == "template_name"), None)
        if index is None:
            return
        value = node.args[index] if len(node.args) > index else keyword
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            self.facts["rendered"].append([value.value, node.lineno])

    def _task(self, node: ast.FunctionDef | ast.AsyncFunctionDef, item: ast.expr) -> None:
        full = self.full(item.func if isinstance(item, ast.Call) else item)
        own = ".".join([self.module.name, *self.scope, node.name])
        if row := decorated(full, own, item, node.lineno):
            self.facts["tasks"].append(row)

    def _receiver(self, node: ast.FunctionDef | ast.AsyncFunctionDef, item: ast.expr) -> None:
        if not isinstance(item, ast.Call) or not item.args:
            return
        if self.full(item.func) not in {
            "django.dispatch.receiver",
            "django.dispatch.dispatcher.receiver",
        }:
            return
        signals = item.args[0]
        values = signals.elts if isinstance(signals, ast.List | ast.Tuple) else [signals]
        own = ".".join([self.module.name, *self.scope, node.name])
        for signal in values:
            self._receives(self.full(signal), own, item, node.lineno)

    def _connect(self, node: ast.Call, signal: str, receiver: ast.expr) -> None:
        self._receives(signal, self.full(receiver) or text_of(receiver)[:200], node, node.lineno)

    def _receives(self, signal: str, receiver: str, call: ast.Call, line: int) -> None:
        keywords = {item.arg: item.value for item in call.keywords if item.arg}
        sender = keywords.get("sender") or (
            call.args[1]
            if len(call.args) > 1 and not isinstance(call.args[1], ast.Constant)
            else None
        )
        uid = string(keywords.get("dispatch_uid"))
        name = None
        if sender is not None:
            name = string(sender) or self.full(sender) or text_of(sender)[:200]
        self.facts["receivers"].append(
            [signal, receiver, name, uid and scrub(uid), line, bool(self.functions)]
        )

    def _register_decorator(self, node: ast.ClassDef, item: ast.expr) -> None:
        if isinstance(item, ast.Call) and self.full(item.func).endswith("admin.register"):
            for argument in item.args:
                model = self.full(argument) or string(argument)
                self.facts["admin"].append([model, f"{self.module.name}.{node.name}", node.lineno])

    def _register_call(self, node: ast.Call, full: str) -> None:
        if not re.search(r"(^|\.)(\w*site|\w*admin\w*)\.register$", full):
            return
        models = node.args[0]
        admin = node.args[1] if len(node.args) > 1 else None
        values = models.elts if isinstance(models, ast.List | ast.Tuple) else [models]
        for value in values:
            self.facts["admin"].append(
                [
                    self.full(value) or text_of(value)[:200],
                    self.full(admin) if admin else None,
                    node.lineno,
                ]
            )

    def _options(self, node: ast.ClassDef, bases: list[str]) -> Facts:
        row: Facts = {"line": node.lineno, "bases": bases, "model": None, "inlines": []}
        for item in node.body:
            if not (isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name)):
                continue
            name, value = item.targets[0].id, item.value
            elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
            if name in OPTIONS:
                row[name] = [_entry(one) for one in elements]
            elif name == "inlines":
                row["inlines"] = [self.full(one) for one in elements if dotted(one)]
            elif name == "model":
                row["model"] = self.full(value)
        return row

    def _command(self, node: ast.ClassDef) -> list[Any]:
        for item in node.body:
            match item:
                case (
                    ast.Assign(targets=[ast.Name(id="help")], value=value)
                    | ast.AnnAssign(target=ast.Name(id="help"), value=ast.expr() as value)
                ) if text := string(value):
                    return [node.lineno, scrub(" ".join(text.split()))]
        return [node.lineno, None]

    def _queryset(self, node: ast.expr) -> tuple[str, list[str]] | None:
        """(model, methods) of ``Model.objects.filter(…).order_by(…)``."""
        methods: list[str] = []
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            methods.append(node.func.attr)
            node = node.func.value
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            if model := self.full(node.value):
                return model, methods
        return None

    def _filtered(self, node: ast.Call, func: ast.Attribute) -> None:
        found = self._queryset(node)
        if found and (names := [one.arg.partition("__")[0] for one in node.keywords if one.arg]):
            for name in names:
                self.facts["queries"].append([found[0], name, "filter", func.attr, node.lineno])

    def _loop(self, source: ast.expr, name: str, body: list[Any]) -> None:
        found = self._queryset(source)
        if found is None or not set(found[1]) <= PLAIN_CHAIN:
            return
        seen: set[str] = set()
        for item in body:
            for node in ast.walk(item):
                match node:
                    case ast.Attribute(value=ast.Attribute(value=ast.Name(id=own), attr=attr)) if (
                        own == name and attr not in seen
                    ):
                        seen.add(attr)
                        text = f"{name}.{attr}.{node.attr}"
                        self.facts["queries"].append([found[0], attr, "loop", text, node.lineno])


HANDLERS: dict[type, Callable[[Visitor, Any], None]] = {
    getattr(ast, name.removeprefix("on_")): handler
    for name, handler in vars(Visitor).items()
    if name.startswith("on_")
}


def _piece(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "*"


def _entry(node: ast.expr) -> str:
    if isinstance(node, ast.Tuple) and node.elts:
        node = node.elts[0]
    text = string(node)
    return (
        scrub(text) if text is not None else (dotted(node) or text_of(node)[:80]).rpartition(".")[2]
    )
