"""The view of a route: its location, its methods, and who may call it."""

from __future__ import annotations

import ast
from typing import Literal, TypedDict

from djdesk.projects.code.source import Module, dotted, string, text_of
from djdesk.projects.code.tree import Origin, Place, Tree
from inspector.static_analysis.memo import Memo

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
LOGIN = {"login_required", "staff_member_required", "permission_required"}


class View(TypedDict):
    """The keys of a route that describe its view."""

    view: str | None
    view_kind: Literal["class", "function", "object"] | None
    file: str | None
    line: int | None
    methods: list[str]
    login_required: bool | None
    csrf_exempt: bool | None
    origin: Origin | None


def no_view() -> View:
    """Of an include."""
    return {
        "view": None,
        "view_kind": None,
        "file": None,
        "line": None,
        "methods": [],
        "login_required": None,
        "csrf_exempt": None,
        "origin": None,
    }


class Views:
    """Reads the view argument of a route."""

    def __init__(self, tree: Tree, memo: Memo) -> None:
        self.tree = tree
        self.memo = memo

    def called(self, module: Module, func: ast.expr) -> str:
        """The last part of the full name of the called function."""
        return self.tree.qualify(module, dotted(func) or "").rpartition(".")[2]

    def read(self, module: Module, node: ast.expr) -> View:
        """The view; if it is not found, what its name suggests."""
        # Keyed by location: what is written there changes only with the file.
        place = f"{self.tree.relative(module.file)}:{node.lineno}:{node.col_offset}"

        def make() -> View:
            self.tree.note(f"file:{module.file}")
            return self._read(module, node)

        return self.memo.result(f"view:{module.name}:{place}", "", make)

    def _read(self, module: Module, node: ast.expr) -> View:
        login: bool | None = None
        exempt: bool | None = None
        for _ in range(8):  # login_required(csrf_exempt(View.as_view()))
            if not isinstance(node, ast.Call) or not node.args:
                break
            called = self.called(module, node.func)
            if called == "as_view":
                break
            if called in LOGIN:
                login = True
            if called == "csrf_exempt":
                exempt = True
            node = node.args[0]
        if isinstance(node, ast.Lambda):
            return no_view() | {
                "view": "lambda",
                "view_kind": "function",
                "file": self.tree.relative(module.file),
                "line": node.lineno,
                "origin": self.tree.origin(module.file),
            }
        is_class = False
        if isinstance(node, ast.Call):
            is_class = self.called(module, node.func) == "as_view"
            node = node.func
            if is_class and isinstance(node, ast.Attribute):
                node = node.value
        name = dotted(node) or text_of(node)[:200]
        full = string(node) or self.tree.qualify(module, name)
        if full.endswith(".as_view"):
            full, is_class = full.removesuffix(".as_view"), True
        place = self.tree.find(full)
        facts = no_view()
        facts["view"] = full
        facts["view_kind"] = "class" if is_class else "function"
        facts["login_required"], facts["csrf_exempt"] = login, exempt
        if place is None:
            if full.startswith("django."):
                facts["origin"] = "django"
            return facts
        facts["file"] = self.tree.relative(place.module.file)
        facts["origin"] = self.tree.origin(place.module.file)
        facts["view"] = f"{place.module.name}.{place.name}"
        found = place.module.classes.get(place.name) or place.module.functions.get(place.name)
        if found is None:
            value = place.module.assigned.get(place.name)
            facts["line"] = value.lineno if value is not None else None
            facts["view_kind"] = "object"
            if isinstance(value, ast.Call) and self.called(place.module, value.func) == "as_view":
                facts["view_kind"] = "class"
            return facts
        facts["line"] = found.lineno
        if isinstance(found, ast.ClassDef):
            facts["view_kind"] = "class" if is_class else "object"
            facts["methods"] = self._class_methods(place, 0)
            if self._has_mixin(place, "LoginRequiredMixin", 0):
                facts["login_required"] = True
        else:
            self._decorators(place.module, found, facts)
        return facts

    def _decorators(
        self,
        module: Module,
        node: ast.FunctionDef | ast.AsyncFunctionDef,
        facts: View,
    ) -> None:
        for item in node.decorator_list:
            func = item.func if isinstance(item, ast.Call) else item
            short = self.called(module, func)
            if short in LOGIN:
                facts["login_required"] = True
            elif short == "csrf_exempt":
                facts["csrf_exempt"] = True
            elif short in {"require_GET", "require_POST"}:
                facts["methods"] = [short.removeprefix("require_")]
            elif short == "require_safe":
                facts["methods"] = ["GET", "HEAD"]
            elif short in {"require_http_methods", "api_view"} and isinstance(item, ast.Call):
                values = item.args[0] if item.args else None
                if isinstance(values, ast.List | ast.Tuple):
                    facts["methods"] = [text for one in values.elts if (text := string(one))]

    def _class_methods(self, place: Place, depth: int) -> list[str]:
        node = place.module.classes.get(place.name)
        if node is None or depth > 8:
            return []
        own = {
            item.name
            for item in node.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        found = {name.upper() for name in METHODS if name in own}
        for base in node.bases:
            inner = self.tree.find(self.tree.qualify(place.module, dotted(base) or ""))
            if inner and inner.module.name != "django.views.generic.base":
                found.update(self._class_methods(inner, depth + 1))
        return [name.upper() for name in METHODS if name.upper() in found]

    def _has_mixin(self, place: Place, name: str, depth: int) -> bool:
        node = place.module.classes.get(place.name)
        if node is None or depth > 8:
            return False
        for base in node.bases:
            full = self.tree.qualify(place.module, dotted(base) or "")
            if full.rpartition(".")[2] == name:
                return True
            inner = self.tree.find(full)
            if inner and self._has_mixin(inner, name, depth + 1):
                return True
        return False
