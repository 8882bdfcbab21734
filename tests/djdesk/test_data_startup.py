"""The data at startup: updates with rollback, restore on request, salvage of damage."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest

from djdesk.app import load
from djdesk.desktop import backups, data_startup, notices, schema
from djdesk.desktop.data_startup import Memory
from tests.environment import PARITY
from tests.long import LONG

from .children import Child

SETTINGS = "tests.djdesk.child_settings"
VERSION = load(PARITY).version


@pytest.fixture
def data_dir(tmp_path):
    """A data folder that a server used and closed cleanly, with one user row."""
    folder = tmp_path / "data"
    run(folder)
    execute(folder, "CREATE TABLE mine (text)")
    execute(folder, "INSERT INTO mine VALUES ('precious')")
    return folder


@pytest.fixture(autouse=True)
def no_notices():
    yield
    for notice in notices.current():
        notices.dismiss(notice.key)


def run(folder, *, works=True, **config):
    with Child("serve", folder, settings=SETTINGS, **config) as server:
        port = server.until("listening")["port"]
        assert server.get(port, "/health/")[0] == 200
        assert server.end_of_stdin() == 0
    if works:  # test_update_confirmation.py tests how this is determined
        words = "import sys, pathlib; from djdesk.desktop import data_startup; "
        words += "data_startup.confirm(pathlib.Path(sys.argv[1]))"
        environment = {**os.environ, "DJDESK_APP": config.get("app", str(PARITY))}
        argv = [sys.executable, "-c", words, str(folder)]
        subprocess.run(argv, env=environment, check=True)
    return server


def execute(folder, sql):
    with contextlib.closing(sqlite3.connect(folder / "app.sqlite3")) as database, database:
        return database.execute(sql).fetchall()


def master(folder, sql, values=()):
    with contextlib.closing(sqlite3.connect(folder / "app.sqlite3")) as database, database:
        database.execute("PRAGMA writable_schema=ON")
        database.execute(sql, values)


def mine(folder):
    return [row[0] for row in execute(folder, "SELECT text FROM mine ORDER BY rowid")]


def outdate(folder, version="0.0.9"):
    """As if an older version had used the data last."""
    execute(folder, "PRAGMA user_version=1")
    memory = data_startup.remembered(folder)
    memory.version = version
    data_startup.remember(folder, memory)


def test_an_update_makes_a_backup_of_the_old_version_first(data_dir):
    outdate(data_dir)
    run(data_dir)
    (backup,) = backups.listed(data_dir)
    assert (backup.reason, backup.version) == ("update", "0.0.9")
    memory = data_startup.remembered(data_dir)
    assert (memory.version, memory.unfinished) == (VERSION, "")
    assert mine(data_dir) == ["precious"]


@LONG
def test_a_new_version_of_the_app_is_an_update_without_any_migration(tmp_path):
    app = shutil.copytree(PARITY, tmp_path / "app", ignore=shutil.ignore_patterns(".djdesk"))
    folder = tmp_path / "data"
    run(folder, app=str(app))
    table = app / "pyproject.toml"
    table.write_text(table.read_text().replace(f'version = "{VERSION}"', 'version = "1.3.0"'))
    run(folder, app=str(app))
    (backup,) = backups.listed(folder)
    assert (backup.reason, backup.version) == ("update", VERSION)
    assert f"-v{VERSION}." in backup.name
    assert data_startup.remembered(folder).version == "1.3.0"
    run(folder, app=str(app))
    assert len(backups.listed(folder)) == 1


def test_a_first_start_and_an_unchanged_one_make_none(data_dir):
    run(data_dir)
    assert backups.listed(data_dir) == []


def test_a_migration_that_raises_halfway_leaves_the_old_data(data_dir):
    outdate(data_dir)
    with Child("serve", data_dir, settings="tests.djdesk.broken_update.settings") as server:
        failed = server.until("failed")
        assert server.wait() == 1
    assert failed["code"] == "migration_failed"
    assert "restored" in failed["hint"]
    assert "cannot go on" in failed["detail"]
    assert mine(data_dir) == ["precious"]
    tables = {row[0] for row in execute(data_dir, "SELECT name FROM sqlite_master")}
    assert not {name for name in tables if name.startswith("broken_update")}
    applied = execute(data_dir, "SELECT name FROM django_migrations WHERE app='broken_update'")
    assert applied == []
    # The previous version starts as if nothing had happened.
    run(data_dir)
    assert mine(data_dir) == ["precious"]


def test_an_update_whose_migrations_did_not_end_is_undone_at_the_next_start(data_dir):
    outdate(data_dir)
    run(data_dir, works=False)
    memory = data_startup.remembered(data_dir)
    memory.migrated = ""  # killed in between; nobody could enter data
    data_startup.remember(data_dir, memory)
    execute(data_dir, "INSERT INTO mine VALUES ('half a migration')")
    run(data_dir, works=False)
    assert mine(data_dir) == ["precious"]
    run(data_dir)
    assert data_startup.remembered(data_dir).unfinished == ""


@LONG
def test_an_answer_to_health_does_not_make_an_update_good(data_dir):
    outdate(data_dir)
    run(data_dir, works=False)
    memory = data_startup.remembered(data_dir)
    assert (memory.version, memory.migrated) == ("0.0.9", VERSION)
    assert memory.unfinished


@LONG
def test_what_was_entered_before_an_update_was_seen_to_work_stays(data_dir):
    outdate(data_dir)
    run(data_dir, works=False)
    execute(data_dir, "INSERT INTO mine VALUES ('by the new version')")
    run(data_dir, works=False)
    assert mine(data_dir) == ["precious", "by the new version"]


@LONG
def test_the_version_before_one_that_never_worked_puts_its_data_back(data_dir):
    outdate(data_dir)
    run(data_dir, works=False)
    execute(data_dir, "INSERT INTO mine VALUES ('by the new version')")
    newer = "VALUES ('django_tasks_database', '9999_future', '2030-01-01')"
    execute(data_dir, f"INSERT INTO django_migrations (app, name, applied) {newer}")
    execute(data_dir, "PRAGMA user_version=2")
    server = run(data_dir)
    assert mine(data_dir) == ["precious"]
    assert "put" in server.log
    kept = next(one for one in backups.listed(data_dir) if one.reason == "restore")
    with contextlib.closing(sqlite3.connect(kept.path)) as database:
        assert database.execute("SELECT count(*) FROM mine").fetchone() == (2,)


@LONG
def test_the_way_back_from_an_update_is_not_pruned(data_dir):
    outdate(data_dir)
    run(data_dir, works=False)
    needed = data_startup.remembered(data_dir).unfinished
    for _ in range(8):
        backups.make(data_dir, "manual", "0.0.9")
    assert backups.find(data_dir, needed)
    data_startup.confirm(data_dir)
    backups.make(data_dir, "manual", "0.0.9")
    with pytest.raises(LookupError):
        backups.find(data_dir, needed)


@LONG
def test_an_update_by_the_guardian_has_one_backup_not_two(data_dir):
    outdate(data_dir)
    made = backups.make(data_dir, "update", "0.0.9")
    (data_dir / "updates").mkdir()
    journal = {"format": 1, "id": "a" * 16, "state": "booting", "backup": made.name}
    (data_dir / "updates" / "update.json").write_text(json.dumps(journal))
    run(data_dir, works=False)
    assert [one.name for one in backups.listed(data_dir)] == [made.name]
    assert data_startup.remembered(data_dir).unfinished == made.name


def test_a_restore_that_was_asked_for(data_dir):
    backup = backups.make(data_dir, "manual", "1.0")
    execute(data_dir, "INSERT INTO mine VALUES ('later')")
    data_startup.ask_for_restore(data_dir, backup.name)
    run(data_dir)
    assert mine(data_dir) == ["precious"]
    reasons = [found.reason for found in backups.listed(data_dir)]
    assert "restore" in reasons, "what was there before must be kept"
    assert data_startup.remembered(data_dir).restore == ""


@LONG
def test_a_restore_of_a_damaged_backup_changes_nothing_and_is_not_tried_again(data_dir):
    backup = backups.make(data_dir, "manual", "1.0")
    backup.path.write_bytes(b"rubbish" * 999)
    data_startup.ask_for_restore(data_dir, backup.name)
    with Child("serve", data_dir, settings=SETTINGS) as server:
        assert server.until("failed")["code"] == "database_corrupt"
        server.wait()
    run(data_dir)
    assert mine(data_dir) == ["precious"]


def test_asking_for_a_backup_that_is_not_there(data_dir):
    with pytest.raises(LookupError):
        data_startup.ask_for_restore(data_dir, "../../etc/passwd")


def test_a_damaged_database_is_salvaged_kept_and_told(data_dir):
    execute(data_dir, "CREATE TABLE bulk (id INTEGER PRIMARY KEY, text TEXT)")
    with contextlib.closing(sqlite3.connect(data_dir / "app.sqlite3")) as database, database:
        rows = [(n, f"row {n} " * 40) for n in range(2000)]
        database.executemany("INSERT INTO bulk VALUES (?, ?)", rows)
    raw = bytearray((data_dir / "app.sqlite3").read_bytes())
    raw[-30 * 4096 : -27 * 4096] = b"\xaa" * 3 * 4096
    (data_dir / "app.sqlite3").write_bytes(raw)
    server = run(data_dir)
    assert "damaged" in server.log
    assert mine(data_dir) == ["precious"]
    (saved,) = execute(data_dir, "SELECT count(*) FROM bulk")[0]
    assert 1900 < saved < 2000
    (kept,) = data_dir.glob("app.damaged-*.sqlite3")
    assert kept.read_bytes() == bytes(raw)


def test_damage_that_only_the_full_check_sees_does_not_end_the_update(data_dir):
    """An index that lacks a row: quick_check misses it, integrity_check finds it."""
    execute(data_dir, "CREATE INDEX by_text ON mine (text)")
    (entry,) = execute(data_dir, "SELECT * FROM sqlite_master WHERE name='by_text'")
    master(data_dir, "DELETE FROM sqlite_master WHERE name='by_text'")
    execute(data_dir, "INSERT INTO mine VALUES ('not in the index')")
    master(data_dir, "INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", entry)
    assert execute(data_dir, "PRAGMA quick_check") == [("ok",)]
    assert execute(data_dir, "PRAGMA integrity_check") != [("ok",)]
    outdate(data_dir)
    run(data_dir)
    assert mine(data_dir) == ["precious", "not in the index"]
    assert list(data_dir.glob("app.damaged-*.sqlite3"))


def test_hopeless_damage_points_to_the_backups(data_dir):
    backups.make(data_dir, "manual", "1.0")
    (data_dir / "app.sqlite3").write_bytes(b"not a database " * 999)
    with Child("serve", data_dir, settings=SETTINGS) as server:
        failed = server.until("failed")
        server.wait()
    assert failed["code"] == "database_corrupt"
    assert "Restore a backup" in failed["hint"]


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_was_set_back_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "is_current", lambda: True)
    data_startup.remember(tmp_path, Memory(version=VERSION, seen=time.time() + 30 * 86_400))
    data_startup.update(tmp_path, lambda *a: None, lambda words: None)
    assert [notice.key for notice in notices.current()] == ["clock"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 3}', '{"seen": "x"}'])
def test_a_memory_that_cannot_be_read_is_a_blank_one(tmp_path, text):
    (tmp_path / "data.json").write_text(text)
    assert data_startup.remembered(tmp_path) == Memory()


@pytest.mark.parametrize("damage", ['"seen": "x"', '"unfinished": 7', '"seen": NaN', '"new": {}'])
def test_a_damaged_value_leaves_the_others(tmp_path, damage):
    (tmp_path / "data.json").write_text(f'{{"version": "1.0", "restore": "b", {damage}}}')
    memory = data_startup.remembered(tmp_path)
    assert (memory.version, memory.restore, memory.unfinished) == ("1.0", "b", "")


@pytest.mark.parametrize("asked", [False, True])
def test_an_update_that_was_taken_back_is_told_once(tmp_path, asked):
    (tmp_path / "updates").mkdir()
    journal = {"format": 1, "id": "a" * 16, "state": "rolled_back", "from": "1.0", "to": "2.0"}
    journal |= {"asked": asked, "kept": "app.after-2.0.sqlite3", "reason": "It ended on its own."}
    (tmp_path / "updates" / "update.json").write_text(json.dumps(journal))
    data_startup.open_database(tmp_path, lambda words: None)
    (notice,) = notices.current()
    assert ("did not work" in notice.text) is not asked
    assert "Version 1.0 is running again" in notice.text
    assert "app.after-2.0.sqlite3" in notice.text
    notices.dismiss(notice.key)
    data_startup.open_database(tmp_path, lambda words: None)
    assert notices.current() == []


def test_a_newer_database_makes_no_backup_and_stays_untouched(data_dir):
    execute(
        data_dir,
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('django_tasks_database', '9999_future', '2030-01-01')",
    )
    outdate(data_dir)
    with Child("serve", data_dir, settings=SETTINGS) as server:
        assert server.until("failed")["code"] == "database_newer"
        server.wait()
    assert backups.listed(data_dir) == []
    assert mine(data_dir) == ["precious"]


def test_whose_data_it_is_stays_when_a_command_is_typed_elsewhere(tmp_path, monkeypatch):
    data_startup.remember(tmp_path, Memory(app="org.example.other", app_name="Other"))
    assert data_startup.remembered(tmp_path).app == "org.example.other", "typed in another project"
    monkeypatch.delenv("DJDESK_APP")
    monkeypatch.chdir(tmp_path)
    data_startup.remember(tmp_path, data_startup.remembered(tmp_path))
    assert data_startup.remembered(tmp_path).app_name == "Other", "typed outside of any project"
