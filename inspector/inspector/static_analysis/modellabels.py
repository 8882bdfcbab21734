"""Model labels such as `shop.Order`: known models, and the model a relation refers to."""

from __future__ import annotations

import ast
from pathlib import Path

from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import Module, dotted, string, text_of
from djdesk.projects.code.tree import Place
from inspector.static_analysis.apps import App
from inspector.static_analysis.classes import Classes


class Labels:
    """``found``: label -> (file, module, class, app). ``owner``: the model being read."""

    def __init__(self, classes: Classes, settings: Settings, apps: list[App]) -> None:
        self.tree = classes.tree
        self.classes = classes
        self.settings = settings
        self.apps = apps
        self.found: dict[str, tuple[Path, str, str, App]] = {}
        # (file, class) -> label.
        self.places: dict[tuple[str, str], str] = {}
        self.owner: str | None = None
        self._lower: dict[str, str] = {}

    def add(self, label: str, file: str, module: str, name: str, app: App) -> bool:
        """Returns whether the label is new; the first model with a label keeps it."""
        if label in self.found:
            return False
        self.found[label] = (Path(file), module, name, app)
        self.places[(file, name)] = label
        return True

    def of(self, place: Place) -> str | None:
        return self.places.get((str(place.module.file), place.name))

    def label_for(self, place: Place, expression: ast.expr) -> str:
        """The label of a relation's target model, or the text as written."""
        text = string(expression)
        if text is not None:
            return self._label_of_string(place, text)
        name = dotted(expression)
        if name is None:
            return text_of(expression)[:200]
        full = self.tree.qualify(place.module, name)
        if full.endswith("AUTH_USER_MODEL") or name == "get_user_model":
            return self._swapped("AUTH_USER_MODEL")
        if full.startswith(("django.conf.settings.", "settings.")):
            return self._swapped(name.rpartition(".")[2])
        target = self.tree.find(full)
        if target:
            return self._label_of_place(target)
        value = place.module.assigned.get(name)
        if isinstance(value, ast.Call) and self._gives_user(place.module, value):
            return self._swapped("AUTH_USER_MODEL")
        return full

    def _label_of_place(self, target: Place) -> str:
        known = self.of(target)
        if known:
            return known
        value = target.module.assigned.get(target.name)
        if isinstance(value, ast.Call):
            if self._gives_user(target.module, value):
                return self._swapped("AUTH_USER_MODEL")
            # Whatever it returns is not a class of that module.
            return f"{target.module.name}.{target.name}"
        if (dotted(value) or "").endswith("settings.AUTH_USER_MODEL") if value else False:
            return self._swapped("AUTH_USER_MODEL")
        for app in self.apps:
            if app.name == target.module.name or target.module.name.startswith(app.name + "."):
                return f"{app.label}.{target.name}"
        return f"{target.module.name}.{target.name}"

    def _gives_user(self, module: Module, call: ast.Call) -> bool:
        """`get_user_model()`, or a function that calls it."""
        name = dotted(call.func) or ""
        if name.endswith("get_user_model"):
            return True
        found = self.tree.find(self.tree.qualify(module, name)) if name else None
        made = found.module.functions.get(found.name) if found else None
        return made is not None and any(
            isinstance(one, ast.Call) and (dotted(one.func) or "").endswith("get_user_model")
            for one in ast.walk(made)
        )

    def _swapped(self, setting: str) -> str:
        chosen = self.settings.literal(setting)
        if chosen:
            return self._case(chosen)
        return "auth.User" if setting == "AUTH_USER_MODEL" else f"settings.{setting}"

    def _case(self, label: str) -> str:
        if len(self._lower) != len(self.found):
            self._lower = {one.lower(): one for one in reversed(self.found)}
        return self._lower.get(label.lower(), label)

    def _label_of_string(self, place: Place, text: str) -> str:
        # In an abstract class, names are relative to the inheriting model.
        own = self.owner or self.of(place)
        if text == "self":
            return own or place.name
        if "." in text:
            return self._case(text)
        if own:
            return self._case(f"{own.partition('.')[0]}.{text}")
        for app in self.apps:
            if place.module.name.startswith(app.name + "."):
                return f"{app.label}.{text}"
        return text
