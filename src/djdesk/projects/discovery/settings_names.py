"""Settings modules named in a project file, found by reading it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from djdesk.projects.reading import Unreadable, load_ini, load_toml, parse_python, read_text

VARIABLE = "DJANGO_SETTINGS_MODULE"


def in_python(file: Path) -> list[str]:
    """Modules to which a file sets `DJANGO_SETTINGS_MODULE`."""
    text = read_text(file)
    if text is None or VARIABLE not in text:
        return []
    try:
        tree = parse_python(text)
    except (SyntaxError, Unreadable):
        return re.findall(rf"{VARIABLE}['\"]\]?\s*[,=]\s*['\"]([\w.]+)['\"]", text)
    found: list[str] = []
    constants = {
        node.targets[0].id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }

    def value_of(node: ast.expr) -> None:
        match node:
            case ast.Constant(value=str() as value):
                found.append(value)
            case ast.Name(id=name) if name in constants:
                found.append(constants[name])
            case ast.IfExp(body=body, orelse=orelse):
                value_of(body)
                value_of(orelse)
            case ast.BoolOp(values=values):
                for one in values:
                    value_of(one)
            case ast.Call(args=[ast.Constant(value=one), second]) if one != VARIABLE:
                value_of(second)  # os.environ.get("X", "shop.settings")

    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="setdefault" | "putenv" | "get"),
                args=[ast.Constant(value=name), second],
            ) if name == VARIABLE:
                value_of(second)
            case ast.Assign(
                targets=[ast.Subscript(slice=ast.Constant(value=name))], value=value
            ) if name == VARIABLE:
                value_of(value)
    return list(dict.fromkeys(found))


def in_configuration(folder: Path) -> list[tuple[str, str]]:
    """(module, source) from the configuration of pytest, mypy's Django plugin and the like."""
    found: list[tuple[str, str]] = []
    for name, section in (
        ("pytest.ini", "pytest"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ):
        text = read_text(folder / name)
        if not text:
            continue
        try:
            parser = load_ini(text)
        except Unreadable:
            continue
        if value := parser.get(section, VARIABLE, fallback=None):
            found.append((value.strip(), name))
    for name in ("mypy.ini", "setup.cfg"):
        text = read_text(folder / name) or ""
        if match := re.search(r"^django_settings_module\s*=\s*['\"]?([\w.]+)", text, re.MULTILINE):
            found.append((match[1], name))
    if text := read_text(folder / "pyproject.toml"):
        try:
            tool = load_toml(text).get("tool", {})
        except Unreadable:
            tool = {}
        pytest = tool.get("pytest", {})
        for options in (pytest.get("ini_options", {}), pytest):
            if isinstance(value := options.get(VARIABLE), str):
                found.append((value, "pyproject.toml (pytest)"))
        if isinstance(value := tool.get("django-stubs", {}).get("django_settings_module"), str):
            found.append((value, "pyproject.toml (django-stubs)"))
    return found
