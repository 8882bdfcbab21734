"""Literal routes, followed through includes; generated routes are listed as unresolved."""

from __future__ import annotations

import ast
from dataclasses import replace

from djdesk.messages import say
from djdesk.projects.code.evaluate import evaluate
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import Module, absolute, dotted, flatten, string, text_of
from djdesk.projects.code.tree import Tree
from inspector.sections.behaviour import Urls as UrlsSection
from inspector.static_analysis.includes import Includes
from inspector.static_analysis.memo import Memo
from inspector.static_analysis.routes import Context, Routes
from inspector.static_analysis.views import Views

PATHS = {
    "django.urls.path",
    "django.urls.re_path",
    "django.urls.conf.path",
    "django.urls.conf.re_path",
    "django.conf.urls.url",
    "django.conf.urls.re_path",
}
# Calls that return the patterns in their first argument.
WRAPPERS = {"format_suffix_patterns", "decorator_include", "list", "tuple"}
DEPTH = 25


class Urls:
    """Reads the patterns of the root URLconf and everything it includes."""

    def __init__(
        self, tree: Tree, settings: Settings, memo: Memo, written: set[str] | None = None
    ) -> None:
        self.tree = tree
        self.written = written or set()
        self.settings = settings
        self.routes = Routes(tree)
        self.views = Views(tree, memo)
        self.includes = Includes(tree, memo, self.routes, self._patterns, self._module)

    def section(self) -> UrlsSection:
        root = self.settings.literal("ROOT_URLCONF") or self._guess_root()
        if root:
            module = self.tree.module(root)
            if module is None:
                self.routes.missing(root)
            else:
                self._module(module, Context(chain=(root,)))
                if not (self.routes.found or self.routes.unresolved or self._listed(module)):
                    shown = ast.Constant(root, lineno=1, col_offset=0)
                    reason = say("its routes are made when the project runs")
                    self.routes.leave(module, shown, Context(chain=(root,)), reason)
        return {
            "root": [root] if root else [],
            "routes": self.routes.found,
            "unresolved": self.routes.unresolved,
            "duplicate_names": self.routes.duplicate_names(),
            "errors": self.routes.errors,
            # Includes routes that no list includes under these settings.
            "written_names": sorted(
                self.written | {one["name"] for one in self.routes.found if one["name"]}
            ),
            "unread_spaces": sorted(self.routes.spaces - {""}),
        }

    def _listed(self, module: Module) -> bool:
        """Whether the module defines a list of routes, even an empty one."""
        return "urlpatterns" in module.assigned

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
                case ast.ImportFrom() if any(one.name == "urlpatterns" for one in node.names):
                    self._imported(module, node, context)
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

    def _imported(self, module: Module, node: ast.ImportFrom, context: Context) -> None:
        """`from .base import urlpatterns`: use the other module's patterns."""
        name = absolute(module, node)
        source = self.tree.module(name)
        if source is not None and name not in context.chain:
            self._module(source, replace(context, chain=(*context.chain, name)))
        elif source is None:
            shown = ast.copy_location(ast.Constant(name), node)
            reason = say("its routes are made when the project runs")
            self.routes.leave(module, shown, context, reason)

    def _patterns(self, module: Module, node: ast.expr, context: Context, depth: int = 0) -> None:
        """Any expression for patterns: a list, a sum of lists, a call, a name."""
        if self.routes.full() or depth > 30:
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
                self.routes.leave(module, node, context, say("computed when the project runs"))

    def _reference(self, module: Module, node: ast.expr, context: Context, depth: int) -> None:
        name = dotted(node) or ""
        full = self.tree.qualify(module, name)
        place = self.tree.find(full)
        head, _, last = full.rpartition(".")
        # Not an attribute of the value, such as `router.urls`: an import may have renamed it.
        whole = place is not None and (last == place.name or self.tree.find(head) is None)
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
        self.routes.leave(module, node, context, reason)

    def _call(self, module: Module, call: ast.Call, context: Context, depth: int) -> None:
        name = dotted(call.func) or ""
        full = self.tree.qualify(module, name)
        short = full.rpartition(".")[2]
        if full in PATHS or (short in {"path", "re_path", "url"} and self._is_pattern_call(call)):
            self._path(module, call, short, context, depth)
        elif short == "i18n_patterns":
            inner = context.under("<language>/")
            for argument in call.args:
                self._patterns(module, argument, inner, depth + 1)
        elif short in WRAPPERS and call.args:
            self._patterns(module, call.args[0], context, depth + 1)
        elif full in {"itertools.chain", "sum"} and call.args:
            for argument in call.args:
                self._patterns(module, argument, context, depth + 1)
        elif short in {"static", "staticfiles_urlpatterns"}:
            return  # static(): only with DEBUG, and only for files
        elif short == "include":
            self.includes.call(module, call, context, depth)
        else:
            self.routes.leave(
                module, call, context, say("a call that makes routes when the project runs")
            )

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
        here = context.under(route)
        target = self._wrapped(module, target)
        if isinstance(target, ast.Call) and self.views.called(module, target.func) == "include":
            self.includes.call(module, target, here, depth, call.lineno)
            return
        if isinstance(target, ast.Tuple | ast.List):
            self.includes.value(module, target, here, depth, call.lineno, "")
            return
        if isinstance(target, ast.Attribute) and target.attr == "urls":
            self.routes.leave(
                module,
                target,
                here,
                say("a router or site: its routes are made when the project runs"),
                call.lineno,
            )
            return
        name = keywords.get("name") or (call.args[3] if len(call.args) > 3 else None)
        view = self.views.read(module, target)
        self.routes.route(module, here, string(name), view, call.lineno)

    def _wrapped(self, module: Module, target: ast.expr) -> ast.expr:
        """The `include(…)` or `site.urls` in `allow(include(…))`, a wrapper
        that guards its target.
        """
        inner = target
        for _ in range(5):
            if not isinstance(inner, ast.Call):
                break
            if self.views.called(module, inner.func) == "include":
                return inner
            last = inner.args[-1] if inner.args else None
            if isinstance(last, ast.Attribute) and last.attr == "urls":
                return last
            if last is None:
                break
            inner = last
        return target


def _texts(module: Module) -> dict[str, str]:
    """Module-level string constants, such as a prefix for routes."""
    return {
        name: node.value
        for name, node in module.assigned.items()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
