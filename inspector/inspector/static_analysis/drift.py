"""What the migrations would leave, compared with the models: no database, no Django."""

from __future__ import annotations

import ast
from typing import Any

from inspector.static_analysis.apps import App
from inspector.static_analysis.files import Files
from inspector.static_analysis.settings import Settings
from inspector.static_analysis.source import dotted
from inspector.static_analysis.tree import Tree
from inspector.wording import say

Row = dict[str, Any]
# Field classes that mean the same column in migrations and in models.
FLAGS = ("null", "unique", "max_length")
DEFAULTS = {
    "SlugField": 50,
    "EmailField": 254,
    "URLField": 200,
    "FileField": 100,
    "ImageField": 100,
}


class State:
    """Models of one app as its migrations leave them: {lower name: {"name", "fields", …}}."""

    def __init__(self) -> None:
        self.models: dict[str, Row] = {}
        self.problem: str | None = None

    def apply(self, op: Row, migration: str) -> None:
        kind = op["op"]
        if op.get("unknown"):
            self.problem = self.problem or say(
                "{name} has an operation {kind} that is not known", name=migration, kind=kind
            )
            return
        if kind == "CreateModel":
            self.models[op["name"].lower()] = {
                "name": op["name"],
                "fields": dict(op["fields"]),
                "options": op["options"],
                "complete": op["complete"],
                "parents": op["parents"],
            }
            return
        name = op.get("model_name") or op.get("name") or op.get("old_name") or ""
        model = self.models.get(name.lower())
        if model is None:
            self.problem = self.problem or say(
                "{name} changes {model}, which no migration creates", name=migration, model=name
            )
            return
        fields = model["fields"]
        if kind == "DeleteModel":
            del self.models[name.lower()]
        elif kind == "RenameModel":
            self.models[op["new_name"].lower()] = {**model, "name": op["new_name"]}
            if op["new_name"].lower() != name.lower():
                del self.models[name.lower()]
        elif kind in {"AddField", "AlterField"}:
            fields[_key(fields, op["name"])] = op["field"]
        elif kind == "RemoveField":
            fields.pop(_key(fields, op["name"]), None)
        elif kind == "RenameField":
            old = _key(fields, op["old_name"])
            model["fields"] = {
                op["new_name"] if key == old else key: one for key, one in fields.items()
            }


def _key(fields: dict[str, Any], name: str) -> str:
    return next((one for one in fields if one.lower() == name.lower()), name)


def section(
    tree: Tree,
    sources: Files,
    settings: Settings,
    apps: list[App],
    migrations: Row | None,
    operations: dict[str, dict[str, list[Row]]],
    models: Row | None,
) -> Row:
    """The `drift` section, by replay. ``operations``: app -> migration -> operations."""
    result: Row = {
        "method": "replay",
        "apps": {},
        "incomplete": {},
        "overridden": list((migrations or {}).get("overridden", [])),
        "errors": [],
    }
    if migrations is None or models is None:
        return result
    renamed = _renamed(migrations, operations, {row["label"].lower() for row in models["models"]})
    for label, app in migrations["apps"].items():
        if app["origin"] != "project":
            continue
        if any(_within(error["file"], app["path"]) for error in migrations["errors"]):
            result["incomplete"][label] = say(
                "Its drift is not known, because not all of its migrations can be loaded."
            )
            continue
        if len(app["leaves"]) > 1:
            result["incomplete"][label] = say(
                "Its migrations conflict: {names}", names=", ".join(app["leaves"])
            )
            continue
        state = State()
        for name in plan(app["migrations"]):
            for op in operations.get(label, {}).get(name, []):
                state.apply(op, name)
        written = {
            row["name"].lower(): row
            for row in models["models"]
            if row["app"] == label and not row.get("auto_created") and not row.get("swapped")
        }
        if state.problem:
            result["incomplete"][label] = state.problem
            continue
        defined = _defined(sources, label)
        unread = [key for key in state.models if key not in written and key in defined]
        if unread:
            result["incomplete"][label] = say(
                "The drift of {names} is not known, because the base classes cannot be read.",
                names=", ".join(state.models.pop(key)["name"] for key in unread),
            )
        for key in [key for key in state.models if key not in written]:
            if any(_makes_more(tree, row, key) for row in written.values()):
                del state.models[key]
        ops = list(compare(state, written, settings, renamed, tree))
        if ops:
            result["apps"][label] = {"origin": "project", "ops": ops}
    return result


def _renamed(migrations: Row, operations: dict[str, dict[str, list[Row]]], there: set[str]) -> Row:
    """{"app.old": "app.New"} over all apps: relations of other apps follow by themselves."""
    found: Row = {}
    for label, app in migrations["apps"].items():
        for name in plan(app["migrations"]):
            for op in operations.get(label, {}).get(name, []):
                old = f"{label}.{op.get('old_name')}".lower()
                if op["op"] == "RenameModel" and op.get("new_name") and old not in there:
                    found[old] = f"{label}.{op['new_name']}"
    return found


def _makes_more(tree: Tree, model: Row, name: str) -> bool:
    """Whether a library may make the model ``name`` of this one: its history, its translations.

    The names hold each other, and the class is decorated or has something on it that is neither
    a field nor a manager, such as ``history = HistoricalRecords()``.
    """
    own = model["name"].lower()
    if not (name.startswith(own) or name.endswith(own)):
        return False
    module = tree.module(model["module"])
    node = module.classes.get(model["name"]) if module else None
    if node is None:
        return False
    known = {one["name"] for one in [*model["fields"], *model["managers"]]}
    return bool(node.decorator_list) or any(
        isinstance(item, ast.Assign)
        and isinstance(item.value, ast.Call)
        and isinstance(item.targets[0], ast.Name)
        and item.targets[0].id not in known
        for item in node.body
    )


def _defined(sources: Files, label: str) -> set[str]:
    """Names, in lower case, that the files of an app define at their top level."""
    return {
        name.lower()
        for row in sources.rows
        if row.app == label and not row.test
        for name in row.facts["places"]
        if "." not in name
    }


def _within(file: str | None, folder: str | None) -> bool:
    return bool(file and folder and file.startswith(f"{folder}/"))


def plan(rows: list[Row]) -> list[str]:
    """The migrations to replay: a squash stands for what it replaces, where both are there."""
    names = {row["name"] for row in rows}
    gone: set[str] = set()
    for row in rows:
        inner = [one.partition(".")[2] for one in row.get("replaces", [])]
        if inner and all(one in names for one in inner):
            # Both ways lead to the same state; the originals are what has been tested longest.
            gone.add(row["name"])
    return [row["name"] for row in rows if row["name"] not in gone]


def compare(
    state: State,
    written: dict[str, Row],
    settings: Settings,
    renamed: Row,
    tree: Tree,
) -> Any:
    for key, model in written.items():
        known = state.models.get(key)
        unsure = any(base["kind"] == "unresolved" for base in model["bases"])
        if known is None:
            if not unsure:
                yield change("CreateModel", f"Create model {model['name']}", model)
            continue
        if model.get("proxy") or not known["complete"] or unsure or model.get("managed") is False:
            continue
        yield from _fields(model, known, settings, renamed, tree)
    for key, known in state.models.items():
        if key not in written:
            yield change("DeleteModel", f"Delete model {known['name']}", {"name": known["name"]})


def _fields(model: Row, known: Row, settings: Settings, renamed: Row, tree: Tree) -> Any:
    before = {name.lower(): (name, one) for name, one in known["fields"].items()}
    after = {
        field["name"].lower(): field
        for field in model["fields"]
        if (field.get("rel") or {}).get("kind") not in {"generic", "generic-relation"}
    }
    name = model["name"].lower()
    for key, field in after.items():
        if key not in before:
            if field.get("auto") or field["type"].endswith("Manager"):
                continue
            yield change("AddField", f"Add field {field['name']} to {name}", model, field)
            continue
        old = before[key][1]
        if old is not None and (what := different(old, field, settings, renamed)):
            text = f"Alter field {field['name']} on {name} ({what})"
            yield change("AlterField", text, model, field)
    gone = before.keys() - after.keys()
    if gone and _library_based(tree, f"{model['module']}.{model['name']}"):
        return  # its metaclass may add them: MPTTModel brings lft, rght, tree_id and level
    for key, (old_name, old) in before.items():
        if key in gone:
            if old is None or old.get("type", "").endswith("AutoField") or key.endswith("_ptr"):
                continue
            yield change(
                "RemoveField", f"Remove field {old_name} from {name}", model, None, old_name
            )


def _library_based(tree: Tree, full: str, depth: int = 0) -> bool:
    """Whether a class has a base of an installed package other than Django, at any distance."""
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


def different(old: Row, field: Row, settings: Settings, renamed: Row) -> str | None:
    """What is certainly not the same, in words."""
    if field.get("auto"):
        return None
    kind, short = old["type"], field["class"].rpartition(".")[2]
    # A field class of one's own may deconstruct to its parent.
    plain = field["class"].startswith("django.db.models.")
    if plain and kind != short and kind.endswith(("Field", "ForeignKey")):
        return f"type {kind} is now {short}"
    if kind != short:
        return None
    # A class of one's own that has the same name may set these by itself.
    for flag in FLAGS if plain else ():
        one, two = old.get(flag), field.get(flag)
        if one == "?" or (flag == "unique" and (field.get("pk") or kind == "OneToOneField")):
            continue
        if flag == "max_length":
            one = one if one is not None else DEFAULTS.get(kind)
            if one is None or two is None or not isinstance(two, int) or kind == "UUIDField":
                continue
        if bool(one) != bool(two) if flag != "max_length" else one != two:
            return f"{flag} {one or False} is now {two or False}"
    to = (field.get("rel") or {}).get("to")
    old_to = old.get("to")
    if old_to and old_to.startswith("__setting__."):
        old_to = settings.literal(old_to.partition(".")[2])
    for _ in range(len(renamed)):
        if (later := renamed.get((old_to or "").lower())) is None:
            break
        old_to = later
    if to and old_to and "." in old_to and "." in to and old_to.lower() != to.lower():
        return f"target {old_to} is now {to}"
    return None


def change(
    op: str, text: str, model: Row, field: Row | None = None, name: str | None = None
) -> Row:
    place = field if field and field.get("file") else model
    return {
        "op": op,
        "text": text,
        "model": model.get("name"),
        "field": field["name"] if field else name,
        "file": place.get("file"),
        "line": place.get("line"),
    }
