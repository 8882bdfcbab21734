"""Finds the modules that define the models of an app."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from djdesk.projects.code.source import Module
from djdesk.projects.code.tree import Tree
from inspector.static_analysis.apps import App

ELSEWHERE = {"tests", "test", "migrations", "management", "conftest.py", "testing"}


class ModelModules:
    """``project``: project files that may define models, with their dotted names."""

    def __init__(self, tree: Tree, apps: list[App], project: list[tuple[Path, str]]) -> None:
        self.tree = tree
        self.apps = apps
        self._apart: dict[Path, bool] = {}
        # Grouped by the nearest enclosing folder, so that each app looks only at its own files.
        self.project: dict[Path, list[tuple[Path, str]]] = {}
        for file, name in project:
            for folder in file.parents:
                self.project.setdefault(folder, []).append((file, name))
                if folder == tree.root:
                    break

    def files(self) -> list[str]:
        """All project files that may define models."""
        return sorted(str(file) for file, _ in self.project.get(self.tree.root, []))

    def own(self, app: App) -> bool:
        """Whether an app is part of the project: then files other than its models
        module may define models.
        """
        folder = app.folder
        return folder is None or self.tree.origin(folder / "__init__.py") == "project"

    def files_of(self, app: App) -> Iterator[tuple[Path, str | None]]:
        """Files of a project app: the models module first, then all others that may define models.

        Each with its dotted name, or None if the tree knows it.
        """
        seen: set[Path] = set()
        others = sorted(
            (other.name for other in self.apps if other.name.startswith(app.name + ".")), key=len
        )
        for file, name in self._models(app):
            seen.add(file)
            if not any(f"{name}.".startswith(f"{other}.") for other in others):
                yield file, name
        folder = app.folder
        if folder is None:
            return
        for file, own in self.project.get(folder, []):
            if file in seen or any(f"{own}.".startswith(f"{name}.") for name in others):
                continue
            if self._of_another(file, folder):
                continue
            parts = file.relative_to(folder).parts
            if ELSEWHERE & set(parts) or parts[-1].startswith("test"):
                continue
            yield file, None

    def _of_another(self, file: Path, folder: Path) -> bool:
        """Whether an app that is not installed is in between, so that nothing
        need import its models.
        """
        for above in file.parents:
            if above == folder:
                return False
            if above not in self._apart:
                marks = ("apps.py", "migrations/__init__.py")
                self._apart[above] = any((above / mark).is_file() for mark in marks)
            if self._apart[above]:
                return True
        return False

    def installed(self, app: App) -> Iterator[Module]:
        """Modules of an installed app: the models module and what it imports from the app."""
        models = dict(self._models(app))
        yield from self.read(models.items())
        yield from self._imported(app, set(models))

    def read(self, files: Iterable[tuple[Path, str | None]]) -> Iterator[Module]:
        for file, name in files:
            found = self.tree.read(file, name)
            if isinstance(found, Module):
                yield found

    def _models(self, app: App) -> Iterator[tuple[Path, str | None]]:
        folder = app.folder
        if folder is None:
            return
        for file in dict.fromkeys(self.tree.models_of(folder)):
            name = ".".join([app.name, *file.relative_to(folder).with_suffix("").parts])
            yield file, name.removesuffix(".__init__")

    def _imported(self, app: App, seen: set[Path]) -> Iterator[Module]:
        """Modules of a third-party app that its models module imports, directly or indirectly."""
        waiting = [self.tree.module(f"{app.name}.models")]
        while waiting:
            module = waiting.pop()
            if module is None:
                continue
            names = {name.rpartition(".")[0] for name in module.imports.values()}
            for name in sorted({*names, *module.stars}):
                if not name.startswith(f"{app.name}.") or ".migrations" in name:
                    continue
                found = self.tree.module(name)
                if found is not None and found.file not in seen:
                    seen.add(found.file)
                    waiting.append(found)
                    yield found
