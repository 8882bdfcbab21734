"""Routes that are written out, through includes; generated ones are listed as unresolved."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from inspector.static_analysis.evaluate import evaluate
from inspector.static_analysis.memo import Memo, digest_of
from inspector.static_analysis.settings import Settings
from inspector.static_analysis.source import Module, dotted, flatten, string, text_of
from inspector.static_analysis.tree import Place, Tree
from inspector.wording import say

PATHS = {
    "django.urls.path",
    "django.urls.re_path",
    "django.urls.conf.path",
    "django.urls.conf.re_path",
    "django.conf.urls.url",
    "django.conf.urls.re_path",
}
CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")
NAMED_GROUP = re.compile(r"\(\?P<(\w+)>")
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
LIMIT = 20_000
DEPTH = 25


@dataclass(frozen=True)
class Context:
    """What the includes above a pattern have added."""

    prefix: str = ""
    namespace: str = ""
    chain: tuple[str, ...] = ()


class Urls:
    def __init__(self, tree: Tree, settings: Settings, memo: Memo) -> None:
        self.tree = tree
        self.memo = memo
        self.settings = settings
        self.routes: list[dict[str, Any]] = []
        self.unresolved: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []

    def section(self) -> dict[str, Any]:
        root = self.settings.literal("ROOT_URLCONF") or self._guess_root()
        if root:
            module = self.tree.module(root)
            if module is None:
                self.errors.append(
                    {
                        "text": say("The URLconf {name} was not found.", name=root),
                        "file": None,
                        "line": None,
                    }
                )
            else:
                self._module(module, Context(chain=(root,)))
        names: dict[str, int] = {}
        seen: set[tuple[str, str]] = set()
        for route in self.routes:
            full = route["full_name"]
            if full and route["kind"] == "route" and (full, route["pattern"]) not in seen:
                seen.add((full, route["pattern"]))
                names[full] = names.get(full, 0) + 1
        return {
            "root": [root] if root else [],
            "routes": self.routes,
            "unresolved": self.unresolved,
            "duplicate_names": {name: count for name, count in names.items() if count > 1},
            "errors": self.errors,
        }

    def _guess_root(self) -> str | None:
        module = self.settings.module
        while module:
            module = module.rpartition(".")[0]
            candidate = f"{module}.urls" if module else "urls"
            if self.tree.locate(candidate):
                return candidate
        return None

    def _module(self, module: Module, context: Context) -> None:
        if len(context.chain) > DEPTH:
            return
        for node in flatten(module.tree.body):
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id="urlpatterns")], value=value)
                    | ast.AnnAssign(target=ast.Name(id="urlpatterns"), value=ast.expr() as value)
                    | ast.AugAssign(target=ast.Name(id="urlpatterns"), value=value)
                ):
                    self._patterns(module, value, context)
                case ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(
                            value=ast.Name(id="urlpatterns"), attr="append" | "extend" | "insert"
                        ),
                        args=[*_, last],
                    )
                ):
                    self._patterns(module, last, context)

    def _patterns(self, module: Module, node: ast.expr, context: Context, depth: int = 0) -> None:
        """Anything that stands for patterns: a list, a sum of lists, a call, a name."""
        if len(self.routes) > LIMIT or depth > 30:
            return
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    self._patterns(module, element, context, depth + 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self._patterns(module, left, context, depth + 1)
                self._patterns(module, right, context, depth + 1)
            case ast.Starred(value=value):
                self._patterns(module, value, context, depth + 1)
            case ast.IfExp(body=body, orelse=orelse):
                self._patterns(module, body, context, depth + 1)
                self._patterns(module, orelse, context, depth + 1)
            case ast.Name(id=name) if name == "urlpatterns":
                return
            case ast.Name(id=name) if name in module.assigned:
                self._patterns(module, module.assigned[name], context, depth + 1)
            case ast.Call():
                self._call(module, node, context, depth)
            case ast.Name() | ast.Attribute():
                self._reference(module, node, context, depth)
            case _:
                self._open(module, node, context, say("computed when the project runs"))

    def _reference(self, module: Module, node: ast.expr, context: Context, depth: int) -> None:
        name = dotted(node) or ""
        place = self.tree.find(self.tree.qualify(module, name))
        whole = name.rpartition(".")[2] == (place.name if place else None)
        if place and whole and place.name in place.module.assigned:
            value = place.module.assigned[place.name]
            if place.name == "urlpatterns":
                self._module(place.module, context)
            else:
                self._patterns(place.module, value, context, depth + 1)
            return
        reason = say("its routes are made when the project runs")
        if name.endswith(".urls"):
            reason = say("a router or site: its routes are made when the project runs")
        self._open(module, node, context, reason)

    def _call(self, module: Module, call: ast.Call, context: Context, depth: int) -> None:
        name = dotted(call.func) or ""
        full = self.tree.qualify(module, name)
        short = full.rpartition(".")[2]
        if full in PATHS or (short in {"path", "re_path", "url"} and self._is_pattern_call(call)):
            self._path(module, call, short, context, depth)
        elif short == "i18n_patterns":
            inner = Context(context.prefix + "<language>/", context.namespace, context.chain)
            for argument in call.args:
                self._patterns(module, argument, inner, depth + 1)
        elif (
            short in {"format_suffix_patterns", "decorator_include", "list", "tuple"} and call.args
        ):
            self._patterns(module, call.args[0], context, depth + 1)
        elif short in {"static", "staticfiles_urlpatterns"}:
            return  # only with DEBUG, and only for files
        elif short == "include":
            self._include(module, call, context, depth)
        else:
            self._open(module, call, context, say("a call that makes routes when the project runs"))

    def _is_pattern_call(self, call: ast.Call) -> bool:
        return len(call.args) >= 2 and string(call.args[0]) is not None

    def _path(
        self, module: Module, call: ast.Call, kind: str, context: Context, depth: int
    ) -> None:
        keywords = {item.arg: item.value for item in call.keywords if item.arg}
        route_node = call.args[0] if call.args else keywords.get("route") or keywords.get("regex")
        target = call.args[1] if len(call.args) > 1 else keywords.get("view")
        if route_node is None or target is None:
            return
        route = string(route_node)
        if route is None and isinstance(known := evaluate(route_node, _texts(module)), str):
            route = known
        if route is None:
            if isinstance(route_node, ast.JoinedStr):
                parts = route_node.values
                route = "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in parts
                )
            else:
                route = "{" + text_of(route_node)[:80] + "}"
        regex = kind in {"re_path", "url"}
        if regex and context.prefix:
            route = route.removeprefix("^")
        here = Context(context.prefix + route, context.namespace, context.chain)
        if isinstance(target, ast.Call) and self._last(module, target.func) == "include":
            self._include(module, target, here, depth, call.lineno)
            return
        if isinstance(target, ast.Tuple | ast.List):
            self._include_value(module, target, here, depth, call.lineno, "")
            return
        if isinstance(target, ast.Attribute) and target.attr == "urls":
            self._open(
                module,
                target,
                here,
                say("a router or site: its routes are made when the project runs"),
                call.lineno,
            )
            return
        view = self._view(module, target)
        name_node = keywords.get("name") or (call.args[3] if len(call.args) > 3 else None)
        name = string(name_node)
        params = {two: one or "str" for one, two in CONVERTER.findall(here.prefix)}
        params.update(dict.fromkeys(NAMED_GROUP.findall(here.prefix), "regex"))
        self.routes.append(
            {
                "pattern": here.prefix,
                "kind": "route",
                "name": name,
                "ns": context.namespace or None,
                "full_name": f"{context.namespace}:{name}" if context.namespace and name else name,
                "params": params,
                **view,
                "route_file": self.tree.relative(module.file),
                "route_line": call.lineno,
                "urlconf": module.name,
            }
        )

    def _last(self, module: Module, func: ast.expr) -> str:
        return self.tree.qualify(module, dotted(func) or "").rpartition(".")[2]

    def _include(
        self,
        module: Module,
        call: ast.Call,
        context: Context,
        depth: int,
        line: int | None = None,
    ) -> None:
        if not call.args:
            return
        namespace = next((string(k.value) for k in call.keywords if k.arg == "namespace"), None)
        if len(call.args) > 1:
            namespace = string(call.args[1])
        self._include_value(
            module, call.args[0], context, depth, line or call.lineno, namespace or ""
        )

    def _include_value(
        self,
        module: Module,
        value: ast.expr,
        context: Context,
        depth: int,
        line: int,
        namespace: str,
    ) -> None:
        if isinstance(value, ast.Tuple) and value.elts:
            app_name = string(value.elts[1]) if len(value.elts) > 1 else None
            self._include_value(
                module, value.elts[0], context, depth, line, namespace or app_name or ""
            )
            return
        if isinstance(value, ast.List | ast.BinOp) or (
            isinstance(value, ast.Name) and value.id in module.assigned
        ):
            inner = self._nested(context, namespace, None)
            self._note_include(module, context, namespace, None, line)
            self._patterns(module, value, inner, depth + 1)
            return
        name = string(value)
        if name is None and isinstance(value, ast.Name | ast.Attribute):
            full = self.tree.qualify(module, dotted(value) or "")
            if self.tree.locate(full):
                name = full
            elif place := self.tree.find(full):
                whole = full.rpartition(".")[2] == place.name
                if whole and place.name in place.module.assigned:
                    self._note_include(module, context, namespace, None, line)
                    target = place.module.assigned[place.name]
                    self._patterns(
                        place.module, target, self._nested(context, namespace, None), depth + 1
                    )
                    return
        if name and self.tree.locate(name):
            self._included(module, value, context, name, namespace, line)
            return
        self._not_included(module, value, context, name, line)

    def _included(
        self,
        module: Module,
        value: ast.expr,
        context: Context,
        name: str,
        namespace: str,
        line: int,
    ) -> None:
        """The routes of another module, which are kept between scans."""
        asked = [context.prefix, context.namespace, context.chain, namespace, line]
        asked += [self.tree.relative(module.file), module.name, text_of(value)]

        def make() -> list[list[dict[str, Any]]]:
            lists = (self.routes, self.unresolved, self.errors)
            before = [len(rows) for rows in lists]
            self._include_module(module, value, context, name, namespace, line)
            made = [rows[count:] for rows, count in zip(lists, before, strict=True)]
            for rows, count in zip(lists, before, strict=True):
                del rows[count:]
            return made

        routes, unresolved, errors = self.memo.result(
            f"urls:{name}:{digest_of(asked)}",
            "",
            make,
            lambda rows: len(rows[0]) + len(self.routes) <= LIMIT,
        )
        self.routes += routes
        self.unresolved += unresolved
        self.errors += errors

    def _include_module(
        self,
        module: Module,
        value: ast.expr,
        context: Context,
        name: str,
        namespace: str,
        line: int,
    ) -> None:
        target_module = self.tree.module(name)
        if target_module is None:
            self._not_included(module, value, context, name, line)
            return
        if name in context.chain and context.chain.count(name) > 1:
            return
        app_name = string(target_module.assigned.get("app_name"))
        self._note_include(module, context, namespace or app_name or "", name, line)
        self._module(target_module, self._nested(context, namespace or app_name or "", name))

    def _not_included(
        self, module: Module, value: ast.expr, context: Context, name: str | None, line: int
    ) -> None:
        reason = (
            say("the module {name} was not found", name=name)
            if name
            else say("computed when the project runs")
        )
        if isinstance(value, ast.Attribute) and value.attr == "urls":
            reason = say("a router or site: its routes are made when the project runs")
        self._open(module, value, context, reason, line)

    def _nested(self, context: Context, namespace: str, name: str | None) -> Context:
        joined = ":".join(part for part in (context.namespace, namespace) if part)
        return Context(context.prefix, joined, (*context.chain, name or "[]"))

    def _note_include(
        self, module: Module, context: Context, namespace: str, name: str | None, line: int
    ) -> None:
        joined = ":".join(part for part in (context.namespace, namespace) if part)
        self.routes.append(
            {
                "pattern": context.prefix,
                "kind": "include",
                "name": None,
                "ns": joined or None,
                "full_name": None,
                "params": {},
                **NO_VIEW,
                "route_file": self.tree.relative(module.file),
                "route_line": line,
                "urlconf": name or module.name,
            }
        )

    def _open(
        self,
        module: Module,
        node: ast.expr,
        context: Context,
        reason: str,
        line: int | None = None,
    ) -> None:
        self.unresolved.append(
            {
                "text": text_of(node)[:200],
                "pattern": context.prefix,
                "reason": reason,
                "file": self.tree.relative(module.file),
                "line": line or node.lineno,
            }
        )

    def _view(self, module: Module, node: ast.expr) -> dict[str, Any]:
        login: bool | None = None
        exempt: bool | None = None
        for _ in range(8):  # login_required(csrf_exempt(View.as_view()))
            if not isinstance(node, ast.Call) or not node.args:
                break
            called = self._last(module, node.func)
            if called == "as_view":
                break
            if called in {"login_required", "staff_member_required", "permission_required"}:
                login = True
            if called == "csrf_exempt":
                exempt = True
            node = node.args[0]
        if isinstance(node, ast.Lambda):
            return {
                **NO_VIEW,
                "view": "lambda",
                "view_kind": "function",
                "file": self.tree.relative(module.file),
                "line": node.lineno,
                "origin": self.tree.origin(module.file),
            }
        is_class = False
        if isinstance(node, ast.Call):
            is_class = self._last(module, node.func) == "as_view"
            node = node.func
            if is_class and isinstance(node, ast.Attribute):
                node = node.value
        name = dotted(node) or text_of(node)[:200]
        full = string(node) or self.tree.qualify(module, name)
        if full.endswith(".as_view"):
            full, is_class = full.removesuffix(".as_view"), True
        place = self.tree.find(full)
        facts: dict[str, Any] = {
            **NO_VIEW,
            "view": full,
            "view_kind": "class" if is_class else "function",
            "login_required": login,
            "csrf_exempt": exempt,
        }
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
            if isinstance(value, ast.Call) and self._last(place.module, value.func) == "as_view":
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
        facts: dict[str, Any],
    ) -> None:
        for item in node.decorator_list:
            func = item.func if isinstance(item, ast.Call) else item
            short = self._last(module, func)
            if short in {"login_required", "staff_member_required", "permission_required"}:
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


NO_VIEW: dict[str, Any] = {
    "view": None,
    "view_kind": None,
    "file": None,
    "line": None,
    "methods": [],
    "login_required": None,
    "csrf_exempt": None,
    "origin": None,
}


def _texts(module: Module) -> dict[str, Any]:
    """Texts that stand under a name at the top of a module, such as a prefix of its routes."""
    return {
        name: node.value
        for name, node in module.assigned.items()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
