"""Print what Django knows about the app as JSON: failing checks, models without migrations, pages,
admin forms, and file locations. ``failed`` is set if the app cannot be loaded.
"""

import inspect
import json
import os
import re
from pathlib import Path


def main() -> None:
    from djdesk.tools.prove import watch

    watch.begin(Path(os.environ["DJDESK_PROVE"]))
    try:
        import django

        django.setup()
        from django.urls import get_resolver

        _ = get_resolver().url_patterns
        print(json.dumps(facts()))
    except Exception as error:
        cause = error.__cause__ or error
        said = [getattr(error, name, "") for name in ("hint", "detail")]
        file, line = watch.blamed(cause.__traceback__)
        print(json.dumps({
            "failed": {
                "code": getattr(error, "code", ""), "what": str(error), "file": file, "line": line,
                "why": " ".join(filter(None, said)) or f"{type(error).__name__}: {error}",
            }
        }))  # fmt: skip


def facts() -> dict[str, object]:
    from django.conf import settings
    from django.db import connections

    return {
        "django": ".".join(map(str, __import__("django").VERSION[:2])),
        "decisions": list(settings.DESKTOP_DECISIONS),
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "first_user": getattr(settings, "DESKTOP_FIRST_USER", ""),
        "own_policy": any(line.startswith("CSP1 The project has") for line in
                          getattr(settings, "DESKTOP_DECISIONS", [])),
        "databases": {
            alias: str(connections[alias].settings_dict["NAME"]) for alias in connections
        },
        "folders": folders(),
        "checks": checks(),
        "migrations": migrations(),
        "admin": admin_forms(),
    }  # fmt: skip


def folders() -> dict[str, list[str]]:
    """Folders of the app's own code, and of the packages whose templates and pages it uses."""
    from django.apps import apps
    from django.conf import settings

    from djdesk.app import current
    from djdesk.tools.prove.watch import own

    own_folders = {str(current().project)}
    others: set[str] = set()
    for config in apps.get_app_configs():
        inside = own(str(Path(config.path) / "apps.py"))
        (own_folders if inside else others).add(str(config.path))
    for engine in settings.TEMPLATES:
        for place in engine.get("DIRS", []):
            if own(str(Path(place) / "x.html")):
                own_folders.add(str(place))
    return {"own": sorted(own_folders), "packages": sorted(others)}


def checks() -> list[dict[str, object]]:
    from django.apps import apps
    from django.core import checks as framework

    # Checks that know only the project's own apps and installed ones may name the runtime's.
    ours = [one.label for one in apps.get_app_configs() if one.name.startswith("djdesk.")]
    about_us = re.compile(rf"({'|'.join(map(re.escape, ours))})\b") if ours else None
    found = []
    for message in framework.run_checks():
        if message.is_silenced() or message.level < framework.WARNING:
            continue
        if about_us and about_us.match(message.msg):
            continue
        file, line = place_of(message.obj)
        if not file:
            file, line = place_of_check(message)
        found.append({
            "error": message.level >= framework.ERROR, "id": message.id or "",
            "what": message.msg, "hint": message.hint or "", "file": file, "line": line,
        })  # fmt: skip
    return found


def place_of_check(message) -> tuple[str, int]:
    """Location of the app's function that produced a message which names no location."""
    from django.core.checks.registry import registry

    for check in registry.get_checks():
        file, line = place_of(check)
        if file and any(str(one) == str(message) for one in check(app_configs=None, databases=[])):
            return file, line
    return "", 0


def migrations() -> list[dict[str, object]]:
    """The app's own models with changes that no migration contains."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.operations import (
        AddField,
        AlterModelTable,
        CreateModel,
        RenameField,
        RenameModel,
    )
    from django.db.migrations.state import ProjectState

    from djdesk.tools.prove.watch import own

    # Every query of such a model would fail.
    breaking = (AddField, CreateModel, RenameField, RenameModel, AlterModelTable)
    loader = MigrationLoader(None, ignore_no_migrations=True)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    found = []
    for label, made in detector.changes(graph=loader.graph).items():
        config = apps.get_app_config(label)
        if not own(str(Path(config.path) / "models.py")):
            continue
        operations = [operation for migration in made for operation in migration.operations]
        named = [getattr(one, "model_name", "") or getattr(one, "name", "") for one in operations]
        models = [config.models.get(str(name).lower()) for name in named]
        model = next(filter(None, models), None)
        file, line = place_of(model) if model else (str(Path(config.path) / "models.py"), 0)
        found.append({
            "app": label, "alters": any(alters(migration, loader) for migration in made),
            "breaks": any(isinstance(operation, breaking) for operation in operations),
            "changes": [operation.describe() for operation in operations],
            "file": file, "line": line,
        })  # fmt: skip
    return found


def alters(migration, loader) -> bool:
    """Whether a migration would change the database."""
    from django.db import connection

    try:
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            migration.apply(loader.project_state(), editor, collect_sql=True)
        return any(not line.startswith("--") for line in editor.collected_sql)
    except Exception:  # it needs the database in that state
        return True


def admin_forms() -> list[dict[str, str]]:
    """Admin add pages, easiest first: fewest required fields, none of them a relation."""
    from django.apps import apps
    from django.urls import NoReverseMatch, reverse

    if not apps.is_installed("django.contrib.admin"):
        return []
    from django.contrib.admin.sites import all_sites

    from djdesk.tools.prove.watch import own

    found = set()
    for site in all_sites:
        for model in site._registry:
            meta = model._meta
            editable = [field for field in meta.fields if field.editable]
            needed = [one for one in editable if not one.blank and not one.has_default()]
            # Passwords are typed twice and have rules.
            if any(field.is_relation or field.name == "password" for field in needed):
                continue
            try:
                url = reverse(f"{site.name}:{meta.app_label}_{meta.model_name}_add")
            except NoReverseMatch:
                continue
            foreign = not own(str(Path(apps.get_app_config(meta.app_label).path) / "models.py"))
            found.add((foreign, len(needed), url, str(meta.verbose_name)))
    return [{"path": url, "name": name} for *_, url, name in sorted(found)]


def place_of(thing: object) -> tuple[str, int]:
    """Where one of the app's models, fields or classes is defined; empty if unknown."""
    model = getattr(thing, "model", None)
    subject = model if model is not None and not inspect.isclass(thing) else thing
    if not inspect.isclass(subject) and not inspect.isfunction(subject):
        subject = type(subject)
    from djdesk.tools.prove.watch import own

    try:
        file = inspect.getsourcefile(subject) or ""
        return (file, inspect.getsourcelines(subject)[1]) if own(file) else ("", 0)
    except (OSError, TypeError):
        return "", 0


if __name__ == "__main__":
    main()
