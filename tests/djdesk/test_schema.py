"""Migrations inside the server: skipped if nothing changed, refused if the data is newer."""

import contextlib
import sqlite3

import pytest
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.recorder import MigrationRecorder

from djdesk.desktop import schema
from djdesk.desktop.launch import LaunchFailure

from .children import Child

pytestmark = pytest.mark.django_db(transaction=True)


FIRST, SECOND = ((Migration(name, "app"), False) for name in ("0001_initial", "0002_more"))


@pytest.fixture(autouse=True)
def restore_user_version():
    yield
    set_user_version(0)


def set_user_version(value):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA user_version={value}")


def test_the_second_start_does_not_look(django_assert_num_queries):
    assert not schema.is_current()
    schema.bring_up_to_date(lambda *a: None)
    with django_assert_num_queries(1):
        assert schema.is_current()


def test_another_set_of_migrations_makes_it_look_again(monkeypatch):
    schema.bring_up_to_date(lambda *a: None)
    before = schema.migrations_fingerprint()
    monkeypatch.setattr(schema, "__version__", "9.9.9")
    assert schema.migrations_fingerprint() != before
    assert not schema.is_current()


def test_migrations_may_be_one_file(monkeypatch, tmp_path):
    """Of an app without migrations: the name exists but is not a folder."""
    before = schema.migrations_fingerprint()
    single = schema.import_module("djdesk.desktop.usage")
    real = schema.import_module
    monkeypatch.setattr(
        schema,
        "import_module",
        lambda name: single if name == "django.contrib.sites.migrations" else real(name),
    )
    assert isinstance(schema.migrations_fingerprint(), int) and before
    monkeypatch.setattr(schema, "import_module", lambda name: single)
    assert schema.migrations_fingerprint() != before


def test_data_of_a_newer_version_is_refused_and_untouched():
    recorder = MigrationRecorder(connection)
    recorder.record_applied("django_tasks_database", "9999_from_the_future")
    try:
        with pytest.raises(LaunchFailure) as refusal:
            schema.bring_up_to_date(lambda *a: None)
    finally:
        recorder.record_unapplied("django_tasks_database", "9999_from_the_future")
    assert refusal.value.code == "database_newer"
    assert "9999_from_the_future" in refusal.value.detail


def test_progress_counts_migrations(monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    def migrate(self, targets, plan=None, **kwargs):
        for migration in (FIRST[0], SECOND[0]):
            self.progress_callback("apply_start", migration, False)
            self.progress_callback("apply_success", migration, False)
        return kwargs["state"]

    monkeypatch.setattr(
        MigrationExecutor, "migration_plan", lambda *args, **kwargs: [FIRST, SECOND]
    )
    monkeypatch.setattr(MigrationExecutor, "migrate", migrate)
    seen = []
    schema.bring_up_to_date(lambda *a: seen.append(a))
    assert seen == [(0, 2, "app.0001_initial"), (1, 2, "app.0002_more")]


def test_a_migration_that_raises_is_named(monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    def migrate(self, targets, plan=None, **kwargs):
        raise ValueError("cannot split a name without a space")

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *args, **kwargs: [FIRST])
    monkeypatch.setattr(MigrationExecutor, "migrate", migrate)
    with pytest.raises(LaunchFailure) as failure:
        schema.bring_up_to_date(lambda *a: None)
    assert failure.value.code == "migration_failed"
    assert "cannot split a name" in failure.value.detail
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA user_version").fetchone()[0] == 0


def test_what_hangs_on_migrate_happens_and_a_project_may_have_its_own(tmp_path):
    """Permissions and content types as ``manage.py migrate`` creates them, and the project's own
    command instead of Django's."""
    with Child("serve", tmp_path, settings="tests.djdesk.ownmigrate.settings") as server:
        names = server.names_until("listening")
        assert server.end_of_stdin() == 0
    assert "migrate" in names
    with contextlib.closing(sqlite3.connect(tmp_path / "app.sqlite3")) as database:
        (permissions,) = database.execute("SELECT count(*) FROM auth_permission").fetchone()
        (types,) = database.execute("SELECT count(*) FROM django_content_type").fetchone()
        assert permissions == 4 * types > 16
        assert database.execute("SELECT * FROM own_command_was_here").fetchall() == []


def test_every_file_of_the_project_is_migrated_as_its_routers_say(tmp_path):
    with Child("serve", tmp_path, settings="tests.djdesk.two_files_settings") as server:
        server.names_until("listening")
        assert server.end_of_stdin() == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "labels.sqlite3")) as database:
        found = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert "django_content_type" in found and "auth_permission" not in found


def test_another_app_makes_it_look_again(settings):
    schema.bring_up_to_date(lambda *a: None)
    assert schema.is_current()
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.humanize"]
    assert not schema.is_current()
