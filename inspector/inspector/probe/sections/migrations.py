"""The migration files and their graph."""

import ast
import os
import sys

from ..limits import parsed
from ..messages import say
from ..places import origin, relative
from ..redact import scrub
from .loader import load_migrations, whole


def section_migrations():
    from django.apps import apps
    from django.conf import settings

    errors = []
    loader = load_migrations(errors)
    result = {}
    for (label, _), migration in sorted(whole(loader).items()):
        if label not in result:
            module = sys.modules.get(loader.migrations_module(label)[0])
            folder = os.path.dirname(getattr(module, "__file__", None) or "")
            result[label] = {
                "origin": origin(os.path.join(folder, "__init__.py")),
                "path": relative(folder),
                "leaves": [],
                "migrations": [],
            }
        result[label]["migrations"].append(one_migration(migration, settings))
    conflicts = {}
    # Use Django's own answer if its graph contains all migrations of the app.
    whole_graph = getattr(loader, "failure", None) is None
    found = loader.detect_conflicts() if whole_graph else {}
    for label, row in result.items():
        if whole_graph and label not in getattr(loader, "broken", ()):
            row["leaves"] = sorted(name for _, name in loader.graph.leaf_nodes(label))
            conflict = label in found
        else:
            row["leaves"] = sorted(leaves_of(label, row["migrations"]))
            # A file that could not be read may be the merge.
            conflict = len(row["leaves"]) > 1 and label not in getattr(loader, "unread", ())
        row["migrations"] = in_order(label, row["migrations"])
        if conflict:
            conflicts[label] = row["leaves"]
    unmigrated = sorted(loader.unmigrated_apps)
    with_models = [
        label
        for label in unmigrated
        # None in MIGRATION_MODULES says that it shall have none; some models have no table.
        if settings.MIGRATION_MODULES.get(label, "") is not None
        and any(
            one._meta.managed and not one._meta.proxy
            for one in apps.get_app_config(label).get_models()
        )
    ]
    return {
        "apps": result,
        "conflicts": conflicts,
        "unmigrated": unmigrated,
        "no_migrations_with_models": with_models,
        "overridden": overridden_commands(),
        "errors": errors,
    }


def overridden_commands():
    from django.core.management import get_commands

    commands = get_commands()
    texts = []
    for name in ("makemigrations", "migrate"):
        owner = commands.get(name, "django.core")
        if owner != "django.core":
            texts.append(say("{name} replaces the command {command}", name=owner, command=name))
    return texts


def reference(pair, settings):
    app, name = pair[0], pair[1]
    if app == "__setting__":
        app = str(getattr(settings, name, name)).split(".")[0]
        name = "__first__"
    return "%s.%s" % (app, name)


def one_migration(migration, settings):
    module = sys.modules.get(type(migration).__module__)
    file = getattr(module, "__file__", None)
    row = {
        "name": migration.name,
        "file": relative(file),
        "ops": len(migration.operations),
        "op_kinds": {},
        "deps": [reference(pair, settings) for pair in migration.dependencies],
        "irreversible": [],
        "data_ops": [],
    }
    if migration.run_before:
        row["run_before"] = [reference(pair, settings) for pair in migration.run_before]
    if migration.replaces:
        row["replaces"] = [reference(pair, settings) for pair in migration.replaces]
    own = [pair for pair in migration.dependencies if pair[0] == migration.app_label]
    if migration.initial or (migration.initial is None and not own):
        row["initial"] = True
    if not migration.atomic:
        row["atomic"] = False
    lines = {}
    for operation in migration.operations:
        kind = type(operation).__name__
        row["op_kinds"][kind] = row["op_kinds"].get(kind, 0) + 1
        inner = [operation]
        if kind == "SeparateDatabaseAndState":
            inner = list(operation.database_operations)
        for one in inner:
            name = type(one).__name__
            if name not in ("RunPython", "RunSQL"):
                continue
            if name not in lines:
                lines[name] = call_lines(file, name)
            if name == "RunPython":
                what = getattr(one.code, "__name__", type(one.code).__name__)
            else:
                what = one.sql if isinstance(one.sql, str) else "%d statements" % len(one.sql)
            fact = {
                "op": name,
                "what": scrub(" ".join(what.split())[:120]),
                "line": lines[name].pop(0) if lines[name] else None,
            }
            row["data_ops"].append(fact)
            if not one.reversible:
                row["irreversible"].append(fact)
    return row


def call_lines(file, name):
    tree = parsed(file)
    if tree is None:
        return []
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", None)) == name
    )


def leaves_of(label, rows):
    names = {row["name"] for row in rows}
    stands = {}
    for row in rows:
        for one in row.get("replaces", []):
            app, _, name = one.partition(".")
            if app == label and name != row["name"]:
                stands[name] = row["name"]
    wanted = set()
    for row in rows:
        me = stands.get(row["name"], row["name"])
        for dep in row["deps"]:
            app, _, name = dep.partition(".")
            if app == label and stands.get(name, name) != me:
                wanted.add(stands.get(name, name))
    return [name for name in names if name not in stands and name not in wanted]


def in_order(label, rows):
    by_name = {row["name"]: row for row in sorted(rows, key=lambda row: row["name"])}
    out, state = [], {}
    for start in by_name:
        stack = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                out.append(by_name[name])
                continue
            if state.get(name):
                continue
            state[name] = True
            stack.append((name, True))
            for dep in sorted(by_name[name]["deps"], reverse=True):
                app, _, inner = dep.partition(".")
                if app == label and inner in by_name and not state.get(inner):
                    stack.append((inner, False))
    return out
