"""The settings modules: what they assign, where, and which environment variables they read."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from djdesk.messages import say
from djdesk.projects.code.classbody import assignments
from djdesk.projects.code.dynaconf import dynaconf
from djdesk.projects.code.environment import Variable, env_reads
from djdesk.projects.code.evaluate import UNKNOWN, Items, apply_method, evaluate
from djdesk.projects.code.namespace import may_set_any
from djdesk.projects.code.source import TYPING, Module, dotted, string
from djdesk.projects.code.tree import Tree
from djdesk.projects.reading import read_text

DEPTH = 12
CONFIGURATION = re.compile(r"DJANGO_CONFIGURATION['\"]\]?\s*[,=]\s*['\"](\w+)['\"]")


class Problem(TypedDict):
    """What could not be read. ``file``: relative to the project; ``line`` counts from 1."""

    text: str
    file: str | None
    line: int | None


@dataclass
class Settings:
    """What is known of a settings module after reading it and everything that it includes."""

    module: str | None
    names: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[Path, int, ast.expr | None]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    env: dict[str, Variable] = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    class_based: bool = False
    # Names last assigned under a condition, and lists that were extended.
    uncertain: set[str] = field(default_factory=set)
    # Names that something may give another value afterwards which is not in the repository.
    replaceable: set[str] = field(default_factory=set)
    grown: set[str] = field(default_factory=set)
    # Every assignment of each name, in order.
    written: dict[str, list[tuple[Path, int, ast.expr | None]]] = field(default_factory=dict)
    # The file in which an unresolved (text, line) of a list was written.
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
    """Follows star imports, `from .base import X` and django-split-settings' `include()`.

    ``env``: whether the environment variables are wanted, too.
    """

    def __init__(self, tree: Tree, module: str | None, *, env: bool = True) -> None:
        self.tree = tree
        self.env = env
        self.settings = Settings(module)
        # Modules read separately, for references to their values.
        self.inner: dict[Path, Reader] = {}

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
        if "INSTALLED_APPS" not in self.settings.names:
            for found, line, node in dynaconf(self.tree, module):
                self._assign(module, found, node, False, line)
                self.settings.uncertain.add(found)  # a variable may still override it
        return self.settings

    def _module(self, module: Module, depth: int) -> None:
        if depth > DEPTH or module.file in self.settings.files:
            return
        self.settings.files.append(module.file)
        self.settings.names["__name__"] = module.name
        self._block(module, module.tree.body, depth, conditional=False)
        if not self.env:
            return
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
                    known = self._truth(module, test)
                    if known is not False:
                        self._block(module, then, depth, conditional=conditional or known is None)
                    if known is not True:
                        self._block(module, orelse, depth, conditional=conditional or known is None)
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
                case ast.ImportFrom() if conditional:
                    self._maybe_import(module, node, depth)
                case ast.ImportFrom():
                    self._import(module, node, depth)
                case _:
                    self._statement(module, node, depth, conditional)

    def _truth(self, module: Module, test: ast.expr) -> bool | None:
        """Whether a condition is true, if the files alone determine that."""
        if _never(test):
            return False
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                known = self._truth(module, inner)
                return None if known is None else not known
            case ast.Constant(value=bool() as value):
                return value
            case ast.Name(id=name) if name not in self.settings.uncertain:
                if isinstance(held := self.settings.names.get(name), bool):
                    return held
                place = self.settings.places.get(name)
                asked = place is not None and place[2] is not None and _for_tests(place[2])
                return False if asked else None
            case ast.Attribute() if (dotted(test) or "").endswith("settings.configured"):
                return False
        return False if _for_tests(test) else None

    def _maybe_import(self, module: Module, node: ast.ImportFrom, depth: int) -> None:
        """A conditional import: it adds names but hides none."""
        settings = self.settings
        names, places, grown = dict(settings.names), dict(settings.places), set(settings.grown)
        asked = set(settings.env)
        self._import(module, node, depth)
        for name, before in names.items():
            after = settings.names.get(name)
            if after is before or settings.places.get(name) == places.get(name):
                continue
            settings.uncertain.add(name)
            if before is UNKNOWN:
                continue
            settings.names[name] = before
            if isinstance(before, Items) and isinstance(after, Items):
                settings.names[name] = _either(before, after)
            if name in places:
                settings.places[name] = places[name]
        settings.grown = grown | settings.grown
        for name in settings.env.keys() - asked:
            settings.env[name]["required"] = False  # only if that module is read

    def _import(self, module: Module, node: ast.ImportFrom, depth: int) -> None:
        from djdesk.projects.code.source import absolute

        source_name = absolute(module, node)
        file = self.tree.locate(source_name)
        if file is not None and self.tree.origin(file) != "project":
            if any(alias.name == "*" for alias in node.names):
                self._framework(source_name, depth)
            return  # not followed: single names from libraries are not settings
        source = self.tree.module(source_name)
        star = any(alias.name == "*" for alias in node.names)
        if source is None:
            if star:
                self._replaceable()  # such as local settings, which are in no repository
            return
        if star:
            self._module(source, depth + 1)
            return
        for alias in node.names:
            self._module_itself(f"{source_name}.{alias.name}", alias.asname or alias.name, depth)
        if depth > DEPTH:
            return
        inner = self._inner(source_name, source, depth)
        for alias in node.names:
            if alias.name in inner.settings.names:
                local = alias.asname or alias.name
                self.settings.names[local] = inner.settings.names[alias.name]
                if alias.name in inner.settings.places:
                    self.settings.places[local] = inner.settings.places[alias.name]
                    self._wrote(local, *inner.settings.written.get(alias.name, []))

    def _replaceable(self) -> None:
        self.settings.replaceable |= {name for name in self.settings.names if name.isupper()}

    def _inner(self, name: str, source: Module, depth: int) -> Reader:
        """A module read separately, once; one being read just now yields what it has so far."""
        if source.file not in self.inner:
            inner = self.inner[source.file] = Reader(self.tree, name)
            inner.inner = self.inner
            inner._module(source, depth + 1)
            self.settings.unresolved_in.update(inner.settings.unresolved_in)
        return self.inner[source.file]

    def _wrote(self, name: str, *places: tuple[Path, int, ast.expr | None]) -> None:
        known = self.settings.written.setdefault(name, [])
        known += [one for one in places if one not in known]

    def _framework(self, name: str, depth: int) -> None:
        """Settings of an installed package: their values are known, but they are not the project's
        own.
        """
        inner = Reader(self.tree, name, env=False)
        source = self.tree.module(name)
        if source is None or depth > DEPTH or self.tree.origin(source.file) != "third-party":
            return
        inner._module(source, depth + 1)
        self.settings.names.update(inner.settings.names)

    def _module_itself(self, name: str, local: str, depth: int) -> None:
        """`from . import base`: its names are then written `base.NAME`."""
        file = self.tree.locate(name)
        if file is None or depth > DEPTH or self.tree.origin(file) != "project":
            return
        source = self.tree.module(name)
        if source is None:
            return
        inner = self._inner(name, source, depth)
        self._known_as(local, inner.settings.names)

    def _statement(self, module: Module, node: ast.stmt, depth: int, conditional: bool) -> None:
        names = self.settings.names
        if may_set_any(node):
            self._replaceable()
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
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(attr="configure") as func, keywords=keywords)
            ) if self.tree.qualify(module, dotted(func) or "") == "django.conf.settings.configure":
                # A single-file site: the settings are arguments.
                for keyword in keywords:
                    if keyword.arg:
                        self._assign(module, keyword.arg, keyword.value, conditional)
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
        self.tree.unsure()
        files = sorted(module.file.parent.glob(pattern))
        if not files:
            self._replaceable()
        for file in files:
            if file.suffix == ".py" and file.is_file():
                found = self.tree.read(file)
                if isinstance(found, Module):
                    self._module(found, depth + 1)

    def _assign(
        self,
        module: Module,
        name: str,
        value: ast.expr,
        conditional: bool,
        line: int | None = None,
    ) -> None:
        result = evaluate(value, self.settings.names)
        before = self.settings.names.get(name)
        if conditional and isinstance(before, Items) and isinstance(result, Items):
            result = _either(before, result)
        elif conditional and before is not None and result is UNKNOWN:
            result = before
        self._note_items(module, result)
        self.settings.grown.discard(name)
        (self.settings.uncertain.add if conditional else self.settings.uncertain.discard)(name)
        self.settings.replaceable.discard(name)
        self.settings.names[name] = result
        self.settings.places[name] = (module.file, line or value.lineno, value)
        self._wrote(name, self.settings.places[name])

    def _note_items(self, module: Module, value: Any) -> None:
        if isinstance(value, Items):
            for entry in value.unresolved:
                self.settings.unresolved_in.setdefault(entry, module.file)

    def _classes(self, module: Module) -> None:
        """django-configurations: settings are attributes of classes."""
        if not module.classes:
            return
        self.tree.unsure()
        manage = read_text(self.tree.base / "manage.py") or ""
        named = CONFIGURATION.search(manage)
        best = module.classes.get(named[1]) if named else None
        if best is not None:
            self.settings.class_based = True
            self._class(module, best, 0)
            self._of_one_class(module)
            return
        for node in module.classes.values():
            if "INSTALLED_APPS" in {name for name, _, _ in assignments(node)}:
                best = node
        if best is not None:
            self.settings.class_based = True
            self._class(module, best, 0)
            self._of_one_class(module)
            if any("BaseSettings" in (dotted(base) or "") for base in best.bases):
                # pydantic: environment variables may override every value.
                self.settings.uncertain |= {name for name in self.settings.names if name.isupper()}

    def _of_one_class(self, module: Module) -> None:
        """Beside a class for development stands one for production, which sets them otherwise."""
        if len(module.classes) > 1:
            self._replaceable()

    def _class(self, module: Module, node: ast.ClassDef, depth: int) -> None:
        """What a class assigns, after its bases in the project."""
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


def _for_tests(test: ast.expr) -> bool:
    """``"test" in sys.argv``, ``"pytest" in sys.modules``: false when the project is started
    normally.
    """
    match test:
        case ast.Compare(
            left=ast.Constant(value=str() as word), ops=[ast.In()], comparators=[where]
        ):
            where = where.value if isinstance(where, ast.Subscript) else where  # `sys.argv[:2]`
            return "test" in word and dotted(where) in {"sys.argv", "argv", "sys.modules"}
        case ast.BoolOp(op=ast.Or(), values=values):
            return all(_for_tests(one) for one in values)
    return False


def _either(before: Items, after: Items) -> Items:
    """One list or the other: both are kept, and items missing from the first are uncertain."""
    known = {item for item, _, _ in before.items if isinstance(item, str)}
    # A nested list is not an item.
    extra = [
        (item, line, True)
        for item, line, _ in after.items
        if not (isinstance(item, str) and item in known)
    ]
    lost = [one for one in after.unresolved if one not in before.unresolved]
    return Items(before.items + extra, before.unresolved + lost)
