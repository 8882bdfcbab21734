"""Compares the models with the state that the migrations lead to, without a database or Django."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Literal

from djdesk.messages import say
from djdesk.projects.code.classbody import assignments
from djdesk.projects.code.settings import Settings
from djdesk.projects.code.source import dotted
from djdesk.projects.code.tree import Tree
from inspector.sections.common import Place
from inspector.sections.migrations import Drift, DriftOperation, Migrations
from inspector.sections.models import Field, Model, Models
from inspector.static_analysis.apps import App
from inspector.static_analysis.files import Files
from inspector.static_analysis.operations import FieldState
from inspector.static_analysis.replay import ModelState, Operations, Replay

# Attributes that mean the same column in migrations and in models.
FLAGS: tuple[Literal["null", "unique", "max_length"], ...] = ("null", "unique", "max_length")
DEFAULTS = {
    "SlugField": 50,
    "EmailField": 254,
    "URLField": 200,
    "FileField": 100,
    "ImageField": 100,
}


def section(
    tree: Tree,
    sources: Files,
    settings: Settings,
    apps: list[App],
    migrations: Migrations | None,
    operations: Operations,
    models: Models | None,
    *,
    guessed: bool = False,
) -> Drift:
    """The `drift` section, by replaying migrations. ``guessed``: the apps were found by their
    folders.
    """
    result: Drift = {
        "method": "replay",
        "apps": {},
        "incomplete": {},
        "overridden": list(migrations["overridden"]) if migrations else [],
        "errors": [],
    }
    if migrations is None or models is None:
        return result
    replay = Replay(migrations["apps"], operations)
    unknown = set(replay.problems)
    defined = _defined(sources)
    perhaps = {app.label for app in apps if app.conditional}
    # MIGRATION_MODULES may give an installed app migrations of the project, but not its models.
    own = {
        app.label
        for app in apps
        if app.folder and tree.origin(app.folder / "__init__.py") == "project"
    }
    for label, app in migrations["apps"].items():
        if app["origin"] != "project" or label not in own:
            continue
        if guessed or label in perhaps:
            result["incomplete"][label] = say(
                "Its drift is not known, because only running the code shows which apps are "
                "installed."
            )
            continue
        if any(_within(error["file"], app["path"]) for error in migrations["errors"]):
            result["incomplete"][label] = say(
                "Its drift is not known, because not all of its migrations can be loaded."
            )
            continue
        if broken := _unparsable(sources, label):
            result["incomplete"][label] = say(
                "Its drift is not known, because {file} cannot be parsed.", file=broken
            )
            continue
        if len(app["leaves"]) > 1:
            result["incomplete"][label] = say(
                "Its migrations conflict: {names}", names=", ".join(app["leaves"])
            )
            continue
        state = replay.models[label]
        written = {
            row["name"].lower(): row
            for row in models["models"]
            if row["app"] == label and not row.get("auto_created") and not row.get("swapped")
        }
        if label in unknown:
            result["incomplete"][label] = replay.problems[label]
            continue
        unread = [key for key in state if key not in written and key in defined]
        if unread:
            result["incomplete"][label] = say(
                "The drift of {names} is not known, because the base classes cannot be read.",
                names=", ".join(state.pop(key).name for key in unread),
            )
        for key in [key for key in state if key not in written]:
            if any(_makes_more(tree, row, key) for row in written.values()):
                del state[key]
        ops = list(compare(state, written, settings, unknown, tree))
        if ops:
            result["apps"][label] = {"origin": "project", "ops": ops}
    return result


def _makes_more(tree: Tree, model: Model, name: str) -> bool:
    """Whether a library may have generated the model ``name`` from this one, for example its
    history or translations.

    That is assumed if one name contains the other, and the class has a decorator or an attribute
    that is neither a field nor a manager, such as ``history = HistoricalRecords()``.
    """
    own = model["name"].lower()
    if own not in name:  # `historicalbook_authors` holds the authors of a book's history
        return False
    known = {one["name"] for one in model["fields"]} | {one["name"] for one in model["managers"]}
    return _generates(tree, f"{model['module']}.{model['name']}", known)


def _generates(tree: Tree, full: str, known: set[str], depth: int = 0) -> bool:
    """Whether a class or one of its bases, which may hand a history on, is such a class."""
    place = None if full.startswith("django.") else tree.find(full)
    node = place.module.classes.get(place.name) if place else None
    if place is None or node is None or depth > 12:
        return False
    return (
        bool(node.decorator_list)
        or any(
            isinstance(item, ast.Assign)
            and isinstance(item.value, ast.Call)
            and isinstance(item.targets[0], ast.Name)
            and item.targets[0].id not in known
            for item in node.body
        )
        or any(
            (name := dotted(base)) is not None
            and _generates(tree, tree.qualify(place.module, name), known, depth + 1)
            for base in node.bases
        )
    )


def _defined(sources: Files) -> set[str]:
    """Lower-case names defined at module level: `Meta.app_label` may assign a class from
    any file to any app.
    """
    return {
        name.lower()
        for row in sources.rows
        if not row.test
        for name in row.facts["places"]
        if "." not in name
    }


def _unparsable(sources: Files, label: str) -> str | None:
    """A file of the app that may hold models but cannot be parsed."""
    return next(
        (
            row.relative
            for row in sources.rows
            if row.app == label and not row.test and row.facts["unparsable"]
            and ("model" in row.relative or row.path.name == "__init__.py")
            and "/migrations/" not in row.relative
        ),
        None,
    )  # fmt: skip


def _within(file: str | None, folder: str | None) -> bool:
    return bool(file and folder and file.startswith(f"{folder}/"))


def compare(
    state: dict[str, ModelState],
    written: dict[str, Model],
    settings: Settings,
    unknown: set[str],
    tree: Tree,
) -> Iterator[DriftOperation]:
    """Changes that are certain. ``unknown``: apps whose migrations could not be replayed."""
    for key, model in written.items():
        known = state.get(key)
        unsure = any(base["kind"] == "unresolved" for base in model["bases"])
        if known is None:
            if not unsure:
                # Django creates no table for it; the live half reports it the same way.
                bare = bool(model.get("proxy")) or model.get("managed") is False
                row = change("CreateModel", f"Create model {model['name']}", model)
                if bare:
                    row["state_only"] = True
                yield row
            continue
        if model.get("proxy") or not known.complete or unsure or model.get("managed") is False:
            continue
        yield from _fields(model, known, settings, unknown, tree)
    for key, known in state.items():
        if key not in written:
            gone: DriftOperation = {
                "op": "DeleteModel",
                "text": f"Delete model {known.name}",
                "model": known.name,
                "field": None,
                "file": None,
                "line": None,
            }
            if known.bare:
                gone["state_only"] = True
            yield gone


def _fields(
    model: Model, known: ModelState, settings: Settings, unknown: set[str], tree: Tree
) -> Iterator[DriftOperation]:
    before = {name.lower(): (name, one) for name, one in known.fields.items()}
    after = {
        field["name"].lower(): field
        for field in model["fields"]
        if "rel" not in field or field["rel"]["kind"] not in {"generic", "generic-relation"}
    }
    name = model["name"].lower()

    @cache
    def made() -> bool:
        # Checked only where something differs, because it reads all bases of the model.
        return made_otherwise(tree, f"{model['module']}.{model['name']}")

    for key, field in after.items():
        if tree.is_stand_in(field["file"]):
            continue  # our Django's behaviour; the project's version may differ
        if key not in before:
            if field.get("auto") or field["type"].endswith("Manager"):
                continue
            if made() or not has_column(tree, field["class"]):
                continue
            yield change("AddField", f"Add field {field['name']} to {name}", model, field)
            continue
        old = before[key][1]
        if old is not None and (what := different(old, field, settings, unknown)):
            text = f"Alter field {field['name']} on {name} ({what})"
            yield change("AlterField", text, model, field)
    gone = before.keys() - after.keys()
    if gone and not all(has_column(tree, field["class"]) for field in after.values()):
        return  # a custom field may add several fields, such as a price and its currency
    if gone and (made() or _library_based(tree, f"{model['module']}.{model['name']}")):
        return  # its metaclass may add fields: MPTTModel adds lft, rght, tree_id and level
    for key, (old_name, old) in before.items():
        if key in gone:
            if old is None or old["type"].endswith("AutoField") or key.endswith("_ptr"):
                continue
            if _assigned(tree, f"{model['module']}.{model['name']}", old_name):
                continue  # `user = hidden(models.ForeignKey(…))` may still return a field
            if _translated(tree, model["module"], key, after):
                continue
            yield change(
                "RemoveField", f"Remove field {old_name} from {name}", model, None, old_name
            )


def _assigned(tree: Tree, full: str, name: str, depth: int = 0) -> bool:
    """Whether a class or one of its bases assigns a call to the attribute ``name``: a function that
    may return a field, or a class of an unreadable library.
    """
    place = tree.find(full)
    node = place.module.classes.get(place.name) if place else None
    if place is None or node is None or depth > 12:
        return False
    if any(key == name and isinstance(value, ast.Call) for key, value, _ in assignments(node)):
        return True
    return any(
        (base := dotted(one)) is not None
        and _assigned(tree, tree.qualify(place.module, base), name, depth + 1)
        for one in node.bases
    )


def _translated(tree: Tree, module: str, name: str, fields: dict[str, Field]) -> bool:
    """Whether a `translation.py` next to the models may add the field ``title_de`` for `title`, as
    django-modeltranslation does.
    """
    home = module.partition(".models")[0]
    beside = tree.locate(f"{home}.translation") is not None
    return beside and any(name.startswith(f"{one}_") for one in fields)


def _library_based(tree: Tree, full: str, depth: int = 0) -> bool:
    """Whether any ancestor class comes from an installed package other than Django."""
    place = tree.find(full)
    node = place.module.classes.get(place.name) if place else None
    if place is None or node is None or depth > 12:
        return not full.startswith("django.")
    origin = tree.origin(place.module.file)
    if origin != "project":
        return origin != "django"
    names = [dotted(base) for base in node.bases]
    return any(
        name and _library_based(tree, tree.qualify(place.module, name), depth + 1) for name in names
    )


def made_otherwise(tree: Tree, full: str, depth: int = 0) -> bool:
    """Whether a metaclass or a decorator, on the class or one of its bases, may
    add or remove fields.
    """
    place = None if full.startswith("django.") else tree.find(full)
    node = place.module.classes.get(place.name) if place else None
    if place is None or node is None or depth > 12:
        return False
    if node.decorator_list or any(item.arg == "metaclass" for item in node.keywords):
        return True
    return any(
        (name := dotted(base)) is not None
        and made_otherwise(tree, tree.qualify(place.module, name), depth + 1)
        for base in node.bases
    )


# Methods by which a field class controls what it adds to a model.
DECIDES = {"contribute_to_class", "db_type", "db_parameters", "get_attname_column"}


def has_column(tree: Tree, full: str, depth: int = 0) -> bool:
    """Whether a field of that class certainly has a column: Django's own fields, and subclasses
    that do not override `DECIDES`.
    """
    if full.startswith("django."):
        return not full.rpartition(".")[2].startswith("Generic") or full.endswith("GeneratedField")
    place = tree.find(full)
    node = place.module.classes.get(place.name) if place else None
    if place is None or node is None or depth > 12:
        return False
    if DECIDES & {one.name for one in node.body if isinstance(one, ast.FunctionDef)}:
        return False
    bases = [dotted(base) for base in node.bases]
    return any(
        name and has_column(tree, tree.qualify(place.module, name), depth + 1) for name in bases
    )


def different(old: FieldState, field: Field, settings: Settings, unknown: set[str]) -> str | None:
    """Differences that are certain, in words."""
    if field.get("auto"):
        return None
    kind, short = old["type"], field["class"].rpartition(".")[2]
    # A custom field class may deconstruct to its parent.
    plain = field["class"].startswith("django.db.models.")
    if plain and kind != short and kind.endswith(("Field", "ForeignKey")):
        return f"type {kind} is now {short}"
    if kind != short:
        return None
    # A custom class of the same name may set these itself.
    for flag in FLAGS if plain else ():
        one: object = old[flag]
        two: object = field.get(flag)
        if flag == "null" and kind == "NullBooleanField":
            continue  # always true there, and may be omitted
        if one == "?" or (flag == "unique" and (field.get("pk") or kind == "OneToOneField")):
            continue
        if flag == "max_length":
            one = one if one is not None else DEFAULTS.get(kind)
            if one is None or two is None or not isinstance(two, int) or kind == "UUIDField":
                continue
        if bool(one) != bool(two) if flag != "max_length" else one != two:
            return f"{flag} {one or False} is now {two or False}"
    to = field["rel"]["to"] if "rel" in field else None
    old_to = old.get("to")
    if old_to and old_to.startswith("__setting__."):
        old_to = settings.literal(old_to.partition(".")[2])
    if str(old_to).partition(".")[0] in unknown:
        return None  # its migrations may have renamed it
    # A target that is not a label, such as `shop.models.Order`, belongs to an
    # app that was not found.
    if not (to and old_to and str(old_to).count(".") == to.count(".") == 1):
        return None
    if str(old_to).lower() != to.lower():
        return f"target {old_to} is now {to}"
    return None


def change(
    op: str, text: str, model: Model, field: Field | None = None, name: str | None = None
) -> DriftOperation:
    place: Place = field if field and field["file"] else model
    return {
        "op": op,
        "text": text,
        "model": model["name"],
        "field": field["name"] if field else name,
        "file": place["file"],
        "line": place["line"],
    }
