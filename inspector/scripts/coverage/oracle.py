"""Ask Django itself about a project: python oracle.py FOLDER SETTINGS, one JSON object on stdout.

Run by the project's own interpreter, Python 3.6 or later. Shares no code with the engine that it is
compared with. A fact that fails is `{"error": text}`.
"""

import json
import logging
import os
import sys
from pathlib import Path


def keys(found):
    """(app label, name) as "label.name", sorted."""
    return sorted(f"{label}.{name}" for label, name in found)


def models():
    from django.apps import apps
    from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation

    rows = {}
    for model in apps.get_models(include_auto_created=True):
        fields = {}
        for field in model._meta.get_fields(include_hidden=True):
            if getattr(field, "model", None) is not model or getattr(field, "mti_inherited", False):
                continue  # a parent's
            if field.auto_created and not field.concrete:
                continue  # the other end of a relation
            target = getattr(field, "related_model", None)
            if isinstance(field, GenericForeignKey):
                kind = "generic"
            elif isinstance(field, GenericRelation):
                kind = "generic-relation"
            elif not field.is_relation:
                kind = None
            elif field.many_to_many:
                kind = "m2m"
            else:
                kind = "o2o" if field.one_to_one else "fk"
            fields[field.name] = {
                "class": f"{type(field).__module__}.{type(field).__qualname__}",
                "column": None if field.many_to_many else getattr(field, "column", None),
                "null": bool(getattr(field, "null", False)),
                "unique": bool(getattr(field, "unique", False)),
                "kind": kind,
                "to": target._meta.label if kind and target and kind != "generic" else None,
            }
        rows[model._meta.label] = {"table": model._meta.db_table, "fields": fields}
    return rows


def migrations():
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {
        "all": keys(loader.disk_migrations),
        "leaves": keys(loader.graph.leaf_nodes()),
        "conflicts": sorted(loader.detect_conflicts()),
    }


def files_of_databases():
    """Aliases of existing SQLite files; loading the project may create more."""
    from django.conf import settings

    values = getattr(settings, "DATABASES", {}).items()
    return [alias for alias, one in values if one.get("NAME") and Path(str(one["NAME"])).is_file()]


def databases(there):
    """The applied migrations, as in `showmigrations`, of SQLite files that already existed."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    rows = {}
    for alias in there:
        if connections[alias].vendor == "sqlite":
            loader = MigrationLoader(connections[alias])
            nodes, applied = set(loader.graph.nodes), set(loader.applied_migrations)
            rows[alias] = {"applied": keys(applied), "pending": keys(nodes - applied)}
    return rows


def routes():
    from django.conf import settings
    from django.urls import get_resolver

    rows = []

    def walk(resolver, prefix, names):
        for one in resolver.url_patterns:
            text = str(one.pattern)
            if type(one.pattern).__name__ == "LocalePrefixPattern":
                text = "<language>/"
            whole = prefix + (text[1:] if prefix and text[:1] == "^" else text)
            if hasattr(one, "url_patterns"):
                walk(one, whole, [*names, one.namespace] if one.namespace else names)
            else:
                rows.append([whole, ":".join([*names, one.name]) if one.name else None])

    walk(get_resolver(settings.ROOT_URLCONF), "", [])
    return sorted(rows, key=str)


def changed_settings():
    """Names of settings that differ from Django's default."""
    from django.conf import global_settings, settings

    unknown, found = object(), []
    for name in dir(settings._wrapped):
        if name.isupper() and name != "LOGGING_CONFIG":
            default = getattr(global_settings, name, unknown)
            # A setting that another one replaces is absent: EMAIL_BACKEND with MAILERS.
            if getattr(settings, name, default) != default:
                found.append(name)
    return found


def admin():
    from django.apps import apps

    if not apps.is_installed("django.contrib.admin"):
        return []
    from django.contrib.admin.sites import all_sites

    return sorted(
        f"{site.name} {model._meta.label}" for site in all_sites for model in site._registry
    )


def checks():
    from django.core.checks import run_checks

    rows = [[one.id, logging.getLevelName(one.level)] for one in run_checks()]
    return sorted(rows, key=str)


def main():
    folder, module = sys.argv[1:3]
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    out, sys.stdout = sys.stdout, sys.stderr  # projects print while they load
    import django

    there = files_of_databases()
    django.setup()
    facts = {"django": django.get_version(), "python": sys.version.split()[0]}
    # URLs first, like a server: importing them may register more.
    asked = [routes, models, migrations, changed_settings, admin, checks]
    for one in [*asked, lambda: databases(there)]:
        name = "databases" if one not in asked else one.__name__
        try:
            facts[name] = one()
        except Exception as error:
            facts[name] = {"error": f"{type(error).__name__}: {error}"}
    json.dump(facts, out)
    out.flush()
    os._exit(0)  # despite any threads of the project


if __name__ == "__main__":
    main()
