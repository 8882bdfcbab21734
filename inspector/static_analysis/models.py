"""Models as the registry would hold them, worked out from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from inspector.redact import scrub
from inspector.static_analysis.apps import App
from inspector.static_analysis.classes import Base, Classes, is_abstract
from inspector.static_analysis.memo import Memo, digest_of
from inspector.static_analysis.modelfields import build_field
from inspector.static_analysis.settings import Settings
from inspector.static_analysis.source import Module, dotted, flatten, string, text_of
from inspector.static_analysis.tree import Place, Tree
from inspector.wording import say

ELSEWHERE = {"tests", "test", "migrations", "management", "conftest.py", "testing"}
PLAIN_META = ("ordering", "unique_together", "index_together", "permissions")


class Models:
    """Collects the models of all apps. ``project``: files to look through, with their names."""

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
        # By the nearest folders above a file, so that each app looks at its own ones only.
        self.project: dict[Path, list[tuple[Path, str]]] = {}
        for file, name in project:
            for folder in file.parents:
                self.project.setdefault(folder, []).append((file, name))
                if folder == tree.root:
                    break
        self.classes = Classes(tree)
        self.errors: list[dict[str, Any]] = []
        self.labels: dict[tuple[str, str], str] = {}
        self.abstract: dict[str, dict[str, Any]] = {}
        self.found: dict[str, tuple[Path, str, str, App]] = {}
        self._abstract_asked: dict[str, dict[str, str]] = {}
        self._noting: list[dict[str, Any]] = []
        self.owner: str | None = None
        self.lower: dict[str, str] = {}
        self.default_auto = settings.literal("DEFAULT_AUTO_FIELD")

    def section(self) -> dict[str, Any]:
        setting = self._setting()
        of_app: dict[str, list[str]] = {}
        for app in self.apps:
            classes = self.memo.result(
                f"classes:{app.name}", setting, partial(self._classes_of, app)
            )
            self._take_abstract(classes["abstract"])
            for label, file, module, name, owner in classes["found"]:
                if label not in self.found:
                    self.found[label] = (Path(file), module, name, self._app(owner))
                    self.labels[(file, name)] = label
                    of_app.setdefault(app.name, []).append(label)
        whole = digest_of(setting, [[key, *one] for key, one in self.labels.items()])
        models = []
        for app_name, labels in of_app.items():
            rows = self.memo.result(
                f"models:{app_name}",
                digest_of(whole, labels),
                partial(self._rows, labels),
                lambda rows: not rows["errors"],
            )
            self._take_abstract(rows["abstract"])
            models += rows["models"]
            self.errors += rows["errors"]
        for model in models:
            self._app(model["app"]).models += 1
        order = {app.label: place for place, app in reversed(list(enumerate(self.apps)))}
        models.sort(key=lambda model: (order[model["app"]], model["file"], model["line"]))
        return {"models": models, "abstract": list(self.abstract.values()), "errors": self.errors}

    def _setting(self) -> str:
        """A hash of all that the models of any app may depend on, besides the files."""
        known = {name: one for name, one in self.settings.names.items() if isinstance(one, str)}
        files = sorted(str(file) for file, _ in self.project.get(self.tree.root, []))
        return digest_of([vars(app) for app in self.apps], known, self.django, files)

    def _classes_of(self, app: App) -> dict[str, Any]:
        """Models in the files of an app: ``[label, file, module, class, app]``."""
        self._noting = []
        found = []
        for module in self._modules(app):
            for name in list(module.classes):
                if row := self._consider(Place(module, name), app):
                    found.append(row)
        return {"found": found, "abstract": self._noting}

    def _rows(self, labels: list[str]) -> dict[str, Any]:
        self._noting = []
        models, errors = [], []
        for label in labels:
            file, module, name, app = self.found[label]
            read = self.tree.read(file, module)
            assert isinstance(read, Module)
            place = Place(read, name)
            try:
                models.append(self._model(label, place, app))
            except RecursionError:
                errors.append(self._error(say("{name} is too deeply nested", name=label), place))
        return {"models": models, "abstract": self._noting, "errors": errors}

    def _take_abstract(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self.abstract.setdefault(f"{row['module']}.{row['name']}", row)

    def _app(self, label: str) -> App:
        return next(app for app in self.apps if app.label == label)

    def _error(self, text: str, place: Place) -> dict[str, Any]:
        node = self.classes.node(place)
        return {
            "text": text,
            "file": self.tree.relative(place.module.file),
            "line": node.lineno if node else None,
        }

    def _modules(self, app: App) -> Iterator[Module]:
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

    def _consider(self, place: Place, app: App) -> list[str] | None:
        node = self.classes.node(place)
        if node is None:
            return None
        kind = self.classes.kind(place)
        if not kind.model:
            return None
        if is_abstract(node):
            self._note_abstract(place)
            return None
        meta = self.meta(place)
        owner = app
        if label := string(meta.get("app_label")):
            owner = next((one for one in self.apps if one.label == label), app)
        full = f"{owner.label}.{place.name}"
        return [full, str(place.module.file), place.module.name, place.name, owner.label]

    def _note_abstract(self, place: Place) -> None:
        node = self.classes.node(place)
        key = f"{place.module.name}.{place.name}"
        if node is None:
            return
        if key not in self._abstract_asked:
            with self.tree.watch() as asked:
                self.abstract[key] = self._abstract(place, node)
            self._abstract_asked[key] = asked
        self.tree.note_all(self._abstract_asked[key])
        if self.abstract[key] not in self._noting:
            self._noting.append(self.abstract[key])

    def _abstract(self, place: Place, node: ast.ClassDef) -> dict[str, Any]:
        return {
            "name": place.name,
            "module": place.module.name,
            "file": self.tree.relative(place.module.file),
            "line": node.lineno,
            "origin": self.tree.origin(place.module.file),
            "fields": [
                name
                for name, call, _ in assignments(node)
                if isinstance(call, ast.Call) and self.classes.field(place.module, call)
            ],
        }

    def meta(self, place: Place, depth: int = 0) -> dict[str, ast.expr]:
        """Options of the inner Meta with what it inherits, as Django's ModelBase does."""
        node = self.classes.node(place)
        if node is None or depth > 15:
            return {}
        for item in node.body:
            if isinstance(item, ast.ClassDef) and item.name == "Meta":
                options: dict[str, ast.expr] = {}
                for base in item.bases:
                    name = dotted(base) or ""
                    if name.endswith(".Meta"):
                        full = self.tree.qualify(place.module, name.removesuffix(".Meta"))
                        if parent := self.tree.find(full):
                            options.update(self.meta(parent, depth + 1))
                options.pop("abstract", None)
                options.update({name: value for name, value, _ in assignments(item)})
                self._inherit_ordering(place, options, depth)
                return options
        for parent_base in self.classes.kind(place).bases:
            if parent_base.kind == "abstract" and parent_base.place:
                inherited = dict(self.meta(parent_base.place, depth + 1))
                inherited.pop("abstract", None)
                inherited.pop("app_label", None)
                return inherited
            if parent_base.kind == "multi-table" and parent_base.place:
                inherited = self.meta(parent_base.place, depth + 1)
                return {key: inherited[key] for key in ("ordering",) if key in inherited}
        return {}

    def _inherit_ordering(self, place: Place, options: dict[str, ast.expr], depth: int) -> None:
        """A child or proxy without an ordering of its own takes its concrete parent's."""
        if "ordering" in options or "abstract" in options:
            return
        for base in self.classes.kind(place).bases:
            if base.kind == "multi-table" and base.place:
                inherited = self.meta(base.place, depth + 1)
                if "ordering" in inherited:
                    options["ordering"] = inherited["ordering"]
                    return

    def _model(self, label: str, place: Place, app: App) -> dict[str, Any]:
        node = self.classes.node(place)
        assert node is not None
        self.owner = label
        meta = self.meta(place)
        kind = self.classes.kind(place)
        proxy = _true(meta.get("proxy"))
        bases = [self._base(base, proxy) for base in kind.bases if base.kind != "root"]
        fields, managers = self._members(place)
        table = string(meta.get("db_table")) or f"{app.label}_{place.name.lower()}"
        parents = [base for base in bases if base["kind"] == "multi-table"]
        if proxy:
            fields = []
            table = self._table_of_parent(kind.bases) or table
        elif not any(field.get("pk") for field in fields):
            fields = self._implicit(kind.bases, parents, fields, app) + fields
        model: dict[str, Any] = {
            "label": label,
            "app": app.label,
            "name": place.name,
            "module": place.module.name,
            "file": self.tree.relative(place.module.file),
            "line": node.lineno,
            "origin": self.tree.origin(place.module.file),
            "table": table,
            "verbose_name": string(meta.get("verbose_name")) or _words(place.name),
            "bases": bases,
            "managers": managers or [{"name": "objects", "class": "django.db.models.Manager"}],
            "fields": fields,
            "methods": [
                item.name
                for item in node.body
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
                and not _is_property(item)
                and not item.name.startswith("__")
            ],
            "properties": [
                item.name
                for item in node.body
                if isinstance(item, ast.FunctionDef) and _is_property(item)
            ],
        }
        if doc := ast.get_docstring(node):
            model["doc"] = scrub(" ".join(doc.split("\n\n")[0].split()))
        if proxy:
            model["proxy"] = True
        if isinstance(managed := meta.get("managed"), ast.Constant) and managed.value is False:
            model["managed"] = False
        if swap := string(meta.get("swappable")):
            chosen = self.settings.literal(swap)
            if chosen and chosen.lower() != label.lower():
                model["swapped"] = chosen
        for option in PLAIN_META:
            if option in meta and (value := _plain(meta[option])):
                model[option] = value
        if rows := _constraints(meta.get("indexes"), place.name, app.label):
            model["indexes"] = rows
        if rows := _constraints(meta.get("constraints"), place.name, app.label):
            model["constraints"] = [
                {key: row[key] for key in ("name", "class", "fields", "condition")} for row in rows
            ]
        return model

    def _base(self, base: Base, proxy: bool) -> dict[str, Any]:
        label = None
        if base.place:
            label = self.labels.get((str(base.place.module.file), base.place.name))
        if base.kind == "abstract" and base.place:
            self._note_abstract(base.place)
        kind = "proxy-of" if proxy and base.kind == "multi-table" else base.kind
        return {"name": base.name, "module": base.module, "kind": kind, "label": label}

    def _table_of_parent(self, bases: list[Base]) -> str | None:
        for base in bases:
            if base.place and base.kind in {"multi-table", "abstract"}:
                label = self.labels.get((str(base.place.module.file), base.place.name))
                if label:
                    meta = self.meta(base.place)
                    app, _, name = label.partition(".")
                    return string(meta.get("db_table")) or f"{app}_{name.lower()}"
        return None

    def _members(
        self, place: Place, depth: int = 0
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Own and inherited (abstract) fields and managers, in Django's order."""
        node = self.classes.node(place)
        fields: dict[str, dict[str, Any]] = {}
        managers: dict[str, dict[str, Any]] = {}
        if node is None or depth > 15:
            return [], []
        for base in reversed(self.classes.kind(place).bases):
            if base.kind == "multi-table" and base.place:
                # Fields stay in the parent's table; managers are inherited.
                _, inner = self._members(base.place, depth + 1)
                managers.update({manager["name"]: manager for manager in inner})
            if base.kind == "abstract" and base.place:
                inherited, inner = self._members(base.place, depth + 1)
                for field in inherited:
                    field.setdefault("inherited_from", base.place.name)
                    fields[field["name"]] = field
                managers.update({manager["name"]: manager for manager in inner})
        for item in node.body:
            # Whatever else the class defines under a name hides the inherited field.
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                fields.pop(item.name, None)
        for name, value, line in assignments(node):
            if not isinstance(value, ast.Call):
                fields.pop(name, None)
                continue
            if found := self.classes.field(place.module, value):
                fields.pop(name, None)
                fields[name] = build_field(self, place, name, value, line, found)
            elif manager := self.classes.manager(place.module, value):
                managers[name] = {"name": name, "class": manager}
        return list(fields.values()), list(managers.values())

    def _implicit(
        self,
        bases: list[Base],
        parents: list[dict[str, Any]],
        fields: list[dict[str, Any]],
        app: App,
    ) -> list[dict[str, Any]]:
        """The primary key that Django adds: a link to the parent, or `id`."""
        concrete = [*parents]
        for base in bases:
            # A parent further up, behind an abstract class.
            if base.kind == "abstract" and base.place:
                for inner in self.classes.kind(base.place).bases:
                    if inner.kind == "multi-table":
                        concrete.append(self._base(inner, False))
        links: list[dict[str, Any]] = []
        for parent in concrete:
            linked = any(
                field.get("rel", {}).get("kind") == "o2o"
                and field["rel"].get("parent_link")
                and field["rel"].get("to") == parent["label"]
                for field in fields
            )
            if linked or not parent["label"]:
                continue
            name = f"{parent['name'].lower()}_ptr"
            links.append(
                {
                    "name": name,
                    "class": "django.db.models.OneToOneField",
                    "type": "OneToOneField",
                    "column": f"{name}_id",
                    "file": None,
                    "line": None,
                    "pk": not links,
                    "auto": True,
                    "unique": True,
                    "index": True,
                    "rel": {
                        "kind": "o2o",
                        "to": parent["label"],
                        "on_delete": "CASCADE",
                        "parent_link": True,
                    },
                }
            )
        if links or concrete:
            return links
        full = app.auto_field or self.default_auto or self._auto_default()
        return [
            {
                "name": "id",
                "class": full,
                "type": full.rpartition(".")[2],
                "column": "id",
                "file": None,
                "line": None,
                "pk": True,
                "auto": True,
                "unique": True,
                "blank": True,
            }
        ]

    def _auto_default(self) -> str:
        """Django 6.0 made BigAutoField the default."""
        major = (self.django or "6").partition(".")[0]
        big = not major.isdigit() or int(major) >= 6
        return "django.db.models.BigAutoField" if big else "django.db.models.AutoField"

    def label_for(self, place: Place, expression: ast.expr) -> str | None:
        """The label of the model that a relation names, or the text as written."""
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
        if isinstance(value, ast.Call) and (dotted(value.func) or "").endswith("get_user_model"):
            return self._swapped("AUTH_USER_MODEL")
        return full

    def _label_of_place(self, target: Place) -> str:
        known = self.labels.get((str(target.module.file), target.name))
        if known:
            return known
        value = target.module.assigned.get(target.name)
        if isinstance(value, ast.Call) and (dotted(value.func) or "").endswith("get_user_model"):
            return self._swapped("AUTH_USER_MODEL")
        for app in self.apps:
            if app.name == target.module.name or target.module.name.startswith(app.name + "."):
                return f"{app.label}.{target.name}"
        return f"{target.module.name}.{target.name}"

    def _swapped(self, setting: str) -> str:
        chosen = self.settings.literal(setting)
        if chosen:
            return self._case(chosen)
        return "auth.User" if setting == "AUTH_USER_MODEL" else f"settings.{setting}"

    def _case(self, label: str) -> str:
        if len(self.lower) != len(self.found):
            self.lower = {one.lower(): one for one in reversed(self.found)}
        return self.lower.get(label.lower(), label)

    def _label_of_string(self, place: Place, text: str) -> str:
        # Names in an abstract class are relative to the model that inherits them.
        own = self.owner or self.labels.get((str(place.module.file), place.name))
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


def assignments(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr, int]]:
    """(name, value, line) of a class body, through its `if` and `try` blocks."""
    for item in flatten(node.body):
        match item:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, value, item.lineno
                    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                        for one, inner in zip(target.elts, value.elts, strict=False):
                            if isinstance(one, ast.Name):
                                yield one.id, inner, item.lineno
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value, item.lineno


def _true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _words(name: str) -> str:
    """`BookCopy` -> `book copy`, as Django's camel_case_to_spaces."""
    out = ""
    for index, letter in enumerate(name):
        following = name[index + 1 : index + 2]
        previous = name[index - 1 : index] if index else ""
        boundary = letter.isupper() and previous
        if boundary and (previous.islower() or (previous.isupper() and following.islower())):
            out += " "
        out += letter.lower()
    return out


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {(dotted(item) or "").rpartition(".")[2] for item in node.decorator_list}
    return bool(names & {"property", "cached_property"})


def _plain(node: ast.expr) -> list[Any]:
    """Lists of texts and lists of lists; anything else as its source text."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return []
    values: list[Any] = []
    for item in node.elts:
        text = string(item)
        if text is not None:
            values.append(text)
        elif isinstance(item, ast.List | ast.Tuple):
            values.append(_plain(item))
        else:
            values.append(text_of(item))
    return values


def _constraints(node: ast.expr | None, model: str, label: str) -> list[dict[str, Any]]:
    rows = []
    for call in node.elts if isinstance(node, ast.List | ast.Tuple) else []:
        if not isinstance(call, ast.Call):
            continue
        keywords = {item.arg: item.value for item in call.keywords if item.arg}
        condition = keywords.get("condition") or keywords.get("check")
        name = string(keywords.get("name"))
        if name:
            name = name.replace("%(class)s", model.lower()).replace("%(app_label)s", label)
        rows.append(
            {
                "name": name,
                "class": (dotted(call.func) or "").rpartition(".")[2],
                "fields": _plain(keywords["fields"]) if "fields" in keywords else [],
                "expressions": ", ".join(text_of(item) for item in call.args) or None,
                "condition": scrub(text_of(condition)) if condition is not None else None,
            }
        )
    return rows
