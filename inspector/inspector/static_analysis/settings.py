# ruff: noqa: SIM102 - nested conditions and plain os.path read better here
"""The settings modules: what they assign, where, and which environment variables they read."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspector.discovery.env_files import find_examples
from inspector.discovery.walk import read_text
from inspector.redact import MASK, scrub, secret_name
from inspector.static_analysis.environment import env_reads
from inspector.static_analysis.evaluate import UNKNOWN, Items, apply_method, evaluate
from inspector.static_analysis.source import TYPING, Module, dotted, string, text_of
from inspector.static_analysis.tree import Tree
from inspector.wording import say

DEPTH = 12
CONFIGURATION = re.compile(r"DJANGO_CONFIGURATION['\"]\]?\s*[,=]\s*['\"](\w+)['\"]")


@dataclass
class Settings:
    """What is known of a settings module after reading it and all that it includes."""

    module: str | None
    names: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[Path, int, ast.expr | None]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    env: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    class_based: bool = False
    # Names whose last value stands under a condition, and lists that were added to.
    uncertain: set[str] = field(default_factory=set)
    grown: set[str] = field(default_factory=set)
    # Which file an unresolved (text, line) of a list was written in.
    unresolved_in: dict[tuple[str, int], Path] = field(default_factory=dict)

    def literal(self, name: str) -> str | None:
        value = self.names.get(name)
        return value if isinstance(value, str) else None

    def strings(self, name: str) -> list[str]:
        value = self.names.get(name)
        if not isinstance(value, Items):
            return []
        return [item for item, _, _ in value.items if isinstance(item, str)]


class Reader:
    """Follows star imports, `from .base import X` and django-split-settings' `include()`."""

    def __init__(self, tree: Tree, module: str | None) -> None:
        self.tree = tree
        self.settings = Settings(module)

    def read(self) -> Settings:
        name = self.settings.module
        module = self.tree.module(name) if name else None
        if module is None:
            if name:
                file = self.tree.locate(name)
                self.settings.errors.append(
                    {
                        "text": say("The settings module {name} was not found.", name=name)
                        if file is None
                        else say("The settings module {name} cannot be parsed.", name=name),
                        "file": self.tree.relative(file) if file else None,
                        "line": None,
                    }
                )
            return self.settings
        self._module(module, 0)
        if "INSTALLED_APPS" not in self.settings.names:
            self._classes(module)
        return self.settings

    def _module(self, module: Module, depth: int) -> None:
        if depth > DEPTH or module.file in self.settings.files:
            return
        self.settings.files.append(module.file)
        self._block(module, module.tree.body, depth, conditional=False)
        self.settings.env.update(
            {
                name: fact
                for name, fact in env_reads(self.tree, module, loose=True).items()
                if name not in self.settings.env
            }
        )

    def _block(
        self, module: Module, body: list[ast.stmt], depth: int, *, conditional: bool
    ) -> None:
        for node in body:
            match node:
                case ast.If(test=test, body=then, orelse=orelse):
                    if _never(test):
                        self._block(module, orelse, depth, conditional=conditional)
                    else:
                        self._block(module, then, depth, conditional=True)
                        self._block(module, orelse, depth, conditional=True)
                case ast.Try():
                    self._block(module, node.body, depth, conditional=conditional)
                    for handler in node.handlers:
                        self._block(module, handler.body, depth, conditional=True)
                    self._block(module, node.orelse, depth, conditional=conditional)
                    self._block(module, node.finalbody, depth, conditional=conditional)
                case ast.With():
                    self._block(module, node.body, depth, conditional=conditional)
                case ast.For() | ast.While():
                    self._block(module, node.body, depth, conditional=True)
                case ast.ImportFrom():
                    before = dict(self.settings.places) if conditional else {}
                    self._import(module, node, depth)
                    # Which of several modules is read is decided when the settings are loaded.
                    self.settings.uncertain |= {
                        name
                        for name, place in before.items()
                        if self.settings.places.get(name) != place
                    }
                case _:
                    self._statement(module, node, depth, conditional)

    def _import(self, module: Module, node: ast.ImportFrom, depth: int) -> None:
        from inspector.static_analysis.source import absolute

        source_name = absolute(module, node)
        source = self.tree.module(source_name)
        if source is None:
            return
        if self.tree.origin(source.file) != "project":
            if any(alias.name == "*" for alias in node.names):
                self._framework(source_name, depth)
            return
        if any(alias.name == "*" for alias in node.names):
            self._module(source, depth + 1)
            return
        for alias in node.names:
            self._module_itself(f"{source_name}.{alias.name}", alias.asname or alias.name, depth)
        inner = Reader(self.tree, source_name)
        inner.settings.files.append(module.file)
        if depth > DEPTH or source.file in self.settings.files:
            return
        inner._module(source, depth + 1)
        self.settings.unresolved_in.update(inner.settings.unresolved_in)
        for alias in node.names:
            if alias.name in inner.settings.names:
                local = alias.asname or alias.name
                self.settings.names[local] = inner.settings.names[alias.name]
                if alias.name in inner.settings.places:
                    self.settings.places[local] = inner.settings.places[alias.name]

    def _framework(self, name: str, depth: int) -> None:
        """Settings of an installed package: known by their values, and not the project's own."""
        inner = Reader(self.tree, name)
        source = self.tree.module(name)
        if source is None or depth > DEPTH or self.tree.origin(source.file) != "third-party":
            return
        inner._module(source, depth + 1)
        self.settings.names.update(inner.settings.names)

    def _module_itself(self, name: str, local: str, depth: int) -> None:
        """`from . import base`: its names are written `base.NAME`."""
        source = self.tree.module(name)
        if source is None or self.tree.origin(source.file) != "project":
            return
        if depth > DEPTH or source.file in self.settings.files:
            return
        inner = Reader(self.tree, name)
        inner.settings.files += self.settings.files
        inner._module(source, depth + 1)
        self.settings.unresolved_in.update(inner.settings.unresolved_in)
        self._known_as(local, inner.settings.names)

    def _statement(self, module: Module, node: ast.stmt, depth: int, conditional: bool) -> None:
        names = self.settings.names
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        self._assign(module, target.id, value, conditional)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._assign(module, name, value, conditional)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                new = ast.BinOp(ast.Name(name, ast.Load()), ast.Add(), value)
                ast.copy_location(new, value)
                ast.copy_location(new.left, value)
                before = names.get(name)
                result = evaluate(new, names)
                if conditional and isinstance(result, Items):
                    keep = len(before.items) if isinstance(before, Items) else 0
                    result.items = result.items[:keep] + [
                        (item, line, True) for item, line, _ in result.items[keep:]
                    ]
                self._note_items(module, result)
                names[name] = result
                self.settings.grown.add(name)
                self.settings.places.setdefault(name, (module.file, node.lineno, None))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))) as call) if (
                isinstance(names.get(name), Items)
            ):
                before = names[name]
                result = apply_method(before, call, names)
                if conditional:
                    known = {id(item) for item in before.items}
                    result.items = [
                        item if id(item) in known else (item[0], item[1], True)
                        for item in result.items
                    ]
                self._note_items(module, result)
                names[name] = result
                self.settings.grown.add(name)
            case ast.Expr(value=ast.Call(func=func, args=args)) if (dotted(func) or "").rpartition(
                "."
            )[2] == "include":
                for argument in args:
                    self._split_include(module, argument, depth)

    def _split_include(self, module: Module, argument: ast.expr, depth: int) -> None:
        if isinstance(argument, ast.Call) and argument.args:  # optional("local.py")
            argument = argument.args[0]
        pattern = string(argument)
        if not pattern or pattern.startswith("/") or ".." in pattern:
            return
        for file in sorted(module.file.parent.glob(pattern)):
            if file.suffix == ".py" and file.is_file():
                found = self.tree.read(file)
                if isinstance(found, Module):
                    self._module(found, depth + 1)

    def _assign(self, module: Module, name: str, value: ast.expr, conditional: bool) -> None:
        result = evaluate(value, self.settings.names)
        before = self.settings.names.get(name)
        if conditional and isinstance(before, Items) and isinstance(result, Items):
            # Either the old list or this one: keep both, mark what is not certain.
            known = {item for item, _, _ in before.items if isinstance(item, str)}
            extra = [(item, line, True) for item, line, _ in result.items if item not in known]
            result = Items(before.items + extra, before.unresolved + result.unresolved)
        elif conditional and before is not None and result is UNKNOWN:
            result = before
        self._note_items(module, result)
        self.settings.grown.discard(name)
        (self.settings.uncertain.add if conditional else self.settings.uncertain.discard)(name)
        self.settings.names[name] = result
        self.settings.places[name] = (module.file, value.lineno, value)

    def _note_items(self, module: Module, value: Any) -> None:
        if isinstance(value, Items):
            for entry in value.unresolved:
                self.settings.unresolved_in.setdefault(entry, module.file)

    def _classes(self, module: Module) -> None:
        """django-configurations: settings are attributes of classes."""
        manage = read_text(self.tree.base / "manage.py") or ""
        named = CONFIGURATION.search(manage)
        best = module.classes.get(named[1]) if named else None
        if best is not None:
            self.settings.class_based = True
            self._class(module, best, 0)
            return
        for node in module.classes.values():
            holds = [
                target.id
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            ]
            if "INSTALLED_APPS" in holds:
                best = node
        if best is not None:
            self.settings.class_based = True
            self._class(module, best, 0)

    def _class(self, module: Module, node: ast.ClassDef, depth: int) -> None:
        """What a class assigns, after what its bases in the project do."""
        for base in reversed(node.bases):
            name = dotted(base)
            place = self.tree.find(self.tree.qualify(module, name)) if name else None
            inner = place.module.classes.get(place.name) if place else None
            own = place is not None and self.tree.origin(place.module.file) == "project"
            if place is not None and inner is not None and own and depth < DEPTH:
                if place.module.file not in self.settings.files:
                    self._module(place.module, depth + 1)
                self._class(place.module, inner, depth + 1)
        self._block(module, node.body, 0, conditional=False)
        self._known_as(node.name, self.settings.names)

    def _known_as(self, prefix: str, names: dict[str, Any]) -> None:
        """Names that can also be written ``Base.NAME`` from here on."""
        own = {name: value for name, value in names.items() if name.isupper()}
        self.settings.names.update({f"{prefix}.{name}": value for name, value in own.items()})


def _never(test: ast.expr) -> bool:
    return dotted(test) in TYPING


def variable_rows(tree: Tree, settings: Settings) -> list[dict[str, Any]]:
    """`settings.variables` as far as the files tell."""
    variables = []
    for name, (file, line, node) in settings.places.items():
        if not name.isupper():
            continue
        value = settings.names.get(name)
        computed = value is UNKNOWN and not (node and _is_container(node))
        # A yes or no is no secret, whatever its name.
        plain = isinstance(node, ast.Constant) and isinstance(node.value, bool)
        redacted = secret_name(name) and not plain
        grown = name in settings.grown
        whole = grown and isinstance(value, Items) and _certain(value)
        computed = computed or name in settings.uncertain or (grown and not whole)
        text = None
        if redacted:
            text = MASK
        elif whole and isinstance(value, Items):
            text = scrub(repr([item for item, _, _ in value.items]))
        elif node is not None:
            text = scrub(_safe_text(node))
        elif isinstance(value, Items):
            text = scrub(repr([item for item, _, _ in value.items]))
        variables.append(
            {
                "name": name,
                "value": text,
                "default": None,
                "changed": None,
                "known": None,
                "redacted": redacted or (text is not None and MASK in text),
                "computed": computed,
                "file": tree.relative(file),
                "line": line,
            }
        )
    return variables


def section(tree: Tree, settings: Settings, reads: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The `settings` section. ``reads``: variables read anywhere in the project."""
    env = {**reads, **settings.env}
    for name, fact in reads.items():
        if fact is not env[name]:
            known = {(one["file"], one["line"]) for one in env[name]["places"]}
            env[name]["places"] += [
                one for one in fact["places"] if (one["file"], one["line"]) not in known
            ]
    examples = find_examples(tree.root, tree.base)
    for fact in env.values():
        holder = next((one for one in examples if fact["name"] in one.values), None)
        fact["example"] = tree.relative(holder.file) if holder else None
    return {
        "module": settings.module,
        "files": [tree.relative(file) for file in settings.files],
        "variables": variable_rows(tree, settings),
        "env": sorted(env.values(), key=lambda fact: fact["name"]),
        "env_examples": [
            {"file": tree.relative(one.file), "names": list(one.values)} for one in examples
        ],
        "secret_key": _secret_key(settings),
        "errors": settings.errors,
    }


def _certain(value: Items) -> bool:
    """Whether every item of a list is known, and whether it is there."""
    return not value.unresolved and all(
        isinstance(item, str) and not conditional for item, _, conditional in value.items
    )


def _secret_key(settings: Settings) -> dict[str, Any] | None:
    if "SECRET_KEY" not in settings.places:
        return None
    value = settings.names.get("SECRET_KEY")
    if not isinstance(value, str):
        return {"set": True, "length": None, "insecure_prefix": False, "hard_coded": False}
    insecure = value.startswith("django-insecure-")
    place = settings.places["SECRET_KEY"][2]
    return {
        "set": bool(value),
        "length": len(value),
        "insecure_prefix": insecure,
        "hard_coded": bool(value) and isinstance(place, ast.Constant),
    }


def _is_container(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set | ast.Constant)


class _Mask(ast.NodeTransformer):
    """Hide values under secret-looking keys and keyword arguments, and the defaults of `env()`."""

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        node = ast.Dict(node.keys, list(node.values))
        for index, key in enumerate(node.keys):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                if secret_name(key.value):
                    node.values[index] = ast.Constant(MASK)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        masked = ast.Call(node.func, list(node.args), list(node.keywords))
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            if secret_name(first.value):
                masked.args = [first, *[ast.Constant(MASK) for _ in node.args[1:]]]
                masked.keywords = [
                    ast.keyword(item.arg, ast.Constant(MASK)) if item.arg == "default" else item
                    for item in node.keywords
                ]
        masked.keywords = [
            ast.keyword(item.arg, ast.Constant(MASK)) if secret_name(item.arg or "") else item
            for item in masked.keywords
        ]
        return self.generic_visit(masked)


def _safe_text(node: ast.expr) -> str:
    try:
        # Through text and back: the transformer must never change the tree that others read.
        copy = ast.parse(ast.unparse(node), mode="eval").body
        return ast.unparse(ast.fix_missing_locations(_Mask().visit(copy)))
    except (RecursionError, SyntaxError, ValueError):
        return "…"


def engines(settings: Settings) -> list[dict[str, Any]]:
    """`templates.engines`, as far as `TEMPLATES` is written out."""
    place = settings.places.get("TEMPLATES")
    rows = []
    for item in getattr(place[2], "elts", []) if place else []:
        if not isinstance(item, ast.Dict):
            continue
        values = {string(key): value for key, value in zip(item.keys, item.values, strict=True)}
        backend = string(values.get("BACKEND"))
        app_dirs = values.get("APP_DIRS")
        dirs = values.get("DIRS")
        rows.append(
            {
                "name": string(values.get("NAME")) or (backend or "?").split(".")[-2:][0],
                "backend": backend,
                "dirs": [scrub(text_of(one)) for one in getattr(dirs, "elts", [])],
                "app_dirs": isinstance(app_dirs, ast.Constant) and app_dirs.value is True,
            }
        )
    return rows


def url_names(tree: Tree, settings: Settings) -> list[dict[str, Any]]:
    """Settings that may hold the name of a URL."""
    rows = []
    for name in ("LOGIN_URL", "LOGIN_REDIRECT_URL", "LOGOUT_REDIRECT_URL"):
        text, place = settings.literal(name), settings.places.get(name)
        if text and place and re.fullmatch(r"[\w:-]+", text):
            file = tree.relative(place[0])
            rows.append(
                {"name": text, "kind": "setting", "arguments": 0, "file": file, "line": place[1]}
            )
    return rows
