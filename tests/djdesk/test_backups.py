"""Backups: checked copies, kept and pruned by rule, and restored safely."""

import contextlib
import re
import shutil
import sqlite3
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from djdesk.desktop import backups, database, datadir, held_files
from djdesk.desktop.launch import LaunchFailure


@pytest.fixture
def data(tmp_path):
    """A data folder whose database is in WAL mode and has one row in its WAL."""
    folder = datadir.ensure(tmp_path / "dåta é")
    database.first_contact(folder / "app.sqlite3")
    write(folder, "CREATE TABLE note (text)")
    write(folder, "INSERT INTO note VALUES ('first')")
    return folder


def write(folder, sql):
    with contextlib.closing(sqlite3.connect(folder / "app.sqlite3")) as live, live:
        live.execute(sql)


def notes(path):
    with contextlib.closing(sqlite3.connect(path)) as found:
        return [row[0] for row in found.execute("SELECT text FROM note ORDER BY rowid")]


def test_a_copy_holds_what_is_still_in_the_log(data):
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as open_elsewhere:
        open_elsewhere.execute("INSERT INTO note VALUES ('in the log')")
        open_elsewhere.commit()
        backup = backups.make(data, "manual", "1.0")
    assert notes(backup.path) == ["first", "in the log"]
    assert (backup.reason, backup.version) == ("manual", "1.0")
    assert not backup.path.with_name(backup.name + "-wal").exists()


def test_what_is_written_meanwhile_does_not_spoil_it(data):
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO note VALUES ('not yet')")
        backup = backups.make(data, "manual", "1.0")
        writer.commit()
    assert notes(backup.path) == ["first"]


def test_a_damaged_database_gives_no_backup(data):
    raw = bytearray((data / "app.sqlite3").read_bytes())
    raw[100:] = b"\xaa" * (len(raw) - 100)
    (data / "app.sqlite3").write_bytes(raw)
    with pytest.raises(LaunchFailure) as failure:
        backups.make(data, "manual", "1.0")
    assert failure.value.code == "database_corrupt"
    assert list(backups.folder(data).iterdir()) == []


def test_damage_that_raises_nothing_is_still_damage(data):
    """The quick check reports a row instead of raising, e.g. for an impossible NULL."""
    write(data, "INSERT INTO note VALUES (NULL)")
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as live, live:
        live.execute("PRAGMA writable_schema = ON")
        live.execute("UPDATE sqlite_schema SET sql = 'CREATE TABLE note (text NOT NULL)'")
    for look in [
        lambda: backups.make(data, "manual", "1.0"),
        lambda: database.first_contact(data / "app.sqlite3"),
    ]:
        with pytest.raises(LaunchFailure) as failure:
            look()
        assert failure.value.code == "database_corrupt"
        assert "NULL" in failure.value.detail


def test_too_little_space_is_said_before_anything_is_written(data, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    with pytest.raises(LaunchFailure) as failure:
        backups.make(data, "update", "1.0")
    assert failure.value.code == "disk_full"
    assert "are needed" in failure.value.reason
    assert list(backups.folder(data).iterdir()) == []


def test_what_is_still_in_the_log_needs_space_too(data, monkeypatch):
    usage = namedtuple("usage", "total used free")
    free = backups.RESERVE + (data / "app.sqlite3").stat().st_size + 100_000
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as open_elsewhere:
        open_elsewhere.execute("INSERT INTO note VALUES (hex(randomblob(100000)))")
        open_elsewhere.commit()
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, free))
        with pytest.raises(LaunchFailure, match="not enough space"):
            backups.make(data, "update", "1.0")
        free += 200_000
        backups.make(data, "update", "1.0")


def test_the_latest_five_and_one_of_each_version_are_kept(data):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number, version in enumerate(["1.0", "1.0", "1.1", "2.0", "2.0", "2.0", "2.0", "2.0"]):
        backups.make(data, "update", version, now=now + timedelta(days=number))
    kept = [backup.version for backup in backups.listed(data)]
    assert kept == ["2.0", "2.0", "2.0", "2.0", "2.0", "1.1", "1.0"]


def test_a_clock_that_was_set_back_does_not_cost_the_newest(data):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for days in range(6):
        backups.make(data, "update", "1.0", now=now + timedelta(days=days))
    newest = backups.make(data, "update", "1.0", now=now - timedelta(days=900))
    assert backups.listed(data)[0].name == newest.name


def test_the_thousandth_is_the_newest(data):
    for last in ("998", "1000"):
        backups.make(data, "manual", "1.0")
        path = backups.listed(data)[0].path
        path.rename(path.with_name(re.sub(r"-\d+-", f"-{last}-", path.name)))
    newest = backups.make(data, "manual", "1.0")
    assert [backup.number for backup in backups.listed(data)] == [1001, 1000, 998]
    assert backups.listed(data)[0].name == newest.name


def test_the_size_cap_spares_the_latest(data):
    for _ in range(3):
        backups.make(data, "manual", "1.0")
    latest = backups.listed(data)[0]
    backups.prune(data, cap=1)
    assert [backup.name for backup in backups.listed(data)] == [latest.name]


def test_foreign_files_are_neither_shown_nor_deleted(data):
    mine = backups.folder(data) / "my copy.sqlite3"
    mine.write_bytes(b"precious")
    backups.make(data, "manual", "1.0")
    backups.prune(data, cap=0)
    assert len(backups.listed(data)) == 1
    assert mine.exists()


@pytest.mark.parametrize("name", ["../app.sqlite3", "app.sqlite3", "", "x/../y.sqlite3"])
def test_only_names_of_the_list_are_accepted(data, name):
    with pytest.raises(LookupError):
        backups.delete(data, name)
    assert (data / "app.sqlite3").exists()


def test_putting_back(data):
    backup = backups.make(data, "manual", "1.0")
    write(data, "INSERT INTO note VALUES ('later')")
    backups.put_back(data, backup)
    assert notes(data / "app.sqlite3") == ["first"]


def test_a_damaged_backup_is_not_put_back(data):
    backup = backups.make(data, "manual", "1.0")
    backup.path.write_bytes(b"rubbish" * 1000)
    write(data, "INSERT INTO note VALUES ('later')")
    with pytest.raises(LaunchFailure) as failure:
        backups.put_back(data, backup)
    assert failure.value.code == "database_corrupt"
    assert "another backup" in failure.value.hint
    assert notes(data / "app.sqlite3") == ["first", "later"]


def test_setting_aside_takes_the_log_along_and_overwrites_nothing(data):
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as holder:
        holder.execute("INSERT INTO note VALUES ('in the log')")
        holder.commit()
        log = (data / "app.sqlite3-wal").read_bytes()
    (data / "app.sqlite3-wal").write_bytes(log)  # as after a crash
    now = datetime(2026, 1, 1, tzinfo=UTC)
    first = backups.set_aside(data, "damaged", now=now)
    (data / "app.sqlite3").write_bytes(b"another")
    second = backups.set_aside(data, "damaged", now=now)
    assert first != second
    assert notes(first) == ["first", "in the log"]
    assert second.read_bytes() == b"another"


def held(monkeypatch, name):
    """Windows' error while another program has the file of that name open."""
    original = Path.replace

    def replace(self, target):
        if Path(target).name == name:
            error = PermissionError(13, "Access is denied")
            error.winerror = 5
            raise error
        return original(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(held_files, "TIMEOUT", 0.0)


def test_a_database_that_is_held_keeps_its_log(data, monkeypatch):
    backup = backups.make(data, "manual", "1.0")
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as reader:
        write(data, "INSERT INTO note VALUES ('in the log')")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM note").fetchall()  # prevents a checkpoint meanwhile
        write(data, "INSERT INTO note VALUES ('only there')")
        held(monkeypatch, "app.sqlite3")
        with pytest.raises(LaunchFailure) as failure:
            backups.put_back(data, backup)
        reader.rollback()
    assert failure.value.code == "database_locked"
    assert "Close the program" in failure.value.hint
    assert notes(data / "app.sqlite3") == ["first", "in the log", "only there"]
    assert not list(data.glob("*.old")) and not list(data.glob("*.incoming"))


def test_a_log_of_the_old_file_is_not_replayed_into_the_new_one(data):
    backup = backups.make(data, "manual", "1.0")
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM note").fetchall()
        write(data, "INSERT INTO note VALUES ('only in the log')")
        log = (data / "app.sqlite3-wal").read_bytes()
    (data / "app.sqlite3-wal").write_bytes(log)  # as after a crash
    backups.put_back(data, backup)
    assert notes(data / "app.sqlite3") == ["first"]
    assert not list(data.glob("app.sqlite3-*"))


def test_setting_aside_is_all_or_nothing(data, monkeypatch):
    (data / "app.sqlite3-wal").write_bytes(b"log")
    original = Path.replace

    def replace(self, target):
        if self.name == "app.sqlite3":
            raise PermissionError(13, "held")
        return original(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(PermissionError):
        backups.set_aside(data, "damaged")
    assert (data / "app.sqlite3-wal").read_bytes() == b"log"
