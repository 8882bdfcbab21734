"""Model changes without a migration."""

import os

from ..errors import error_row
from ..messages import say
from ..places import definitions, module_file, origin, place, relative
from ..values import text_of
from .autodetector import SwappableNames, linear
from .loader import load_migrations


def section_drift():
    from django.apps import apps
    from django.core.management import get_commands, load_command_class
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.state import ProjectState

    errors, overridden = [], []
    detector = MigrationAutodetector
    owner = get_commands().get("makemigrations", "django.core")
    if owner != "django.core":
        overridden.append(
            say("{name} replaces the command {command}", name=owner, command="makemigrations")
        )
        try:
            own = getattr(load_command_class(owner, "makemigrations"), "autodetector", detector)
        except Exception as error:
            errors.append(error_row("", error))
            own = detector
        if own is not detector and isinstance(own, type):
            overridden.append(say("{name} has its own autodetector, which was used", name=owner))
            detector = own
    loader = load_migrations(errors)
    broken = getattr(loader, "broken", set())
    if getattr(loader, "failure", None) is not None:
        # A circular dependency: there is no graph, and the migrations page explains why.
        return {
            "method": "autodetector",
            "apps": {},
            "incomplete": {
                label: UNKNOWN_DRIFT for label in sorted({key[0] for key in loader.whole})
            },
            "overridden": overridden,
            "errors": [],
        }
    with SwappableNames(apps):
        before, now = loader.project_state(), ProjectState.from_apps(apps)
        for key in [key for key in (*before.models, *now.models) if key[0] in broken]:
            # The result of their migrations is unknown: assume no change, so that other
            # changes can be seen.
            before.models.pop(key, None)
            if key in now.models:
                before.models[key] = now.models[key].clone()
        changes = linear(detector)(
            before,
            now,
            MigrationQuestioner(specified_apps=set(), dry_run=True),
        ).changes(graph=loader.graph)
    result = {}
    for label, migrations in sorted(changes.items()):
        if label in broken:
            continue
        try:
            path = apps.get_app_config(label).path
        except LookupError:
            path = None
        ops = [one_change(label, one, before) for step in migrations for one in step.operations]
        if ops:
            whose = origin(os.path.join(path, "__init__.py")) if path else "outside"
            result[label] = {"origin": whose, "ops": ops}
    return {
        "method": "autodetector",
        "apps": result,
        "incomplete": {label: UNKNOWN_DRIFT for label in sorted(broken)},
        "overridden": overridden,
        "errors": errors,
    }


UNKNOWN_DRIFT = say("Its drift is not known, because not all of its migrations can be loaded.")
WITHOUT_SQL = ("AlterModelOptions", "AlterModelManagers")


def state_only(label, operation, before):
    """Whether an operation changes nothing in the database: choices, texts, model options, and
    creating or deleting a model without a table.
    """
    if type(operation).__name__ in WITHOUT_SQL or without_table(label, operation, before):
        return True
    if type(operation).__name__ != "AlterField":
        return False
    try:
        old = before.models[label, operation.model_name_lower].fields[operation.name]
        new = operation.field
        names = getattr(new, "non_db_attrs", ())
        shown = []
        for field in (old, new):
            _, path, args, kwargs = field.clone().deconstruct()
            kept = {key: value for key, value in kwargs.items() if key not in names}
            shown.append((path, args, sorted((key, repr(value)) for key, value in kept.items())))
        return bool(names) and shown[0] == shown[1]
    except Exception:
        return False


def without_table(label, operation, before):
    """Whether it creates or deletes a model without a table: unmanaged or a proxy."""
    kind, options = type(operation).__name__, {}
    if kind == "CreateModel":
        options = operation.options
    elif kind == "DeleteModel" and (label, operation.name_lower) in before.models:
        options = before.models[label, operation.name_lower].options
    return options.get("managed") is False or bool(options.get("proxy"))


def one_change(label, operation, before):
    from django.apps import apps

    kind = type(operation).__name__
    name = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    field = getattr(operation, "name", None) if hasattr(operation, "model_name") else None
    file = line = model = None
    try:
        model = apps.get_model(label, str(name))
        file, line = place(model)
    except (LookupError, ValueError):
        pass
    if model is not None and field and "Field" in kind:
        for owner in model.__mro__:
            inner = module_file(owner.__module__)
            at = definitions(inner).get("%s.%s" % (owner.__qualname__, field)) if inner else None
            if at is not None:
                file, line = inner, at
                break
    return {
        "op": kind,
        "text": text_of(operation.describe()),
        "model": model.__name__ if model is not None else (str(name) if name else None),
        "field": str(field) if field else None,
        "file": relative(file),
        "line": line,
        "state_only": state_only(label, operation, before),
    }
