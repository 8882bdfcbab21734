"""Which settings modules a project has, and who says so."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from inspector.discovery.walk import folders, read_text
from inspector.wording import say

VARIABLE = "DJANGO_SETTINGS_MODULE"
STAR = re.compile(r"^[ \t]*from\s+([\w.]+)\s+import\s+\*", re.MULTILINE)
# `from evennia.settings_default import *`: a project whose framework brings the apps.
FRAMEWORK = re.compile(
    r"^from\s+([A-Za-z_]\w*(?:\.\w+)*\.\w*(?:settings|defaults)\w*(?:\.\w+)*)\s+import\s+\*",
    re.MULTILINE,
)
DOTTED = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")


@dataclass
class SettingsModule:
    """``file`` is None when no file of that name was found."""

    module: str
    file: Path | None
    source: str
    chosen: bool = False


def find_settings(
    root: Path, base: Path, manage: Path | None, chosen: str | None = None
) -> list[SettingsModule]:
    """Candidates, best source first; exactly one is chosen if there is any."""
    found: dict[str, SettingsModule] = {}

    def add(module: str | None, source: str) -> None:
        if module and DOTTED.match(module) and module not in found:
            found[module] = SettingsModule(module, locate(module, base, root), source)

    add(chosen, say("chosen by you"))
    if manage is not None:
        for module in in_python(manage):
            add(module, "manage.py")
    for folder in dict.fromkeys((base, root)):
        for module, source in in_configuration(folder):
            add(module, source)
    for folder, files in folders(base, 3):
        for name in ("wsgi.py", "asgi.py"):
            if name in files:
                for module in in_python(folder / name):
                    add(module, f"{(folder / name).relative_to(base).as_posix()}")
    for file in settings_files(base):
        add(dotted_name(file, base), say("a file with INSTALLED_APPS"))
    if not found:
        for file, ground in of_a_framework(base):
            add(dotted_name(file, base), say("a file that builds on {name}", name=ground))
    for file, ground in derived([one.file for one in found.values() if one.file]):
        if file.is_relative_to(base):
            add(dotted_name(file, base), say("a file that builds on {name}", name=ground))
    rows = list(found.values())
    best = next((row for row in rows if row.file is not None), rows[0] if rows else None)
    if chosen and chosen in found:
        best = found[chosen]
    if best is not None:
        best.chosen = True
    return rows


def in_python(file: Path) -> list[str]:
    """Modules that a file sets `DJANGO_SETTINGS_MODULE` to, by reading it."""
    text = read_text(file)
    if text is None or VARIABLE not in text:
        return []
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
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
    """(module, source) of pytest, mypy's Django plugin and their relatives."""
    found: list[tuple[str, str]] = []
    for name, section in (
        ("pytest.ini", "pytest"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ):
        text = read_text(folder / name)
        if not text:
            continue
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(text)
        except configparser.Error:
            continue
        if value := parser.get(section, VARIABLE, fallback=None):
            found.append((value.strip(), name))
    for name in ("mypy.ini", "setup.cfg"):
        text = read_text(folder / name) or ""
        if match := re.search(r"^django_settings_module\s*=\s*['\"]?([\w.]+)", text, re.MULTILINE):
            found.append((match[1], name))
    if text := read_text(folder / "pyproject.toml"):
        try:
            tool = tomllib.loads(text).get("tool", {})
        except tomllib.TOMLDecodeError:
            tool = {}
        pytest = tool.get("pytest", {})
        for options in (pytest.get("ini_options", {}), pytest):
            if isinstance(value := options.get(VARIABLE), str):
                found.append((value, "pyproject.toml (pytest)"))
        if isinstance(value := tool.get("django-stubs", {}).get("django_settings_module"), str):
            found.append((value, "pyproject.toml (django-stubs)"))
    return found


def settings_files(base: Path) -> list[Path]:
    """Files that assign INSTALLED_APPS, nearest first."""
    found = []
    for folder, files in folders(base, 4):
        for name in files:
            if not name.endswith(".py"):
                continue
            likely = "settings" in name or "settings" in folder.name or "config" in folder.name
            likely = likely or "conf" in name or name in {"base.py", "dev.py", "local.py"}
            if not likely or {"tests", "test"} & set(folder.relative_to(base).parts):
                continue
            text = read_text(folder / name)
            if text and re.search(r"^\s*INSTALLED_APPS\s*(:[^=]+)?\+?=", text, re.MULTILINE):
                found.append(folder / name)
    return found


def of_a_framework(base: Path) -> list[tuple[Path, str]]:
    """(file, what it builds on): settings that take everything from an installed package."""
    found = []
    for folder, files in folders(base, 3):
        for name in files:
            if not name.endswith(".py") or not ("settings" in name or "config" in name):
                continue
            match = FRAMEWORK.search(read_text(folder / name) or "")
            top = match[1].partition(".")[0] if match else ""
            if match and not (base / top).exists() and not (base / f"{top}.py").exists():
                found.append((folder / name, match[1]))
    return found


def derived(known: list[Path]) -> list[tuple[Path, str]]:
    """(file, name of what it builds on): neighbours that import everything of a settings file.

    A production.py often has no INSTALLED_APPS of its own.
    """
    stems = {file.parent.name if file.stem == "__init__" else file.stem for file in known}
    found = []
    for folder in dict.fromkeys(file.parent for file in known):
        for file in sorted(folder.glob("*.py")):
            if file in known:
                continue
            for match in STAR.finditer(read_text(file) or ""):
                ground = match[1].rstrip(".").rpartition(".")[2] or folder.name
                if ground in stems:
                    found.append((file, ground))
                    break
    return found


def dotted_name(file: Path, base: Path) -> str:
    parts = list(file.relative_to(base).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def locate(module: str, base: Path, root: Path) -> Path | None:
    relative = Path(*module.split("."))
    for folder in dict.fromkeys((base, root, root / "src")):
        for file in (folder / relative.with_suffix(".py"), folder / relative / "__init__.py"):
            if file.is_file():
                return file
    return None
