"""The models as Django's app registry would hold them, derived from the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypedDict

from djdesk.messages import say
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import Module, string
from djdesk.projects.code.tree import Place, Tree
from inspector.sections.common import Problem
from inspector.sections.models import Abstract, Model
from inspector.sections.models import Models as ModelsSection
from inspector.static_analysis.abstractmodels import AbstractModels
from inspector.static_analysis.apps import App
from inspector.static_analysis.classes import Classes, is_abstract
from inspector.static_analysis.memo import Memo, digest_of
from inspector.static_analysis.modellabels import Labels
from inspector.static_analysis.modelmeta import options_of
from inspector.static_analysis.modelmodules import ModelModules
from inspector.static_analysis.modelrows import ModelRows


class FoundClasses(TypedDict):
    """``found``: ``[label, file, module, class, app]`` of each model."""

    found: list[list[str]]
    abstract: list[Abstract]


class Models:
    """Collects the models of all apps. ``project``: files to search, with their names."""

    def __init__(
        self,
        tree: Tree,
        settings: Settings,
        apps: list[App],
        project: list[tuple[Path, str]],
        memo: Memo,
        django: str | None,
    ) -> None:
        self.tree = tree
        self.settings = settings
        self.apps = apps
        self.memo = memo
        self.django = django
        self.modules = ModelModules(tree, apps, project)
        self.classes = Classes(tree)
        self.labels = Labels(self.classes, settings, apps)
        self.abstract = AbstractModels(self.classes)
        self.rows = ModelRows(self.labels, self.abstract, django)
        self.errors: list[Problem] = []

    def section(self) -> ModelsSection:
        setting = self._setting()
        of_app: dict[str, list[str]] = {}
        for app in self.apps:
            for label, file, module, name, owner in self._classes_of(app, setting):
                if self.labels.add(label, file, module, name, self._app(owner)):
                    of_app.setdefault(app.name, []).append(label)
        whole = digest_of(setting, [[key, *one] for key, one in self.labels.places.items()])
        models: list[Model] = []
        for app_name, labels in of_app.items():
            rows = self.memo.result(
                f"models:{app_name}",
                digest_of(whole, labels),
                partial(self._rows, labels),
                lambda rows: not rows["errors"],
            )
            self.abstract.take(rows["abstract"])
            models += rows["models"]
            self.errors += rows["errors"]
        for model in models:
            self._app(model["app"]).models += 1
        order = {app.label: place for place, app in reversed(list(enumerate(self.apps)))}
        models.sort(key=lambda model: (order[model["app"]], model["file"], model["line"]))
        return {
            "models": models,
            "abstract": list(self.abstract.found.values()),
            "errors": self.errors,
        }

    def _setting(self) -> str:
        """A hash of everything besides the files that the models of any app may depend on."""
        known = {name: one for name, one in self.settings.names.items() if isinstance(one, str)}
        return digest_of([vars(app) for app in self.apps], known, self.django, self.modules.files())

    def _classes_of(self, app: App, setting: str) -> Iterator[list[str]]:
        """Models defined in the files of an app: ``[label, file, module, class, app]``."""
        if self.modules.own(app):
            # Per file, so that a changed file does not require reading the others again.
            for file, name in self.modules.files_of(app):
                key = f"classes:{app.name}:{self.tree.relative(file)}"
                make = partial(self._classes_in, app, [(file, name)])
                yield from self._known(key, setting, make)
            return
        make = partial(self._classes_in, app, None)
        yield from self._known(f"classes:{app.name}", setting, make)

    def _known(self, key: str, setting: str, make: Callable[[], FoundClasses]) -> list[list[str]]:
        classes = self.memo.result(key, setting, make)
        self.abstract.take(classes["abstract"])
        return classes["found"]

    def _classes_in(self, app: App, files: list[tuple[Path, str | None]] | None) -> FoundClasses:
        """``files``: None means all files of an installed app."""
        noted = self.abstract.collect()
        found = []
        modules = self.modules.installed(app) if files is None else self.modules.read(files)
        for module in modules:
            for name in list(module.classes):
                if row := self._consider(Place(module, name), app):
                    found.append(row)
        return {"found": found, "abstract": noted}

    def _rows(self, labels: list[str]) -> ModelsSection:
        noted = self.abstract.collect()
        models: list[Model] = []
        errors: list[Problem] = []
        for label in labels:
            file, module, name, app = self.labels.found[label]
            read = self.tree.read(file, module)
            assert isinstance(read, Module)
            place = Place(read, name)
            try:
                models.append(self.rows.row(label, place, app))
            except RecursionError:
                errors.append(self._error(say("{name} is too deeply nested", name=label), place))
        return {"models": models, "abstract": noted, "errors": errors}

    def _app(self, label: str) -> App:
        return next(app for app in self.apps if app.label == label)

    def _error(self, text: str, place: Place) -> Problem:
        node = self.classes.node(place)
        return {
            "text": text,
            "file": self.tree.relative(place.module.file),
            "line": node.lineno if node else None,
        }

    def _consider(self, place: Place, app: App) -> list[str] | None:
        node = self.classes.node(place)
        if node is None:
            return None
        kind = self.classes.kind(place)
        if not kind.model:
            return None
        if is_abstract(node):
            self.abstract.note(place)
            return None
        owner = app
        if label := string(options_of(self.classes, place).get("app_label")):
            owner = next((one for one in self.apps if one.label == label), app)
        full = f"{owner.label}.{place.name}"
        return [full, str(place.module.file), place.module.name, place.name, owner.label]
