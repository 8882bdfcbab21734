"""Environment variables that a file reads: where, with which default, and converted to what."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable
from typing import TypedDict

from djdesk.projects.code.certain import certain
from djdesk.projects.code.source import Module, dotted, text_of
from djdesk.projects.code.tree import Place, Tree
from djdesk.projects.redact import MASK, scrub, secret_name

ENV_NAME = re.compile(r"^[A-Z][A-Z0-9_]*$")


class ReadPlace(TypedDict):
    """A place that reads a variable. ``default``: source text, masked if it may be a secret."""

    file: str | None
    line: int | None
    default: str | None


class Variable(TypedDict):
    """An environment variable. ``file``, ``line`` and ``default`` are those of the first place.

    ``kind``: what the code converts it to, such as `bool`. ``set`` and ``example`` are filled in
    by others: whether it is set, and the example file that names it.
    """

    name: str
    default: str | None
    required: bool
    set: bool | None
    file: str | None
    line: int | None
    kind: str | None
    places: list[ReadPlace]
    example: str | None
    secret: bool


def env_reads(tree: Tree, module: Module, *, loose: bool) -> dict[str, Variable]:
    """Environment variables that a file reads, by name.

    ``loose`` also takes the helpers of settings files (`env("X")`, `config("X")`, `env.bool("X")`).
    """
    found: dict[str, Variable] = {}
    if "environ" not in module.text and "getenv" not in module.text and not loose:
        return found

    kinds: dict[int, str] = {}

    @functools.cache  # few files have a variable of which this is asked
    def sure() -> set[int]:
        return {id(one) for one in certain(module.tree.body)}

    nodes = list(ast.walk(module.tree))
    given = _given(tree, module, nodes)

    def add(
        name: str,
        default: ast.expr | None,
        required: bool,
        line: int,
        node: ast.expr,
        kind: str | None = None,
    ) -> None:
        if not ENV_NAME.match(name):
            return
        text = None if default is None else text_of(default)
        if text is not None:
            text = MASK if secret_name(name) and text not in ("''", "None") else scrub(text)
        kind = kind or kinds.get(id(node))
        required = required and default is None and name not in given and id(node) in sure()
        place: ReadPlace = {"file": tree.relative(module.file), "line": line, "default": text}
        if known := found.get(name):
            known["places"].append(place)
            known["required"] = known["required"] or required
            known["kind"] = known["kind"] or kind
            return
        found[name] = {
            "name": name,
            "default": text,
            "required": required,
            "set": None,
            "file": place["file"],
            "line": line,
            "kind": kind,
            "places": [place],
            "example": None,
            "secret": secret_name(name),
        }

    for node in nodes:
        if isinstance(node, ast.Call):
            _note_kind(node, kinds)  # outermost first: the call is seen before the read inside it
        match node:
            case ast.Subscript(value=value, slice=ast.Constant(value=str() as name)) if _is_environ(
                tree, module, value
            ):
                if isinstance(node.ctx, ast.Load):
                    add(name, None, True, node.lineno, node)
            case ast.Call(func=func, args=[ast.Constant(value=str() as name), *rest]):
                called = dotted(func) or ""
                full = tree.qualify(module, called) if called else ""
                if called.startswith("os."):
                    full = called  # also if a star import brings `os`
                default = rest[0] if rest else _keyword(node, "default")
                if full in {
                    "os.getenv",
                    "os.environ.get",
                    "os.environ.setdefault",
                    "os.environ.pop",
                }:
                    if not full.endswith("setdefault"):
                        add(name, default, False, node.lineno, node)
                elif loose and _is_helper(called):
                    named = _keyword(node, "default")
                    cast, declared = _scheme(tree, module, called, name)
                    cast = _cast(node, called) or cast
                    default = named or _second(called, rest) or declared
                    needed = not (_may_be_absent(tree, module, called) or _of_project(tree, full))
                    add(name, default, needed, node.lineno, node, cast)
            case ast.Call(func=ast.Attribute(attr=method, value=ast.Name(id=head)), args=[]) if (
                loose and method in ADDRESSES and _made_by(module, head).endswith("Env")
            ):
                name = ADDRESSES[method]
                default = _keyword(node, "default") or _scheme(tree, module, head, name)[1]
                add(name, default, True, node.lineno, node, CASTS.get(method, "url"))
            case ast.ClassDef() if loose:
                for item in node.body:
                    match item:
                        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                            kind = tree.qualify(module, dotted(call.func) or "")
                            if kind.startswith("configurations.values."):
                                _value(add, name, kind.rpartition(".")[2], call)
    return found


def _given(tree: Tree, module: Module, nodes: list[ast.AST]) -> set[str]:
    """Variables that the file itself sets, for later reads."""
    found = set()
    for node in nodes:
        match node:
            case ast.Assign(
                targets=[ast.Subscript(value=value, slice=ast.Constant(value=str() as name))]
            ) if _is_environ(tree, module, value):
                found.add(name)
            case ast.Call(
                func=ast.Attribute(attr="setdefault", value=value),
                args=[ast.Constant(value=str() as name), _],
            ) if _is_environ(tree, module, value):
                found.add(name)
    return found


CASTS = {
    "bool": "bool",
    "int": "int",
    "float": "float",
    "str": "str",
    "list": "list",
    "tuple": "list",
    "dict": "dict",
    "json": "json",
    "loads": "json",
    "url": "url",
    "db": "database",
    "db_url": "database",
    "cache": "url",
    "cache_url": "url",
    "path": "path",
    "Path": "path",
    "Csv": "list",
    "strtobool": "bool",
}


# django-environ: what `env.db()` reads when called without a name.
ADDRESSES = {
    "db": "DATABASE_URL",
    "db_url": "DATABASE_URL",
    "cache": "CACHE_URL",
    "cache_url": "CACHE_URL",
    "email": "EMAIL_URL",
    "email_url": "EMAIL_URL",
    "search_url": "SEARCH_URL",
}


def _made_by(module: Module, name: str) -> str:
    """What creates the object of that name: "environ.Env" after `env = environ.Env()`."""
    value = module.assigned.get(name)
    return (dotted(value.func) or "") if isinstance(value, ast.Call) else ""


def _of_project(tree: Tree, full: str) -> bool:
    """Whether a helper is the project's own: it may have a default that the call does not show."""
    place = _own_place(tree, full)
    if place is None:
        return False
    made = _made_by(place.module, place.name.partition(".")[0])
    return not made or _own_place(tree, tree.qualify(place.module, made)) is not None


def _own_place(tree: Tree, full: str) -> Place | None:
    """Where a name is defined, if that is in the project. Packages, which have nothing from the
    project, are not parsed.
    """
    file = tree.locate(full.partition(".")[0])
    if file is not None and tree.origin(file) != "project":
        return None
    place = tree.find(full)
    return place if place and tree.origin(place.module.file) == "project" else None


def _second(called: str, rest: list[ast.expr]) -> ast.expr | None:
    """The default after the name. In `config("X", int)` it is the type: decouple's second argument
    is a default, Starlette's a type."""
    if rest and called.rpartition(".")[2] == "config":
        return None if isinstance(rest[0], ast.Name | ast.Attribute | ast.Lambda) else rest[0]
    return rest[0] if rest else None


def _may_be_absent(tree: Tree, module: Module, called: str) -> bool:
    """Calls that return something even without the variable: a `get`, yaenv, and schemes defined
    elsewhere, `Env(**DEFAULTS)`."""
    head, _, last = called.rpartition(".")
    start = called.partition(".")[0]
    value = module.assigned.get(start)
    if value is None and (place := tree.find(tree.qualify(module, start))):
        module, value = place.module, place.module.assigned.get(place.name)
    if last in {"get", "get_credential"} and head:  # the second is cfenv's
        return True
    if not isinstance(value, ast.Call):
        return False
    made = module.imports.get((dotted(value.func) or "").partition(".")[0], "")
    whole = any(one.arg is None for one in value.keywords)
    return whole or (made.startswith("yaenv") and bool(head))


def _scheme(
    tree: Tree, module: Module, called: str, name: str
) -> tuple[str | None, ast.expr | None]:
    """(kind, default) that `Env(NAME=(bool, False))` declares for a variable, also in the module
    that the helper is imported from."""
    head = called.partition(".")[0]
    if head not in module.assigned and (place := tree.find(tree.qualify(module, head))):
        module, head = place.module, place.name
    value = module.assigned.get(head)
    declared = _keyword(value, name) if isinstance(value, ast.Call) else None
    if declared is None or not _made_by(module, head).endswith("Env"):
        return None, None
    if isinstance(declared, ast.Tuple) and len(declared.elts) == 2:
        return CASTS.get(dotted(declared.elts[0]) or ""), declared.elts[1]
    return CASTS.get(dotted(declared) or ""), None


def _value(add: Callable[..., None], name: str, kind: str, call: ast.Call) -> None:
    """An attribute such as `DEBUG = values.BooleanValue(False)` of django-configurations."""
    given, prefix = _keyword(call, "environ_name"), _keyword(call, "environ_prefix")
    default = call.args[0] if call.args else _keyword(call, "default")
    if kind in {"DatabaseURLValue", "CacheURLValue", "EmailURLValue", "SearchURLValue"}:
        name = f"{kind.removesuffix('URLValue').upper()}_URL"
        prefix = prefix or ast.Constant(None)
    if isinstance(given, ast.Constant):
        name = str(given.value)
    front = prefix.value if isinstance(prefix, ast.Constant) else "DJANGO"
    whole = f"{str(front).rstrip('_')}_{name}" if front else name
    wanted = _keyword(call, "environ_required")
    required = kind == "SecretValue" or (isinstance(wanted, ast.Constant) and bool(wanted.value))
    word = kind.removesuffix("Value").lower()
    known = {"boolean": "bool", "integer": "int", "float": "float", "list": "list", "dict": "dict"}
    made = (
        "database" if word == "databaseurl" else known.get(word, "url" if "url" in word else None)
    )
    add(whole, default, required, call.lineno, call, made)


def _note_kind(call: ast.Call, kinds: dict[int, str]) -> None:
    """Conversions: `int(os.environ["X"])` and `os.environ["X"].split(",")`."""
    func = call.func
    last = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    if last == "split" and isinstance(func, ast.Attribute):
        kinds[id(func.value)] = "list"
    elif last in CASTS and call.args:
        kinds[id(call.args[0])] = CASTS[last]


def _cast(call: ast.Call, called: str) -> str | None:
    """`env.bool("X")` and `config("X", cast=bool)`."""
    cast = _keyword(call, "cast")
    if cast is not None:
        name = dotted(cast.func if isinstance(cast, ast.Call) else cast) or ""
        return CASTS.get(name.rpartition(".")[2])
    return CASTS.get(called.rpartition(".")[2])


def _is_environ(tree: Tree, module: Module, node: ast.expr) -> bool:
    """`os.environ`, or a name for it or for a copy: `env = os.environ.copy()`."""
    name = dotted(node)
    if not name:
        return False
    given = module.assigned.get(name)
    if isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute):
        given = given.func.value if given.func.attr == "copy" else None
    names = [name, dotted(given) if given is not None else None]
    return any(one and "os.environ" in (one, tree.qualify(module, one)) for one in names)


def _is_helper(called: str) -> bool:
    head, _, last = called.rpartition(".")
    if head.rpartition(".")[2].lower() in {"env", "environ", "envs"}:
        return last not in {"read_env", "get_value_from", "prefixed"}
    return "env" in last.lower() or last == "config"


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((item.value for item in call.keywords if item.arg == name), None)
