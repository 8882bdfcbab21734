# ruff: noqa: SIM102 - nested conditions read better here
"""The `settings` section, built from the settings that were read."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

from djdesk.projects.code.environment import Variable as EnvVariable
from djdesk.projects.code.evaluate import UNKNOWN, Items
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import string, text_of
from djdesk.projects.code.tree import Tree
from djdesk.projects.discovery.env_files import find_examples
from djdesk.projects.discovery.ignored import Ignored
from djdesk.projects.redact import MASK, scrub, secret_name
from inspector.sections.code import UrlName
from inspector.sections.project import SecretKey, ValuePlace, Variable
from inspector.sections.project import Settings as SettingsSection
from inspector.sections.templates import TemplateEngine


def variable_rows(tree: Tree, settings: Settings) -> list[Variable]:
    """`settings.variables`, as far as the files show them."""
    variables: list[Variable] = []
    reads = _reads(settings)
    ignored = _ignored(tree, settings)
    for name, (file, line, node) in settings.places.items():
        if not name.isupper():
            continue
        value = settings.names.get(name)
        computed = value is UNKNOWN and not (node and _is_container(node))
        # A boolean is no secret, whatever its name.
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
        row: Variable = {
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
        if len(every := settings.written.get(name, [])) > 1:
            row["places"] = [_place(tree, redacted, *one) for one in every]
        if asked := _asked(tree, settings, reads, file, node):
            row["env"] = asked
        if name in settings.uncertain | settings.replaceable or file in ignored:
            row["conditional"] = True
        variables.append(row)
    return variables


def _ignored(tree: Tree, settings: Settings) -> set[Path]:
    """Files of values that are not in the repository: each installation has its own."""
    rules = Ignored(tree.root)
    found = {file for file in {place[0] for place in settings.places.values()} if file in rules}
    tree.note_all({(asked := f"file:{file}"): tree.answer(asked) for file in rules.asked})
    return found


def _place(
    tree: Tree, redacted: bool, file: Path, line: int, written: ast.expr | None
) -> ValuePlace:
    value = None if written is None or redacted else scrub(_safe_text(written))
    return {"file": tree.relative(file), "line": line, "value": value}


Reads = dict[str | None, list[tuple[int, str]]]


def _reads(settings: Settings) -> Reads:
    """Per file: lines that read an environment variable, and its name."""
    found: Reads = {}
    for name, fact in settings.env.items():
        for one in fact["places"]:
            if one["line"] is not None:
                found.setdefault(one["file"], []).append((one["line"], name))
    return found


def _asked(
    tree: Tree, settings: Settings, reads: Reads, file: Path, node: ast.expr | None, depth: int = 0
) -> list[str]:
    """The environment variables that a value depends on, also through other names."""
    if node is None or depth > 4 or not hasattr(node, "lineno"):
        return []
    end = node.end_lineno or node.lineno
    rows = reads.get(tree.relative(file), ())
    found = [name for line, name in rows if node.lineno <= line <= end]
    for inner in _names_in(node):
        place = settings.places.get(inner)
        if place is not None and place[2] is not node:
            found += _asked(tree, settings, reads, place[0], place[2], depth + 1)
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4096)  # several settings modules import the same values
def _names_in(node: ast.expr) -> list[str]:
    return [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]


def section(tree: Tree, settings: Settings, reads: dict[str, EnvVariable]) -> SettingsSection:
    """The `settings` section. ``reads``: environment variables read anywhere in the project."""
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
        "secret_key": _secret_key(tree, settings),
        "errors": settings.errors,
    }


def _certain(value: Items) -> bool:
    """Whether every item of a list is known, and is certain to be in it."""
    return not value.unresolved and all(
        isinstance(item, str) and not conditional for item, _, conditional in value.items
    )


def _secret_key(tree: Tree, settings: Settings) -> SecretKey | None:
    if "SECRET_KEY" not in settings.places:
        return None
    value = settings.names.get("SECRET_KEY")
    if not isinstance(value, str):
        return {"set": True, "length": None, "insecure_prefix": False, "hard_coded": False}
    insecure = value.startswith("django-insecure-")
    file, _, place = settings.places["SECRET_KEY"]
    return {
        "set": bool(value),
        "length": len(value),
        "insecure_prefix": insecure,
        "hard_coded": bool(value)
        and isinstance(place, ast.Constant)
        and file not in Ignored(tree.root),
    }


def _is_container(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set | ast.Constant)


class _Mask(ast.NodeTransformer):
    """Masks values under secret-looking keys and keyword arguments, and the defaults of `env()`."""

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


@lru_cache(maxsize=4096)  # several settings modules import the same values
def _safe_text(node: ast.expr) -> str:
    try:
        text = ast.unparse(node)
        if not any(_hides(one) for one in ast.walk(node)):
            return text
        # Parse again: the transformer must never change the shared tree.
        copy = ast.parse(text, mode="eval").body
        return ast.unparse(ast.fix_missing_locations(_Mask().visit(copy)))
    except (RecursionError, SyntaxError, ValueError):
        return "…"


def _hides(node: ast.AST) -> bool:
    """Whether `_Mask` would change this node itself."""
    match node:
        case ast.keyword(arg=name) | ast.Constant(value=str() as name):
            return secret_name(name or "")
    return False


def engines(settings: Settings) -> list[TemplateEngine]:
    """`templates.engines`, as far as `TEMPLATES` is literal."""
    place = settings.places.get("TEMPLATES")
    rows: list[TemplateEngine] = []
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


def url_names(tree: Tree, settings: Settings) -> list[UrlName]:
    """Settings that may hold a URL name."""
    rows: list[UrlName] = []
    for name in ("LOGIN_URL", "LOGIN_REDIRECT_URL", "LOGOUT_REDIRECT_URL"):
        text, place = settings.literal(name), settings.places.get(name)
        if text and place and re.fullmatch(r"[\w:-]+", text):
            file = tree.relative(place[0])
            rows.append(
                {"name": text, "kind": "setting", "arguments": 0, "file": file, "line": place[1]}
            )
    return rows
