"""In which modules the models of an app stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from djdesk.projects.code.source import Module
from djdesk.projects.code.tree import Tree
from inspector.static_analysis.apps import App

ELSEWHERE = {"tests", "test", "migrations", "management", "conftest.py", "testing"}


class ModelModules:
    """``project``: files of the project that may define models, with their dotted names."""

    def __init__(self, tree: Tree, apps: list[App], project: list[tuple[Path, str]]) -> None:
        self.tree = tree
        self.apps = apps
        # By the nearest folders above a file, so that each app looks at its own ones only.
        self.project: dict[Path, list[tuple[Path, str]]] = {}
        for file, name in project:
            for folder in file.parents:
                self.project.setdefault(folder, []).append((file, name))
                if folder == tree.root:
                    break

    def files(self) -> list[str]:
        """All files of the project that may define models."""
        return sorted(str(file) for file, _ in self.project.get(self.tree.root, []))

    def of(self, app: App) -> Iterator[Module]:
        """The models module first, then (project apps only) whatever else may define models."""
        if app.folder is None:
            return
        seen: set[Path] = set()
        others = sorted(
            (other.name for other in self.apps if other.name.startswith(app.name + ".")), key=len
        )
        for file in self.tree.models_of(app.folder):
            if file not in seen:
                seen.add(file)
                name = ".".join([app.name, *file.relative_to(app.folder).with_suffix("").parts])
                found = self.tree.read(file, name.removesuffix(".__init__"))
                if isinstance(found, Module):
                    yield found
        if self.tree.origin(app.folder / "__init__.py") != "project":
            yield from self._imported(app, seen)
            return
        for file, own in self.project.get(app.folder, []):
            if file in seen or any(f"{own}.".startswith(f"{name}.") for name in others):
                continue
            parts = file.relative_to(app.folder).parts
            if ELSEWHERE & set(parts) or parts[-1].startswith("test"):
                continue
            found = self.tree.read(file)
            if isinstance(found, Module):
                yield found

    def _imported(self, app: App, seen: set[Path]) -> Iterator[Module]:
        """Modules of a third-party app that its models module imports, and theirs in turn."""
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
