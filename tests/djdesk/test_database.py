"""First contact with the database file: problems are reported in words."""

import contextlib
import errno
import sqlite3
import stat
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from django.db import connection
from django.db.utils import OperationalError

from djdesk.app import load
from djdesk.desktop import database, datadir
from djdesk.desktop.launch import LaunchFailure
from tests.environment import PARITY


def failure(action, *args):
    with pytest.raises(LaunchFailure) as caught:
        action(*args)
    assert caught.value.hint.endswith((".", "lost.", "changed."))
    return caught.value


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "app.sqlite3"
    path.write_bytes(b"this is a letter, not a database\n" * 200)
    assert failure(database.first_contact, path).code == "database_corrupt"
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_damaged_page_in_the_middle_is_found(tmp_path):
    path = tmp_path / "app.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE t (a TEXT)")
        made.execute("CREATE INDEX i ON t (a)")
        made.executemany("INSERT INTO t VALUES (?)", [(f"{n:06}" * 50,) for n in range(400)])
    raw = bytearray(path.read_bytes())
    raw[40 * 4096 : 44 * 4096] = b"\xaa" * 4 * 4096
    path.write_bytes(raw)
    assert failure(database.first_contact, path).code == "database_corrupt"


def test_a_locked_database_names_the_cause(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
    path = tmp_path / "app.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE t (a)")
        other.execute("BEGIN EXCLUSIVE")
        assert failure(database.first_contact, path).code == "database_locked"


def test_the_program_that_locks_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
    path = tmp_path / "app.sqlite3"
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('PRAGMA journal_mode=WAL'); c.execute('CREATE TABLE t (a)');"
        "c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline().strip() == b"locked"
        found = failure(database.first_contact, path)
        other.kill()
    assert found.code == "database_locked"
    assert f"(pid {other.pid})" in found.reason


def test_a_folder_in_the_place_of_the_file(tmp_path):
    (tmp_path / "app.sqlite3").mkdir()
    assert failure(database.first_contact, tmp_path / "app.sqlite3").code == "data_dir_unwritable"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EROFS, "data_dir_unwritable"),
        (errno.EACCES, "data_dir_unwritable"),
    ],
)
def test_errors_of_the_file_system_are_told_apart(tmp_path, number, code):
    found = datadir.os_failure(OSError(number, "what the system says"), tmp_path)
    assert found.code == code
    assert str(tmp_path) in found.reason


@pytest.mark.parametrize(("mac", "name"), [(False, "two-apps"), (True, "Two Apps")])
def test_the_folder_has_the_name_that_its_system_expects(monkeypatch, mac, name):
    if sys.platform == "win32":
        name = "Two Apps"
    monkeypatch.setattr(datadir, "_is_mac", lambda: mac)
    app = replace(load(PARITY), name="Two Apps", slug="two-apps")
    assert datadir.default(app).name == name


def test_a_full_disk_is_recognised_from_sqlite(tmp_path):
    path = tmp_path / "full.sqlite3"
    with contextlib.closing(sqlite3.connect(path)) as small:
        small.execute("PRAGMA max_page_count=2")
        with pytest.raises(sqlite3.OperationalError) as caught:
            for n in range(50):
                small.execute(f"CREATE TABLE t{n} (a)")
    wrapped = OperationalError("wrapped by Django")
    wrapped.__cause__ = caught.value
    assert database.sqlite_failure(wrapped, path).code == "disk_full"


def test_a_data_folder_under_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    assert failure(datadir.ensure, tmp_path / "file" / "data").code == "data_dir_unwritable"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_only_this_user_can_read_what_is_made(tmp_path):
    folder = datadir.ensure(tmp_path / "dåta folder é")
    datadir.secret_key(folder)
    database.first_contact(folder / "app.sqlite3")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "app.sqlite3").stat().st_mode) == 0o600


def test_a_secret_key_is_made_once_for_each_install(tmp_path):
    one, two = datadir.ensure(tmp_path / "one"), datadir.ensure(tmp_path / "two")
    assert datadir.secret_key(one) == datadir.secret_key(one) != datadir.secret_key(two)


def test_a_key_file_left_empty_by_a_crash_is_made_anew(tmp_path):
    folder = datadir.ensure(tmp_path)
    (folder / "secret.key").touch()
    begun = time.monotonic()
    assert len(datadir.secret_key(folder)) >= 50
    assert time.monotonic() - begun < 20, "a start does not wait long for one that crashed"


@pytest.mark.django_db
def test_django_gets_the_pragmas():
    with connection.cursor() as cursor:

        def pragma(name):
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 1
        assert pragma("busy_timeout") == 10_000
        assert pragma("foreign_keys") == 1
    assert connection.transaction_mode == "IMMEDIATE"
