"""Migrate the database to this version's schema, in the server, before it binds its port."""

from __future__ import annotations

import hashlib
import os
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from django import VERSION
from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands, load_command_class
from django.db import DatabaseError, connection, connections

from djdesk import __version__
from djdesk.app import current
from djdesk.messages import say

from . import build_id, installation
from .database import sqlite_failure
from .launch import LaunchFailure

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor

# (done, total, "app_label.name" of the migration being applied)
Progress = Callable[[int, int, str], None]


def is_current() -> bool:
    """Whether nothing changed since the last start: one pragma.

    The fingerprint of the migration files is stored in the database (``PRAGMA user_version``), so
    that a restored backup brings its own.
    """
    with connection.cursor() as cursor:
        version = cursor.execute("PRAGMA user_version").fetchone()[0]
    return version == migrations_fingerprint()


def is_newer() -> bool:
    """Whether migrations have been applied that this version does not know."""
    from django.db.migrations.executor import MigrationExecutor

    try:
        return bool(_unknown(MigrationExecutor(connection)))
    except DatabaseError:
        return False  # migrating will report the error


def has_data() -> bool:
    """Whether the database has any table, so that a backup makes sense."""
    return bool(connection.introspection.table_names())


def bring_up_to_date(progress: Progress) -> None:
    """Migrate and store the fingerprint. Raises LaunchFailure ``database_newer`` (nothing was
    changed) or ``migration_failed``."""
    _migrate(progress)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA user_version={migrations_fingerprint()}")


def disconnect() -> None:
    """Close Django's connection, so that the file can be replaced."""
    connection.close()


def _places(package: object) -> list[str]:
    """The folders of a package's modules. ``migrations`` may be a single file, which has none."""
    return list(getattr(package, "__path__", []))


def migrations_fingerprint() -> int:
    """31 bits over the installed apps, the names of all migration files, the versions of Django,
    djdesk and the app, and in a packaged app its build. Never 0, which is the value in a new file.
    """
    app = current()
    names = [f"django {VERSION}", f"djdesk {__version__}", "with signals", f"version {app.version}"]
    if installation.is_packaged():
        # In a checkout, every saved file would count as an update.
        names.append(f"build {build_id.current(app.root)}")
    for config in apps.get_app_configs():
        names.append(f"app {config.name}")
        try:
            package = import_module(f"{config.name}.migrations")
        except ImportError:
            continue
        names += (f"{config.label}.{m.name}" for m in pkgutil.iter_modules(_places(package)))
    digest = hashlib.sha256("\n".join(sorted(names)).encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2**31 - 1) + 1


def _migrate(progress: Progress) -> None:
    # Imported here because most starts have nothing to migrate.
    from django.db.migrations.executor import MigrationExecutor

    path = Path(os.fspath(connection.settings_dict["NAME"]))
    try:
        executor = MigrationExecutor(connection)
        if unknown := _unknown(executor):
            raise LaunchFailure(
                "database_newer",
                say("The data was last used by a newer version of this app."),
                say(
                    "Install that version again, or start with another data folder "
                    "(--data-dir). Nothing was changed."
                ),
                "migrations that this version does not know: " + ", ".join(unknown),
            )
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        # The command rather than the executor, so that pre_migrate and post_migrate run: they
        # create permissions, content types and sites. A project may also override it.
        call_command(_command(progress, len(plan)), interactive=False, verbosity=1)
        # The project's other databases, if it has routers.
        for other in connections.all() if settings.DATABASE_ROUTERS else ():
            if other.vendor == "sqlite" and other.alias != connection.alias:
                quiet = _command(lambda *_: None, 0)
                call_command(quiet, database=other.alias, interactive=False, verbosity=1)
    except DatabaseError as error:
        if (failure := sqlite_failure(error, path)).code == "internal":
            raise _failed(error) from error
        raise failure from error
    except LaunchFailure:
        raise
    except Exception as error:
        raise _failed(error) from error


def _command(progress: Progress, total: int) -> BaseCommand:
    """``migrate`` as ``manage.py migrate`` would run it, also reporting to ``progress``."""
    done = 0

    def report(action: str, migration: object = None, fake: bool = False) -> None:
        nonlocal done
        if action == "apply_start":
            progress(done, total, str(migration))
        elif action == "apply_success":
            done += 1

    app = get_commands()["migrate"]
    command = app if isinstance(app, BaseCommand) else load_command_class(app, "migrate")
    callback = getattr(command, "migration_progress_callback", None)
    if callback is None:  # not derived from Django's: its output goes only to the log
        return command

    def both(action: str, migration: object = None, fake: bool = False) -> None:
        report(action, migration, fake)
        callback(action, migration, fake)

    command.migration_progress_callback = both
    return command


def _unknown(executor: MigrationExecutor) -> list[str]:
    """Applied migrations of installed apps without a file on disk."""
    loader = executor.loader
    known = set(loader.disk_migrations or ())
    for migration in list((loader.disk_migrations or {}).values()):
        known.update(migration.replaces)
    applied = loader.applied_migrations or {}
    return sorted(
        f"{label}.{name}"
        for label, name in applied
        if label in loader.migrated_apps and (label, name) not in known
    )


def _failed(error: Exception) -> LaunchFailure:
    return LaunchFailure(
        "migration_failed",
        say("The database could not be migrated to this version."),
        say(
            "Install the version that you used before, or restore a copy from the "
            "backups folder. The log has the details."
        ),
        f"{type(error).__name__}: {error}",
    )
