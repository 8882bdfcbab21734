"""The management commands, found without importing them."""

import ast
import os
import re

from ..bounded import read_bytes
from ..limits import SOURCE_LIMIT, parsed
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


CLASS = re.compile(r"^class[ \t]+Command\b.*\n", re.MULTILINE)
INDENT = re.compile(r"(?:[ \t]*(?:#.*)?\n)*([ \t]+)\S")
LINES = 40  # lines of a help text


def command_help(file):
    """(line of the class, help text), without importing the command."""
    try:
        text = read_bytes(file, SOURCE_LIMIT).decode("utf-8") if file else ""
    except (OSError, ValueError):
        text = ""
    return beginning_of(text) or whole_of(file)


def beginning_of(text):
    """The same from the beginning of the text; None if only the whole file can tell.

    Parsing all commands of a project takes as long as its system checks.
    """
    text = text.replace("\r\n", "\n")
    start = CLASS.search(text)
    indent = INDENT.match(text, start.end()) if start else None
    if indent is None:
        return None
    line = text.count("\n", 0, start.start()) + 1
    named = re.compile(r"^%s(?:help)\b[ \t]*[:=]" % indent.group(1), re.MULTILINE)
    found = named.search(text, start.end())
    if found is None:
        return None if re.search(r"\bhelp\b\s*[:=,]", text[start.end() :]) else (line, None)
    at = found.end()
    for _ in range(LINES):
        at = text.find("\n", at) + 1 or len(text)
        try:
            tree = ast.parse(text[start.start() : at])
        except SyntaxError:
            continue
        except (ValueError, RecursionError, MemoryError):
            return None
        return line, help_in(tree.body[0])
    return None


def whole_of(file):
    tree = parsed(file) if file else None
    for node in tree.body if tree else []:
        if isinstance(node, ast.ClassDef) and node.name == "Command":
            return node.lineno, help_in(node)
    return None, None


def help_in(node):
    """The `help` attribute of a class, if it is literal."""
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
                return scrub(" ".join(text.split()))
    return None
