# ruff: noqa: SIM102 - nested conditions and plain os.path read better here
"""Installed apps, from the settings or, if those are unknown, from the folders."""

from __future__ import annotations

import ast
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict

from djdesk.messages import say
from djdesk.projects.code.evaluate import Items
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import Module, string
from djdesk.projects.code.tree import Origin, Tree
from inspector.sections.common import Problem
from inspector.sections.project import App as AppRow
from inspector.sections.project import Apps as AppsSection
from inspector.static_analysis.memo import Memo


@dataclass
class App:
    """One installed app. ``folder`` is None if its package was not found on disk."""

    name: str
    label: str
    folder: Path | None
    file: Path | None
    line: int | None
    config: str | None = None
    verbose_name: str = ""
    auto_field: str | None = None
    ready: bool = False
    conditional: bool = False
    models: int = 0
    models_module: str | None = None
    # Whether the label was read, not derived from the name: `wagtail.images` has a different one.
    label_read: bool = True


class AppList(TypedDict):
    """The keys of the `apps` section that are about the list."""

    source: Literal["settings", "folders"]
    complete: bool
    unresolved: list[Problem]
    errors: list[Problem]


def find_apps(tree: Tree, settings: Settings, memo: Memo) -> tuple[list[App], AppList]:
    """The apps in order, and how they were found."""
    value = settings.names.get("INSTALLED_APPS")
    unresolved: list[Problem] = []
    apps: dict[str, App] = {}
    errors: list[Problem] = []
    if isinstance(value, Items) and (value.items or not value.unresolved):
        for entry, line, conditional in value.items:
            if not isinstance(entry, str):
                continue
            app = _known(tree, memo, entry)
            app.conditional = conditional
            first = next((one for one in apps.values() if one.label == app.label), None)
            sure = app.label_read and not conditional
            if first and first.name != app.name and first.label_read and sure:
                if not first.conditional:
                    errors.append(_same_label(tree, settings, first, app, line))
            apps.setdefault(app.name, app)
        for text, line in value.unresolved:
            file = settings.unresolved_in.get((text, line))
            relative = tree.relative(file) if file else None
            unresolved.append({"text": text[:200], "file": relative, "line": line})
        source: Literal["settings", "folders"] = "settings"
    else:
        for folder in app_folders(tree):
            app = resolve(tree, tree.name_of(folder / "__init__.py"))
            if app.folder is None:
                app.folder = folder
            apps.setdefault(app.name, app)
        source = "folders"
    complete = source == "settings" and not unresolved
    complete = complete and "INSTALLED_APPS" not in settings.uncertain
    complete = complete and not any(app.conditional for app in apps.values())
    return list(apps.values()), {
        "source": source,
        "complete": complete,
        "unresolved": unresolved,
        "errors": errors,
    }


def _same_label(tree: Tree, settings: Settings, first: App, second: App, line: int) -> Problem:
    """Report two apps with one label: Django refuses to start with them."""
    place = settings.places.get("INSTALLED_APPS")
    text = say(
        "{one} and {two} both have the label {label}, so Django does not start.",
        one=first.name,
        two=second.name,
        label=first.label,
    )
    return {"text": text, "file": tree.relative(place[0]) if place else None, "line": line}


def app_folders(tree: Tree) -> list[Path]:
    """Folders that look like apps: a package with models, migrations or an apps module."""
    found = []
    for file in tree.project_files():
        folder = file.parent
        is_app = file.name in {"models.py", "apps.py"} or (
            file.name == "__init__.py" and folder.name in {"models", "migrations"}
        )
        if not is_app:
            continue
        if file.name == "__init__.py":
            folder = folder.parent
        if {"tests", "test", "testapp", "project_template", "app_template"} & set(
            folder.relative_to(tree.root).parts
        ):
            continue
        if (folder / "__init__.py").exists() and folder not in found:
            found.append(folder)
    return sorted(found)


def _known(tree: Tree, memo: Memo, entry: str) -> App:
    """The app of that entry, from an earlier scan if nothing has changed since."""

    def facts() -> dict[str, Any]:
        found = asdict(resolve(tree, entry))
        del found["models_module"]  # depends on files that no question is about
        return {**found, **{key: found[key] and str(found[key]) for key in ("folder", "file")}}

    found = memo.result(f"app:{entry}", "", facts)
    places = {key: found[key] and Path(found[key]) for key in ("folder", "file")}
    return _with_models(App(**{**found, **places}))


def resolve(tree: Tree, entry: str) -> App:
    """Resolve an entry of INSTALLED_APPS: a package or the dotted name of an AppConfig."""
    head, _, last = entry.rpartition(".")
    if head and last[:1].isupper() and (place := tree.find(entry)):
        if place.name in place.module.classes:
            return _from_config(tree, place.module, place.name, entry)
    folder = tree.folder_of(entry)
    if folder is not None and (apps_module := tree.module(f"{entry}.apps")):
        configs = [
            name
            for name, node in apps_module.classes.items()
            if _is_config(tree, apps_module, node)
        ]
        default = [
            name
            for name in configs
            if _attribute(tree, apps_module, name, "default", constant=True) is True
        ]
        chosen = default or (configs if len(configs) == 1 else [])
        if chosen:
            return _from_config(tree, apps_module, chosen[0], f"{entry}.apps.{chosen[0]}")
    init = folder / "__init__.py" if folder else None
    name = entry
    if head and last[:1].isupper() and folder is None:
        # The config class cannot be read: take the package from its name without `.apps.XConfig`.
        name = head.removesuffix(".apps")
        folder = tree.folder_of(name)
    label = name.rpartition(".")[2]
    app = App(name, label, folder, init if init and init.exists() else None, 1 if init else None)
    unread = tree.unreadable_module(f"{name}.apps")
    app.label_read = folder is not None and name == entry and unread is None
    return _finish(tree, app, entry if name != entry else None)


def _is_config(tree: Tree, module: Module, node: ast.ClassDef, depth: int = 0) -> bool:
    if depth > 6:
        return False
    for base in node.bases:
        from djdesk.projects.code.source import dotted

        full = tree.qualify(module, dotted(base) or "")
        if full.rpartition(".")[2] == "AppConfig" or full.endswith("AppConfig"):
            return True
        place = tree.find(full)
        if place and place.name in place.module.classes:
            if _is_config(tree, place.module, place.module.classes[place.name], depth + 1):
                return True
    return False


def _from_config(tree: Tree, module: Module, class_name: str, config: str) -> App:
    node = module.classes[class_name]
    name = _attribute(tree, module, class_name, "name")
    if name is None:
        name = module.name.rpartition(".")[0] or module.name
        dotted_name = _attribute_text(module, class_name, "name")
        if dotted_name == "__name__":
            name = module.name
    label = _attribute(tree, module, class_name, "label") or name.rpartition(".")[2]
    app = App(name, label, tree.folder_of(name), module.file, node.lineno)
    app.verbose_name = _attribute(tree, module, class_name, "verbose_name") or ""
    app.auto_field = _attribute(tree, module, class_name, "default_auto_field")
    app.ready = any(
        isinstance(item, ast.FunctionDef) and item.name == "ready" for item in node.body
    )
    if app.folder is None and module.file:
        app.folder = module.file.parent
    return _finish(tree, app, config)


def _finish(tree: Tree, app: App, config: str | None) -> App:
    app.config = config
    app.verbose_name = app.verbose_name or app.label.replace("_", " ").title()
    return _with_models(app)


def _with_models(app: App) -> App:
    if app.folder is not None:
        if (app.folder / "models.py").is_file() or (app.folder / "models").is_dir():
            app.models_module = f"{app.name}.models"
    return app


def _attribute_text(module: Module, class_name: str, name: str) -> str | None:
    for item in module.classes[class_name].body:
        match item:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Name(id=value)) if (
                target == name
            ):
                return value
    return None


def _attribute(
    tree: Tree,
    module: Module,
    class_name: str,
    name: str,
    *,
    constant: bool = False,
    depth: int = 0,
) -> Any:
    """A literal class attribute, also looked up in base classes within the project."""
    from djdesk.projects.code.source import dotted

    node = module.classes[class_name]
    for item in node.body:
        match item:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ) if target == name:
                if constant:
                    return value.value if isinstance(value, ast.Constant) else None
                return string(value)
    if depth < 4:
        for base in node.bases:
            place = tree.find(tree.qualify(module, dotted(base) or ""))
            if (
                place
                and place.name in place.module.classes
                and not place.module.name.startswith("django.apps")
            ):
                found = _attribute(
                    tree, place.module, place.name, name, constant=constant, depth=depth + 1
                )
                if found is not None:
                    return found
    return None


def section(tree: Tree, apps: list[App], rest: AppList) -> AppsSection:
    rows = []
    for app in apps:
        origin: Origin = "third-party"
        if app.folder is not None:
            origin = tree.origin(app.folder / "__init__.py")
        elif app.name.startswith("django."):
            origin = "django"
        row: AppRow = {
            "label": app.label,
            "name": app.name,
            "verbose_name": app.verbose_name,
            "path": tree.relative(app.folder) if app.folder else None,
            "origin": origin,
            "config": app.config,
            "file": tree.relative(app.file) if app.file else None,
            "line": app.line if app.file else None,
            "models": app.models,
            "models_module": app.models_module,
            "default_auto_field": app.auto_field,
            "ready_overridden": app.ready,
        }
        if app.conditional:
            row["conditional"] = True
        rows.append(row)
    return {"apps": rows, **rest}
