"""Check that both sides have the same app with the same tables."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from django.apps import apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from djdesk.app import AppError, current

from .problem import TransferProblem
from .tables import Totals


class About(TypedDict):
    """The app that the data belong to."""

    id: str
    name: str
    version: str


class Header(TypedDict):
    """The first member of a file. ``migrations``: applied ones, by database and app; ``created``:
    UTC.
    """

    format: int
    djdesk: str
    app: About
    migrations: dict[str, dict[str, list[str]]]
    files: bool
    created: NotRequired[str]


def about() -> About:
    try:
        app = current()
    except AppError as error:
        raise TransferProblem(
            f"There is no app here: {error.reason}",
            "Run the command in the folder of pyproject.toml, or name it with DJDESK_APP.",
        ) from error
    return {"id": app.id, "name": app.name, "version": app.version}


def applied(alias: str) -> dict[str, list[str]]:
    """The migrations of installed apps applied to this database, by app. Raises TransferProblem if
    some are pending."""
    executor = MigrationExecutor(connections[alias])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise TransferProblem(
            "The database is not up to date: migrations are missing.",
            "Start the app once, or run “migrate” on a server. Then try again.",
        )
    labels = {config.label for config in apps.get_app_configs()}
    found: dict[str, list[str]] = {}
    for label, name in sorted(MigrationRecorder(connections[alias]).applied_migrations()):
        if label in labels:
            found.setdefault(label, []).append(name)
    return found


def compare(header: Header, totals: Totals) -> None:
    """Raises TransferProblem unless the file belongs to this app and fits its tables."""
    here, theirs = about(), header["app"]
    if theirs["id"] != here["id"]:
        raise TransferProblem(
            f"The file comes from {theirs['name']} ({theirs['id']}), not from {here['name']} "
            f"({here['id']}).",
            "Import it into that app.",
        )
    filled = {
        name.partition("/")[2].partition(".")[0] for name, one in totals.items() if one["rows"]
    }
    labels = {config.label for config in apps.get_app_configs()}
    if missing := sorted(filled - labels):
        raise TransferProblem(
            f"The file has rows of apps that are not installed here: {', '.join(missing)}.",
            "Add them to INSTALLED_APPS, and run “migrate”.",
        )
    for alias, theirs_applied in header["migrations"].items():
        if alias not in connections:
            raise TransferProblem(
                f"The file has the database “{alias}”, which is not among DATABASES here.",
                "Add it to the settings.",
            )
        _compare_migrations(header, alias, theirs_applied, filled & labels)


def _compare_migrations(
    header: Header, alias: str, theirs: dict[str, list[str]], filled: set[str]
) -> None:
    ours = _known()
    newer = [
        f"{label}.{name}"
        for label in sorted(filled)
        for name in theirs.get(label, [])
        if name not in ours.get(label, set())
    ]
    if newer:
        raise TransferProblem(
            f"The file was made by a newer version ({header['app']['version']}): its tables "
            f"have changes that this version does not know ({_few(newer)}).",
            "Install that version here, then import.",
        )
    here = applied(alias)
    older = [
        f"{label}.{name}"
        for label in sorted(filled)
        for name in here.get(label, [])
        if name not in theirs.get(label, [])
    ]
    if older:
        raise TransferProblem(
            f"The file was made by an older version ({header['app']['version']}): its tables "
            f"lack changes of this version ({_few(older)}).",
            "Update the app that made the file, start it once, and export again.",
        )


def _known() -> dict[str, set[str]]:
    """All migrations on disk, with those that they replace."""
    from django.db.migrations.loader import MigrationLoader

    found: dict[str, set[str]] = {}
    for (label, name), migration in (MigrationLoader(None).disk_migrations or {}).items():
        found.setdefault(label, set()).add(name)
        for other, replaced in migration.replaces:
            found.setdefault(other, set()).add(replaced)
    return found


def _few(names: list[str]) -> str:
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
