"""Which settings modules a project has, and the evidence for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NotRequired, TypedDict

from djdesk.messages import say
from djdesk.projects.discovery.launchers import Launcher, find_launchers
from djdesk.projects.discovery.settings_kinds import kind_of
from djdesk.projects.discovery.walk import folders
from djdesk.projects.reading import read_text

STAR = re.compile(r"^[ \t]*from\s+([\w.]+)\s+import\s+\*", re.MULTILINE)
# `from evennia.settings_default import *`: a project whose framework provides the apps.
FRAMEWORK = re.compile(
    r"^from\s+([A-Za-z_]\w*(?:\.\w+)*\.\w*(?:settings|defaults)\w*(?:\.\w+)*)\s+import\s+\*",
    re.MULTILINE,
)
DOTTED = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")


class Evidence(TypedDict):
    """What names a settings module. ``text``: in a few words; ``line`` counts from 1."""

    text: str
    file: str
    line: int | None


class SettingsModuleRow(TypedDict):
    """A settings module as JSON, see `SettingsModule`."""

    module: str
    file: str | None
    source: str
    chosen: bool
    evidence: NotRequired[list[Evidence]]
    tied: NotRequired[bool]


@dataclass
class SettingsModule:
    """``file`` is None if no file of that name was found. ``evidence``: what names it; ``tied``:
    another module has equally strong evidence."""

    module: str
    file: Path | None
    source: str
    chosen: bool = False
    evidence: list[Evidence] = field(default_factory=list)
    tied: bool = False


def find_settings(
    root: Path, base: Path, manage: Path | None, chosen: str | None = None
) -> list[SettingsModule]:
    """Candidates, best source first; exactly one is chosen if there are any."""
    found: dict[str, SettingsModule] = {}

    def add(module: str | None, source: str) -> SettingsModule | None:
        if not module or not DOTTED.match(module):
            return None
        if module not in found:
            found[module] = SettingsModule(module, locate(module, base, root), source)
        return found[module]

    add(chosen, say("chosen by you"))
    named: dict[str, int] = {}
    for one in find_launchers(root, base):
        foreign = one.kind == "manage" and manage is not None and one.file != manage
        if foreign and not one.file.is_relative_to(base):
            continue  # belongs to another project
        own = one.file == manage
        where = _shown(one.file, base, root)
        row = add(
            one.module, f"{where} ({_tool(one)})" if one.file.name == "pyproject.toml" else where
        )
        if row is not None:
            row.evidence.append({"text": where, "file": where, "line": one.line})
            # A manage.py of exactly that name is the usual one.
            named.setdefault(one.module, -1 if own else one.rank)
    for file in settings_files(base):
        add(dotted_name(file, base), say("a file with INSTALLED_APPS"))
    if not found:
        for file, call in single_files(base):
            add(dotted_name(file, base), call)
    if not found:
        for file, ground in of_a_framework(base):
            add(dotted_name(file, base), say("a file that builds on {name}", name=ground))
    for file, ground in derived([one.file for one in found.values() if one.file]):
        if file.is_relative_to(base):
            add(dotted_name(file, base), say("a file that builds on {name}", name=ground))
    rows = list(found.values())
    _choose(rows, named, chosen)
    return rows


def _tool(one: Launcher) -> str:
    return "django-stubs" if one.kind == "types" else "pytest"


def _choose(rows: list[SettingsModule], named: dict[str, int], chosen: str | None) -> None:
    """Mark the chosen candidate, and those that are equally likely."""
    there = [row for row in rows if row.file is not None]
    # An empty package of settings modules is often named where the module name is assembled.
    there = [row for row in there if not _empty(row.file)] or there
    best = there[0] if there else rows[0] if rows else None
    witnesses = [row for row in there if row.module in named]
    if witnesses:
        top = named[witnesses[0].module]
        tied = [row for row in witnesses if named[row.module] == top]
        tied.sort(key=lambda row: LIKELY.index(kind_of(row.module)))
        best = tied[0]
        for row in tied if len(tied) > 1 and top >= 0 else ():
            row.tied = True
    if chosen:
        best = next((row for row in rows if row.module == chosen), best)
    if best is not None:
        best.chosen = True


def _empty(file: Path | None) -> bool:
    text = read_text(file) if file and file.name == "__init__.py" else None
    return text is not None and not re.search(r"^[^#\s]", text, re.MULTILINE)


# A developer who inspects a project works on it.
LIKELY = ("development", "other", "production", "test")


def _shown(file: Path, base: Path, root: Path) -> str:
    for folder in (base, root):
        if file.is_relative_to(folder):
            return file.relative_to(folder).as_posix()
    return str(file)


# Each matches within one line: across lines, a file of blank lines would take quadratic time.
INSTALLED = re.compile(r"^[ \t]*INSTALLED_APPS[ \t]*(:[^=\n]+)?\+?=", re.MULTILINE)


def holds_settings(text: str) -> bool:
    """Whether a module is settings of a site: an app's own defaults are often called settings.py,
    too, and something may name them."""
    return bool(INSTALLED.search(text) or STAR.search(text) or "INSTALLED_APPS" in text)


CONFIGURE = re.compile(r"^[ \t]*settings\.configure\(", re.MULTILINE)
ENTRY = re.compile(r"execute_from_command_line|get_[aw]sgi_application|call_command|urlpatterns")


def single_files(base: Path) -> list[tuple[Path, str]]:
    """(file, reason): single-file sites, whose settings are arguments."""
    found = []
    for folder, files in folders(base, 1):
        for name in files:
            text = (read_text(folder / name) or "") if name.endswith(".py") else ""
            if "tests" in folder.parts or not CONFIGURE.search(text) or not ENTRY.search(text):
                continue
            found.append((folder / name, "settings.configure()"))
    return found


NANODJANGO = re.compile(r"^[ \t]*(?:from|import)\s+nanodjango\b", re.MULTILINE)


def nanodjango(base: Path) -> Path | None:
    """The file of a nanodjango app: a single-file site that configures Django itself."""
    for folder, files in folders(base, 1):
        for name in files:
            text = (read_text(folder / name) or "") if name.endswith(".py") else ""
            if NANODJANGO.search(text) and re.search(r"=\s*Django\(", text):
                return folder / name
    return None


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
            if text and INSTALLED.search(text):
                found.append(folder / name)
    return found


def of_a_framework(base: Path) -> list[tuple[Path, str]]:
    """(file, base): settings that take everything from an installed package."""
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
    """(file, base's name): neighbours that star-import a settings file.

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
