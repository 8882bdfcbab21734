"""Replays the operations of all migrations as Django would, to get the resulting state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from djdesk.messages import say
from inspector.sections.migrations import Migration, MigrationApp
from inspector.static_analysis.operations import FieldState, Op

Key = tuple[str, str]  # app label, migration name
Fields = dict[str, FieldState | None]
# App -> migration -> operations.
Operations = dict[str, dict[str, list[Op]]]


@dataclass
class ModelState:
    """A model as the migrations leave it.

    ``complete``: all its fields could be read. ``bare``: it has no table.
    """

    name: str
    fields: Fields
    complete: bool
    bare: bool = False


class Replay:
    """Replays all apps in one common order.

    ``models``: app -> lower-case name -> model. ``problems``: app -> why its state is unknown.
    The order is common because renaming a model changes relations in every other app, and a later
    model may reuse the old name.
    """

    def __init__(self, apps: dict[str, MigrationApp], operations: Operations) -> None:
        self.models: dict[str, dict[str, ModelState]] = {label: {} for label in apps}
        self.problems: dict[str, str] = {}
        # Old names that are free again, and the models' new names: {"app.old": "app.New"}.
        self.renamed: dict[str, str] = {}
        for label, name in in_order(apps):
            for op in operations.get(label, {}).get(name, []):
                if label not in self.problems:
                    self._apply(label, op, name)

    def _apply(self, label: str, op: Op, migration: str) -> None:
        kind = op["op"]
        if op.get("unknown"):
            self.problems[label] = say(
                "{name} has an operation {kind} that is not known", name=migration, kind=kind
            )
            return
        models = self.models[label]
        if kind == "CreateModel":
            fields = {name: self._full(label, field) for name, field in op["fields"]}
            models[op["name"].lower()] = ModelState(
                op["name"], fields, op["complete"], op.get("bare", False)
            )
            return
        name = op.get("model_name") or op.get("name") or op.get("old_name") or ""
        if kind == "RenameModel":
            name = op["old_name"]
        model = models.get(name.lower())
        if model is None:
            self.problems[label] = say(
                "{name} changes {model}, which no migration creates", name=migration, model=name
            )
            return
        fields = model.fields
        if kind == "DeleteModel":
            del models[name.lower()]
        elif kind == "RenameModel":
            del models[name.lower()]
            models[op["new_name"].lower()] = replace(model, name=op["new_name"])
            self._follow(f"{label}.{name}".lower(), f"{label}.{op['new_name']}")
        elif kind in {"AddField", "AlterField"}:
            fields[_key(fields, op["name"])] = self._full(label, op["field"])
        elif kind == "RemoveField":
            fields.pop(_key(fields, op["name"]), None)
        elif kind == "RenameField":
            old = _key(fields, op["old_name"])
            model.fields = {
                op["new_name"] if key == old else key: one for key, one in fields.items()
            }

    def _full(self, label: str, field: FieldState | None) -> FieldState | None:
        """A field whose relation includes the app label and follows renames.

        A migration that does not declare that it runs before a rename may be replayed after it.
        """
        to = field.get("to") if field else None
        if field is None or not to or to == "self":
            return field
        whole = to if "." in to else f"{label}.{to}"
        app, _, name = whole.lower().partition(".")
        for _ in range(len(self.renamed)):
            later = self.renamed.get(whole.lower())
            if later is None or name in self.models.get(app, {}):
                break
            whole, name = later, later.partition(".")[2].lower()
        return {**field, "to": whole}

    def _follow(self, old: str, new: str) -> None:
        """Point the relations to a renamed model to its new name."""
        self.renamed[old] = new
        for models in self.models.values():
            for model in models.values():
                for name, field in model.fields.items():
                    if field and str(field.get("to")).lower() == old:
                        model.fields[name] = {**field, "to": new}


def _key(fields: Fields, name: str) -> str:
    return next((one for one in fields if one.lower() == name.lower()), name)


def plan(label: str, rows: list[Migration]) -> list[str]:
    """The migrations of an app to replay: a squash instead of those it replaces.

    Django's makemigrations does the same. The originals may lead to less, where somebody edited
    the squash.
    """
    gone = {
        one for row in rows for one in row.get("replaces", []) if one != f"{label}.{row['name']}"
    }
    return [row["name"] for row in rows if f"{label}.{row['name']}" not in gone]


def in_order(apps: dict[str, MigrationApp]) -> Iterator[Key]:
    """The migrations of all apps, parents first; circular dependencies are cut."""
    planned = {label: plan(label, app["migrations"]) for label, app in apps.items()}
    rows = {(label, row["name"]): row for label, app in apps.items() for row in app["migrations"]}
    links = parents(apps, planned)
    state: dict[Key, int] = {}
    for label, names in planned.items():
        for name in names:
            stack = [((label, name), False)]
            while stack:
                key, leaving = stack.pop()
                if leaving:
                    yield key
                    continue
                if key in state or key not in rows:
                    continue
                state[key] = 1
                stack.append((key, True))
                stack += [(one, False) for one in reversed(links[key]) if one not in state]


def parents(
    apps: dict[str, MigrationApp], planned: dict[str, list[str]] | None = None
) -> dict[Key, list[Key]]:
    """The dependencies of each planned migration, including `run_before` and `__first__`."""
    planned = planned or {label: plan(label, app["migrations"]) for label, app in apps.items()}
    stands: dict[Key, Key] = {}
    for label, app in apps.items():
        for row in app["migrations"]:
            for replaced in row.get("replaces", []):
                app_label, _, name = replaced.partition(".")
                stands[app_label, name] = (label, row["name"])
    links: dict[Key, list[Key]] = {
        (label, name): [] for label, names in planned.items() for name in names
    }
    before: list[tuple[Key, Key]] = []
    for label, app in apps.items():
        rows = {row["name"]: row for row in app["migrations"]}
        for name in planned[label]:
            me = (label, name)
            before += [
                (one, me)
                for text in rows[name].get("run_before", [])
                for one in _meant(text, apps, planned, stands)
            ]
            for text in rows[name]["deps"]:
                for one in _meant(text, apps, planned, stands):
                    if one != me and one in links and one not in links[me]:
                        links[me].append(one)
    for one, first in before:
        if one in links and one != first and first not in links[one]:
            links[one].append(first)
    return links


def _meant(
    text: str, apps: dict[str, MigrationApp], planned: dict[str, list[str]], stands: dict[Key, Key]
) -> Iterator[Key]:
    """The migrations that a dependency such as ``shop.__first__`` refers to."""
    label, _, name = text.partition(".")
    if label not in apps:
        return
    if name == "__first__":
        for row in apps[label]["migrations"]:
            own = any(dep.partition(".")[0] == label for dep in row["deps"])
            if row["name"] in planned[label] and not own:
                yield (label, row["name"])
                return
    elif name == "__latest__":
        for leaf in apps[label]["leaves"][:1]:
            yield (label, leaf)
    else:
        key, seen = (label, name), set()
        while key in stands and key not in seen:
            seen.add(key)
            key = stands[key]
        yield key


def circle(apps: dict[str, MigrationApp]) -> list[Key]:
    """A circular dependency, with its first migration repeated at the end; [] if there is none."""
    links = parents(apps)
    done: set[Key] = set()
    for start in links:
        path: list[Key] = []
        on_path: set[Key] = set()
        stack: list[tuple[Key, bool]] = [(start, False)]
        while stack:
            key, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(key)
                done.add(key)
            elif key in on_path:
                return [*path[path.index(key) :], key]
            elif key not in done:
                path.append(key)
                on_path.add(key)
                stack.append((key, True))
                stack += [(one, False) for one in links[key]]
    return []
