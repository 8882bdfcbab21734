"""The management commands, without importing them."""

import ast
import os

from ..limits import parsed
from ..places import DJANGO, origin, relative
from ..redact import scrub


def section_commands():
    from django.apps import apps
    from django.core.management import get_commands

    folders = [("django.core", os.path.join(DJANGO[0], "core"))]
    folders += [(one.name, one.path) for one in reversed(list(apps.get_app_configs()))]
    labels = {one.name: one.label for one in apps.get_app_configs()}
    folders = [(app, os.path.join(path, "management", "commands")) for app, path in folders]
    folders = [(app, folder, names_in(folder)) for app, folder in folders]
    rows = []
    for name, owner in sorted(get_commands().items()):
        owner = owner if isinstance(owner, str) else type(owner).__module__
        found = []
        for app, folder, present in folders:
            if name + ".py" in present:
                found.append((app, os.path.join(folder, name + ".py")))
            package = os.path.join(folder, name, "__init__.py")
            if name in present and os.path.isfile(package):
                found.append((app, package))
        file = next((one for app, one in found if app == owner), None)
        hidden = [app for app, _ in found if app != owner]
        line, text = command_help(file)
        rows.append(
            {
                "name": name,
                "app": labels.get(owner, owner),
                "origin": origin(file),
                "file": relative(file),
                "line": line,
                "help": text,
                "overrides": labels.get(hidden[0], hidden[0]) if hidden else None,
            }
        )
    return {"commands": rows, "errors": []}


def names_in(folder):
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


def command_help(file):
    """(line of the class, help text) without importing the command."""
    tree = parsed(file) if file else None
    if tree is None:
        return None, None
    for node in tree.body:
        if not (isinstance(node, ast.ClassDef) and node.name == "Command"):
            continue
        for item in node.body:
            target = item.targets[0] if isinstance(item, ast.Assign) else None
            if isinstance(item, ast.AnnAssign):
                target = item.target
            if getattr(target, "id", "") == "help" and item.value is not None:
                value = item.value
                if isinstance(value, ast.Call) and value.args:
                    value = value.args[0]
                try:
                    text = ast.literal_eval(value)
                except ValueError:
                    text = None
                if isinstance(text, str):
                    return node.lineno, scrub(" ".join(text.split()))
        return node.lineno, None
    return None, None
