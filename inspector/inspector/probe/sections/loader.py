"""Django's migration loader, made to continue past broken migrations."""

import os

from ..config import STATE
from ..errors import error_row
from ..guard import GUARD
from ..limits import importable
from ..messages import say
from ..places import module_file, origin, relative


def load_migrations(errors):
    if "loader" not in STATE:
        STATE["loader"] = migration_loader(None, errors)
    return STATE["loader"]


def migration_loader(connection, errors):
    """Django's loader with its graph; a broken migration does not hide the others."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection, load=False, ignore_no_migrations=True)
    try:
        look_at_files()
        loader.build_graph()
    except Exception:
        loader = tolerant(MigrationLoader)(connection, load=False, ignore_no_migrations=True)
        try:
            loader.build_graph()
        except Exception as error:
            loader.failure = error
            row = error_row("", error)
            if type(error).__name__ == "CircularDependencyError":
                names = row["text"].split(", ")
                # Django starts at an arbitrary node: make it the same in every run.
                first = names.index(min(names))
                names = names[first:] + names[:first]
                path = " → ".join([*names, names[0]])
                row["text"] = say("{names} depend on each other in a circle.", names=path)
            loader.faults.append(row)
        errors += loader.faults
    return loader


def look_at_files():
    """Raises OSError or `TooLarge` if a migration of the project must not be imported."""
    from django.apps import apps

    for config in apps.get_app_configs():
        folder = os.path.join(config.path, "migrations")
        if origin(os.path.join(folder, "__init__.py")) != "project":
            continue
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(".py"):
                importable(entry.path)


def tolerant(kind):
    """A loader that continues with the next file where Django stops at the first failure.

    ``whole``: also contains migrations left out of the graph because a dependency is missing.
    ``broken``: labels of apps with migrations missing from the graph. ``unread``: those with a file
    that cannot be imported. ``failure``: why there is no graph.
    """
    import types
    from importlib import import_module

    from django.db.migrations import loader as django

    class TolerantLoader(kind):
        failure = None

        def load_disk(self):
            self.faults, self.broken, self.unread = [], set(), set()
            found, unmigrated, migrated = {}, set(), set()
            apps, pkgutil = django.apps, django.pkgutil
            try:
                for config in apps.get_app_configs():
                    django.apps = types.SimpleNamespace(
                        get_app_configs=lambda config=config: [config],
                        get_app_config=apps.get_app_config,
                    )
                    django.pkgutil = types.SimpleNamespace(
                        iter_modules=lambda path, config=config: self.readable(config, path)
                    )
                    try:
                        super().load_disk()
                    except Exception as error:
                        self.broken.add(config.label)
                        self.unread.add(config.label)
                        self.faults.append(error_row("%s: " % config.label, error))
                    found.update(self.disk_migrations)
                    unmigrated |= set(self.unmigrated_apps)
                    migrated |= set(self.migrated_apps)
            finally:
                django.apps, django.pkgutil = apps, pkgutil
            self.whole, self.disk_migrations = found, dict(found)
            self.unmigrated_apps, self.migrated_apps = unmigrated, migrated
            while self.leave_out():
                pass

        def readable(self, config, path):
            package, _ = self.migrations_module(config.label)
            import pkgutil

            for finder, name, is_package in pkgutil.iter_modules(path):
                if is_package or name[0] in "_~":
                    continue
                label = "%s.%s" % (config.label, name)
                before = GUARD.refused()
                try:
                    if getattr(finder, "path", None):
                        importable(os.path.join(finder.path, name + ".py"))
                    module = import_module("%s.%s" % (package, name))
                    if not hasattr(module, "Migration"):
                        text = say("{name} has no class Migration.", name=label)
                        row = {"text": text, "line": None}
                        row["file"] = relative(module_file(module.__name__))
                        self.faults.append(row)
                        self.broken.add(config.label)
                        continue
                except Exception as error:
                    row = error_row(label + ": ", error)
                    asked = [one for one, n in GUARD.refused().items() if n != before.get(one)]
                    if asked and not isinstance(error, (ModuleNotFoundError, SyntaxError)):
                        row["refused"] = asked[:4]
                    if row["file"] is None and getattr(finder, "path", None):
                        row["file"] = relative(os.path.join(finder.path, name + ".py"))
                    self.faults.append(row)
                    self.broken.add(config.label)
                    self.unread.add(config.label)
                    continue
                yield finder, name, is_package

        def leave_out(self):
            """Remove migrations whose parents are not in the graph. Returns
            whether there were any.
            """
            known = set(self.disk_migrations)
            for migration in self.disk_migrations.values():
                known.update(map(tuple, migration.replaces))
            labels = {label for label, _ in known}
            lost = []
            for key, migration in self.disk_migrations.items():
                for app, name in migration.dependencies:
                    first = name in ("__first__", "__latest__")
                    if first and (app in labels or app in self.unmigrated_apps or app == key[0]):
                        continue
                    if (app, name) in known or (first and app in self.broken):
                        continue
                    lost.append(key)
                    if (app, name) not in self.whole:
                        text = say(
                            "{name} depends on {needed}, which is not there.",
                            name="%s.%s" % key,
                            needed="%s.%s" % (app, name),
                        )
                        file = relative(module_file(type(migration).__module__))
                        self.faults.append({"text": text, "file": file, "line": None})
                    break
            for key in lost:
                self.broken.add(key[0])
                del self.disk_migrations[key]
            return bool(lost)

    return TolerantLoader


def whole(loader):
    """All migrations that could be read, including those left out of the graph."""
    return getattr(loader, "whole", loader.disk_migrations)
