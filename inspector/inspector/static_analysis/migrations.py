"""Migration files: the graph, the operations and what cannot be reversed."""

from __future__ import annotations

import ast
import re
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal, TypedDict

from djdesk.messages import say
from djdesk.projects.code.evaluate import Items, evaluate
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import Module, dotted, flatten, string, text_of
from djdesk.projects.code.tree import Tree
from djdesk.projects.lists import listed
from inspector.sections.common import Problem
from inspector.sections.migrations import (
    Migration,
    MigrationApp,
    MigrationProblem,
    Migrations,
    Operation,
)
from inspector.static_analysis import operations, steps
from inspector.static_analysis.apps import App
from inspector.static_analysis.memo import Memo
from inspector.static_analysis.migration_order import computed, leaves, ordered, own_label
from inspector.static_analysis.operations import Op
from inspector.static_analysis.replay import Operations, circle

# Excludes `__first__`, `__latest__` and computed names.
NAME = re.compile(r"^(?!__)\w+$")
# Attributes of a migration that name others, and their keys in a row.
LISTS: dict[str, Literal["deps", "run_before", "replaces"]] = {
    "dependencies": "deps",
    "run_before": "run_before",
    "replaces": "replaces",
}


def section(
    tree: Tree,
    settings: Settings,
    apps: list[App],
    memo: Memo,
    replay: Operations | None = None,
    *,
    complete: bool = False,
    guessed: bool = False,
) -> Migrations:
    """The `migrations` section. Fills ``replay``: app -> migration -> operations.

    ``complete``: the list of apps is complete and all of them were found. ``guessed``: the apps
    were found by their folders, which do not give their labels.
    """
    moved = _migration_modules(settings)
    errors: list[MigrationProblem] = []
    result: dict[str, MigrationApp] = {}
    unmigrated: list[str] = []
    bare: list[str] = []
    unpackaged: dict[str, str] = {}
    for app in apps:
        folder = _folder(tree, app, moved)
        if folder is None and app.label not in moved and (lost := _unpackaged(app)):
            unpackaged[app.label] = tree.relative(lost)
        kept = None if replay is None else replay.setdefault(app.label, {})
        rows = _read_app(tree, app, folder, errors, kept, memo) if folder else None
        if rows is None:
            if app.folder is not None:
                unmigrated.append(app.label)
                # None in MIGRATION_MODULES says that it shall have none.
                if app.models and moved.get(app.label, "") is not None:
                    bare.append(app.label)
            continue
        result[app.label] = {
            "origin": tree.origin(folder / "__init__.py") if folder else "outside",
            "path": tree.relative(folder) if folder else None,
            "leaves": [],
            "migrations": steps.marked(rows),
        }
    conflicts = {}
    # As written in facts, with / on every system.
    unread = {PurePosixPath(one["file"]).with_suffix("") for one in errors if one["file"]}
    for label, app_row in result.items():
        app_row["leaves"] = leaves(label, app_row["migrations"])
        app_row["migrations"] = ordered(label, app_row["migrations"])
        # A file that could not be read may be the merge.
        gap = any(str(one.parent) == app_row["path"] for one in unread)
        gap = gap or computed(app_row["migrations"])
        gap = gap or (guessed and not own_label(label, app_row["migrations"]))
        if len(app_row["leaves"]) > 1 and not gap:
            conflicts[label] = app_row["leaves"]
    sure = {app.label for app in apps} if complete else None
    named = {label: row for label, row in result.items() if own_label(label, row["migrations"])}
    errors += _orphans(named if guessed else result, unread, sure)
    errors += _circle(tree, result)
    return {
        "apps": result,
        "conflicts": conflicts,
        "unmigrated": unmigrated,
        "no_migrations_with_models": bare,
        "unpackaged": unpackaged,
        "lost_originals": _lost_originals(result),
        "overridden": _overridden(tree, apps),
        "errors": errors,
    }


def _unpackaged(app: App) -> Path | None:
    """A migrations folder that lacks the `__init__.py` that Django requires."""
    folder = app.folder / "migrations" if app.folder else None
    if folder is None or not folder.is_dir() or (folder / "__init__.py").exists():
        return None
    return folder if any(one.name[:1].isdigit() for one in folder.glob("*.py")) else None


def _circle(tree: Tree, result: dict[str, MigrationApp]) -> list[MigrationProblem]:
    """The first circular dependency that involves the project, as an error."""
    found = circle(result)
    if not any(result[label]["origin"] == "project" for label, _ in found):
        return []
    rows = {(label, one["name"]): one for label, _ in found for one in result[label]["migrations"]}
    file = rows[found[0]]["file"]
    read = tree.read(tree.root / file) if file else None
    node = read.classes.get("Migration") if isinstance(read, Module) else None
    line = next(
        (
            item.lineno
            for item in (node.body if node else [])
            if isinstance(item, ast.Assign)
            and isinstance(item.targets[0], ast.Name)
            and item.targets[0].id in {"dependencies", "run_before"}
        ),
        None,
    )
    names = " → ".join(".".join(key) for key in found)
    text = say("{names} depend on each other in a circle.", names=names)
    return [{"text": text, "file": file, "line": line}]


def _lost_originals(result: dict[str, MigrationApp]) -> list[Problem]:
    """Squashed migrations that replace some existing and some missing migrations.

    All missing is normal some time after a squash, also if an older squash stays; some missing
    is often a mistake, which Django does not report.
    """
    found: list[Problem] = []
    for label, app in result.items():
        names = {one["name"] for one in app["migrations"]}
        squashes = {one["name"] for one in app["migrations"] if one.get("replaces")}
        for row in app["migrations"] if app["origin"] == "project" else ():
            own = [one for one in row.get("replaces", []) if one.partition(".")[0] == label]
            lost = [one for one in own if one.partition(".")[2] not in names]
            if lost and any(one.partition(".")[2] in names - squashes for one in own):
                text = say(
                    "{name} replaces {names_list}, which is not there.",
                    name=f"{label}.{row['name']}",
                    names_list=listed(lost),
                )
                found.append({"text": text, "file": row["file"], "line": None})
    return found


def _orphans(
    result: dict[str, MigrationApp], unread: set[PurePosixPath], labels: set[str] | None
) -> list[MigrationProblem]:
    """Project migrations that depend on a missing migration of the same app.

    ``unread``: files that exist but could not be read, without suffix. ``labels``: of all
    apps, if that is certain.
    """
    known = {
        one
        for label, app in result.items()
        for row in app["migrations"]
        for one in (f"{label}.{row['name']}", *row.get("replaces", []))
    }
    errors: list[MigrationProblem] = []
    for label, app in result.items():
        for row in app["migrations"] if app["origin"] == "project" else ():
            for needed in row["deps"]:
                of, _, name = needed.partition(".")
                gone = labels is not None and of not in labels and NAME.match(of)
                if not gone and (of not in result or needed in known or not NAME.match(name)):
                    continue
                if not gone and PurePosixPath(result[of]["path"] or "", name) in unread:
                    continue
                text = say(
                    "{name} depends on {needed}, which is not there.",
                    name=f"{label}.{row['name']}",
                    needed=needed,
                )
                errors.append({"text": text, "file": row["file"], "line": None})
    return errors


def _migration_modules(settings: Settings) -> dict[str, str | None]:
    place = settings.places.get("MIGRATION_MODULES")
    node = place[2] if place else None
    found: dict[str, str | None] = {}
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            label = string(key)
            known = evaluate(value, settings.names)
            if label and (known is None or isinstance(known, str)):
                found[label] = known
    return found


def _folder(tree: Tree, app: App, moved: dict[str, str | None]) -> Path | None:
    if app.label in moved:
        name = moved[app.label]
        return tree.folder_of(name) if name else None
    if app.folder is None:
        return None
    folder = app.folder / "migrations"
    return folder if (folder / "__init__.py").is_file() else None


def _overridden(tree: Tree, apps: list[App]) -> list[str]:
    texts = []
    for app in apps:
        for command in ("makemigrations", "migrate"):
            file = app.folder / "management" / "commands" / f"{command}.py" if app.folder else None
            if file and file.is_file():
                texts.append(
                    say("{name} replaces the command {command}", name=app.label, command=command)
                )
    return texts


def _read_app(
    tree: Tree,
    app: App,
    folder: Path,
    errors: list[MigrationProblem],
    kept: dict[str, list[Op]] | None,
    memo: Memo,
) -> list[Migration]:
    rows: list[Migration] = []
    for file in sorted(folder.glob("*.py")):
        # Same rule as Django, which takes only importable names.
        if file.name[0] in "_~" or "." in file.stem or not file.is_file():
            continue
        found = memo.result(f"migration:{file}", app.label, partial(_read_file, tree, app, file))
        errors += found["errors"]
        if found["row"] is not None:
            rows.append(found["row"])
            if kept is not None and found["ops"] is not None:
                kept[file.stem] = found["ops"]
    return rows


class MigrationFile(TypedDict):
    """What one file says. ``ops`` is None without a list of operations."""

    row: Migration | None
    ops: list[Op] | None
    errors: list[MigrationProblem]


def _read_file(tree: Tree, app: App, file: Path) -> MigrationFile:
    module = tree.read(file)
    if not isinstance(module, Module):
        error: MigrationProblem = {
            "text": module.text,
            "file": tree.relative(file),
            "line": module.line,
        }
        if module.newer or module.older:
            error["unread"] = True
        return {"row": None, "ops": None, "errors": [error]}
    node = module.classes.get("Migration")
    if node is None and "Migration" not in module.imports and not module.stars:
        text = say("{name} has no class Migration.", name=f"{app.label}.{file.stem}")
        error = {"text": text, "file": tree.relative(file), "line": None}
        return {"row": None, "ops": None, "errors": [error]}
    row, ops = _migration(tree, app, module, node) if node else (None, None)
    return {"row": row, "ops": ops, "errors": []}


def _migration(
    tree: Tree, app: App, module: Module, node: ast.ClassDef
) -> tuple[Migration, list[Op] | None]:
    ops: list[Op] | None = None
    row: Migration = {
        "name": module.file.stem,
        "file": tree.relative(module.file),
        "ops": 0,
        "op_kinds": {},
        "deps": [],
        "irreversible": [],
        "data_ops": [],
    }
    for item in flatten(node.body):
        match item:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                | ast.AugAssign(target=ast.Name(id=name), value=value)
            ):
                if (key := LISTS.get(name)) is not None:
                    row[key] = row.get(key, []) + _references(module, value)
                elif name == "operations":
                    _operations(row, module, value)
                    row["operations"] = row.get("operations", []) + steps.read(module, value)
                    ops = (ops or []) + operations.read(module, value)
                elif name == "initial" and getattr(value, "value", None) is True:
                    row["initial"] = True
                elif name == "atomic" and getattr(value, "value", None) is False:
                    row["atomic"] = False
            case ast.FunctionDef(name="__init__"):
                # Some compute their dependencies from what else is in the folder.
                for inner in ast.walk(item):
                    match inner:
                        case ast.Assign(targets=[ast.Attribute(attr="dependencies")], value=value):
                            row["deps"] += _references(module, value)
    if "initial" not in row and not any(dep.startswith(f"{app.label}.") for dep in row["deps"]):
        row["initial"] = True
    return row, ops


def _constants(module: Module) -> dict[str, str]:
    """String constants of the file: `APP = "shop"`."""
    return {
        name: value.value
        for name, value in module.assigned.items()
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def _references(module: Module, node: ast.expr) -> list[str]:
    """`("app", "name")` pairs as "app.name"; swappable dependencies as "__setting__.NAME"."""
    if isinstance(node, ast.BinOp):
        return _references(module, node.left) + _references(module, node.right)
    if isinstance(node, ast.Name) and node.id in module.assigned:
        return _references(module, module.assigned[node.id])
    if isinstance(node, ast.Call) and (made := module.functions.get(dotted(node.func) or "")):
        # Whichever branch it takes, it can only return these pairs.
        pairs = [one for one in ast.walk(made) if isinstance(one, ast.Tuple)]
        pairs = [one for one in pairs if len(one.elts) == 2 and all(map(string, one.elts))]
        return _references(module, ast.List(list(pairs), ast.Load()))
    found = []
    for item in node.elts if isinstance(node, ast.List | ast.Tuple) else []:
        if isinstance(item, ast.Call):
            called = (dotted(item.func) or "").rpartition(".")[2]
            argument = dotted(item.args[0]) if item.args else None
            if called == "swappable_dependency":
                setting = (argument or text_of(item.args[0])).removeprefix("settings.")
                found.append(f"__setting__.{setting}")
            continue
        pair = evaluate(item, _constants(module))
        if isinstance(pair, Items) and len(pair.items) >= 2:
            one, two = pair.items[0][0], pair.items[1][0]
            found.append(f"{one}.{two}")
        elif isinstance(item, ast.Tuple):
            found.append(".".join(text_of(part) for part in item.elts))
    return found


def _operations(row: Migration, module: Module, node: ast.expr) -> None:
    if isinstance(node, ast.BinOp):
        _operations(row, module, node.left)
        _operations(row, module, node.right)
        return
    if isinstance(node, ast.Name) and node.id in module.assigned:
        _operations(row, module, module.assigned[node.id])
        return
    for item in node.elts if isinstance(node, ast.List | ast.Tuple) else []:
        if isinstance(item, ast.Starred):
            _operations(row, module, item.value)
            continue
        if isinstance(item, ast.Call):
            kind = (dotted(item.func) or "").rpartition(".")[2]
            row["ops"] += 1
            row["op_kinds"][kind] = row["op_kinds"].get(kind, 0) + 1
            _consider(row, kind, item)


def _consider(row: Migration, kind: str, call: ast.Call) -> None:
    keywords = {item.arg: item.value for item in call.keywords if item.arg}
    if kind == "SeparateDatabaseAndState":
        inner = keywords.get("database_operations") or (call.args[0] if call.args else None)
        for item in inner.elts if isinstance(inner, ast.List | ast.Tuple) else []:
            if isinstance(item, ast.Call):
                _consider(row, (dotted(item.func) or "").rpartition(".")[2], item)
        return
    if kind not in {"RunPython", "RunSQL"}:
        return
    forward, backward = ("code", "reverse_code") if kind == "RunPython" else ("sql", "reverse_sql")
    first = call.args[0] if call.args else keywords.get(forward)
    second = call.args[1] if len(call.args) > 1 else keywords.get(backward)
    what = text_of(first)[:120] if kind == "RunPython" else (string(first) or text_of(first))[:120]
    fact: Operation = {"op": kind, "what": " ".join(what.split()), "line": call.lineno}
    row["data_ops"].append(fact)
    if second is None or (isinstance(second, ast.Constant) and second.value is None):
        row["irreversible"].append(fact)
