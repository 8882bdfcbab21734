"""Everything about a project that the rules need, read once. Runs nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from djdesk.projects.code.environment import Variable, env_reads
from djdesk.projects.code.settings import Reader, Settings
from djdesk.projects.code.source import SIZE_LIMIT, Module
from djdesk.projects.code.tree import Tree
from djdesk.projects.discovery.launchers import Launcher, find_launchers
from djdesk.projects.discovery.project import DiscoveredProject
from djdesk.projects.discovery.requirements import Declared
from djdesk.projects.discovery.walk import folders
from djdesk.projects.reading import read_text

# A larger template is a bundle rather than a template.
TEMPLATE_LIMIT = 512 * 1024
TESTS = {"tests", "test", "testing", "tests.py", "conftest.py"}


@dataclass(frozen=True, slots=True)
class Found:
    """A match in a file: ``line`` counts from 1, ``text`` is a short excerpt."""

    file: Path
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """An unparsed Python file of the project."""

    file: Path
    text: str


@dataclass
class Look:
    """``folder``: the given path; ``project``: what was found there; ``module``: its settings."""

    folder: Path
    project: DiscoveredProject
    module: str
    packages: list[Path] = field(default_factory=list)

    @property
    def base(self) -> Path:
        """The folder of manage.py."""
        return self.project.base

    @property
    def declared(self) -> Declared:
        return self.project.declared

    @cached_property
    def tree(self) -> Tree:
        tree = Tree(self.project.root, self.base, self.packages)
        tree.project_files()
        return tree

    @cached_property
    def settings(self) -> Settings:
        return Reader(self.tree, self.module).read()

    @cached_property
    def launchers(self) -> list[Launcher]:
        return find_launchers(self.project.root, self.base)

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """Environment variables that the settings read, and those that the whole project reads by
        name without a default."""
        found: dict[str, Variable] = {}
        for module in self.parsed("environ", "getenv"):
            for name, fact in env_reads(self.tree, module, loose=False).items():
                if fact["required"]:
                    found.setdefault(name, fact)
        return found | self.settings.env

    @cached_property
    def sources(self) -> list[Source]:
        """The project's Python files, except tests."""
        found = []
        for file in self.tree.project_files():
            parts = file.relative_to(self.project.root).parts
            if TESTS.intersection(parts) or parts[-1].startswith("test_"):
                continue
            if text := read_text(file, SIZE_LIMIT):
                found.append(Source(file, text))
        return found

    def parsed(self, *words: str, folder: str = "") -> Iterator[Module]:
        """The Python files that contain one of ``words``, only those in folders named ``folder`` if
        given. Most files are never parsed, because parsing takes longer than everything else."""
        for source in self.sources:
            if folder and source.file.parent.name != folder:
                continue
            if any(word in source.text for word in words):
                module = self.tree.read(source.file)
                if isinstance(module, Module):
                    yield module

    @cached_property
    def templates(self) -> list[tuple[Path, str]]:
        """(file, text) of the HTML templates below folders named templates or jinja2."""
        places = dict.fromkeys(self.tree.template_folders)
        found: dict[Path, str] = {}
        for place in places:
            for file in sorted(place.rglob("*.htm*")):
                text = read_text(file, TEMPLATE_LIMIT) if file not in found else None
                if text is not None and not TESTS.intersection(file.parts):
                    found[file] = text
        return list(found.items())

    @cached_property
    def installed_apps(self) -> list[str]:
        """INSTALLED_APPS, as far as the settings show without running."""
        return self.settings.strings("INSTALLED_APPS")

    @cached_property
    def wanted(self) -> set[str]:
        """Normalised names of the packages declared or locked for production."""
        from djdesk.projects.discovery.installed import normalize

        names = self.declared.main_names(None)
        return {normalize(one) for one in names}

    def shown(self, file: Path) -> str:
        """Paths as in the report: relative to the given path."""
        return file.relative_to(self.project.root).as_posix() if self.inside(file) else str(file)

    def inside(self, file: Path) -> bool:
        return file.is_relative_to(self.project.root)

    def place(self, file: Path, line: int | None) -> str:
        return f"{self.shown(file)}:{line}" if line else self.shown(file)

    def place_of(self, setting: str) -> str:
        """Where a setting is assigned; empty if nowhere."""
        place = self.settings.places.get(setting)
        return self.place(place[0], place[1]) if place else ""

    def source_of(self, setting: str) -> ast.expr | None:
        place = self.settings.places.get(setting)
        return place[2] if place else None

    def strings_in(self, setting: str) -> Iterator[tuple[str, int]]:
        """Every string literal in a setting's value, with its line."""
        for _, _, node in self.settings.written.get(setting, ()):
            for inner in ast.walk(node) if node is not None else ():
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value, inner.lineno

    def search(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Matches in the project's Python files, the first per file and text."""
        for source in self.sources:
            seen = set()
            for match in pattern.finditer(source.text):
                text = " ".join(match[0].split())
                if text not in seen:
                    seen.add(text)
                    line = source.text.count("\n", 0, match.start()) + 1
                    yield Found(source.file, line, text)

    def files_named(self, pattern: re.Pattern[str], depth: int = 2) -> Iterator[Path]:
        for folder, names in folders(self.project.root, depth):
            for name in names:
                if pattern.fullmatch(name):
                    yield folder / name
