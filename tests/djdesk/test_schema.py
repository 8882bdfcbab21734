"""Migrations inside the server: skipped when nothing changed, refused when the data is newer."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from djdesk.desktop import schema
from djdesk.desktop.launch import LaunchFailure

pytestmark = pytest.mark.django_db(transaction=True)


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
        for migration in ("app.0001_initial", "app.0002_more"):
            self.progress_callback("apply_start", migration, False)
            self.progress_callback("apply_success", migration, False)

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    monkeypatch.setattr(MigrationExecutor, "migrate", migrate)
    seen = []
    schema.bring_up_to_date(lambda *a: seen.append(a))
    assert seen == [(0, 2, "app.0001_initial"), (1, 2, "app.0002_more")]


def test_a_migration_that_raises_is_named(monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    def migrate(self, targets, plan=None, **kwargs):
        raise ValueError("cannot split a name without a space")

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [1])
    monkeypatch.setattr(MigrationExecutor, "migrate", migrate)
    with pytest.raises(LaunchFailure) as failure:
        schema.bring_up_to_date(lambda *a: None)
    assert failure.value.code == "migration_failed"
    assert "cannot split a name" in failure.value.detail
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA user_version").fetchone()[0] == 0
