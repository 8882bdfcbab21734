"""``djdesk data``, ``doctor`` and ``diagnostics`` work when the app does not."""

import contextlib
import json
import sqlite3
import zipfile

import pytest
from django.conf import LazySettings

from djdesk.cli import main
from djdesk.desktop import backups, database, datadir
from djdesk.desktop.lock import FileLock
from tests.environment import PARITY


@pytest.fixture
def data(tmp_path):
    folder = datadir.ensure(tmp_path / "data é")
    database.first_contact(folder / "app.sqlite3")
    execute(folder, "CREATE TABLE note (text)")
    execute(folder, "INSERT INTO note VALUES ('first')")
    return folder


def execute(folder, sql):
    with contextlib.closing(sqlite3.connect(folder / "app.sqlite3")) as live, live:
        return live.execute(sql).fetchall()


def djdesk(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_folder_that_is_not_there_is_named_and_not_made(capsys, tmp_path):
    code, _, said = djdesk(capsys, "data", "list", "--data-dir", tmp_path / "none")
    assert code == 1
    assert str(tmp_path / "none") in said
    assert not (tmp_path / "none").exists()


def test_a_backup_that_is_not_there(capsys, data):
    code, _, said = djdesk(capsys, "data", "restore", "../x", "--data-dir", data)
    assert code == 3
    assert "djdesk data list" in said


def test_no_restore_while_the_app_runs(capsys, data):
    backup = backups.make(data, "manual", "1.0")
    running = FileLock(data / "server.lock")
    assert running.acquire()
    code, _, said = djdesk(capsys, "data", "restore", backup.name, "--data-dir", data)
    running.release()
    assert code == 1
    assert "Close it" in said


def test_the_shell_gets_a_failure_as_messages(capsys, data, monkeypatch):
    monkeypatch.setenv("DJDESK_ERRORS", "json")
    backup = backups.make(data, "manual", "1.0")
    running = FileLock(data / "server.lock")
    assert running.acquire()
    code, _, said = djdesk(capsys, "data", "restore", backup.name, "--data-dir", data)
    running.release()
    event = json.loads(said.splitlines()[-1])
    assert code == 1 and event["reason"] == "The app is running with this data."
    assert event["messages"]["reason"] == {"id": event["reason"], "params": {}}
    assert event["messages"]["hint"]["id"] == event["hint"]
    # Foreign text is plain text.
    _, _, said = djdesk(capsys, "data", "restore", "../x", "--data-dir", data)
    assert "messages" not in json.loads(said.splitlines()[-1])


def test_backup_list_restore_delete(capsys, data):
    code, out, _ = djdesk(capsys, "data", "backup", "--data-dir", data, "--format", "json")
    assert code == 0
    name = json.loads(out)["name"]
    execute(data, "INSERT INTO note VALUES ('later')")
    code, out, _ = djdesk(capsys, "data", "restore", name, "--data-dir", data, "--format", "json")
    assert code == 0
    assert execute(data, "SELECT text FROM note") == [("first",)]
    assert json.loads(out)["kept"]
    _, out, _ = djdesk(capsys, "data", "list", "--data-dir", data, "--format", "json")
    assert [row["reason"] for row in json.loads(out)] == ["restore", "manual"]
    assert djdesk(capsys, "data", "delete", name, "--data-dir", data)[0] == 0
    assert len(backups.listed(data)) == 1


def test_the_list_of_backups_is_read_by_people_too(capsys, data):
    code, out, _ = djdesk(capsys, "data", "list", "--data-dir", data)
    assert (code, out.strip()) == (0, "There are no backups yet.")
    backup = backups.make(data, "manual", "1.0")
    code, out, _ = djdesk(capsys, "data", "list", "--data-dir", data)
    assert code == 0 and backup.name in out and out.rstrip().endswith("version 1.0, manual")


def test_check_finds_a_damaged_backup(capsys, data):
    backup = backups.make(data, "manual", "1.0")
    assert djdesk(capsys, "data", "check", "--data-dir", data)[0] == 0
    backup.path.write_bytes(b"rubbish" * 1000)
    code, out, _ = djdesk(capsys, "data", "check", "--data-dir", data)
    assert code == 1
    assert f"{backup.name}: file is not a database" in out


def test_the_doctor_is_content_with_a_sound_installation(capsys, data):
    code, out, _ = djdesk(capsys, "doctor", "--data-dir", data)
    assert code == 0
    assert "ERROR" not in out


def test_the_doctor_names_damage_and_what_to_do(capsys, data):
    (data / "app.sqlite3").write_bytes(b"rubbish" * 1000)
    code, out, _ = djdesk(capsys, "doctor", "--data-dir", data, "--format", "json")
    assert code == 1
    (error,) = [finding for finding in json.loads(out) if finding["verdict"] == "error"]
    assert error["topic"] == "database"
    assert "djdesk data restore" in error["advice"]


def test_the_doctor_changes_nothing(capsys, tmp_path):
    assert djdesk(capsys, "doctor", "--data-dir", tmp_path / "none")[0] == 0
    assert not (tmp_path / "none").exists()


def test_diagnostics_hold_no_secret_and_no_home(capsys, data, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    key = datadir.secret_key(data)
    (data / "logs" / "server.log").write_text(
        f"token={'ab' * 32}\n{tmp_path}/code/x.py\npostgres://ada:hunter2@db/x\n{'cd' * 32}\n"
        "GET /desktop/enter/?code=Zm9vYmFy HTTP/1.1\nC:\\Users\\ada\\x /home/grace/y\n"
    )
    target = tmp_path / "out.zip"
    code, _, _ = djdesk(capsys, "diagnostics", "--data-dir", data, "--output", target)
    assert code == 0
    with zipfile.ZipFile(target) as archive:
        text = "\n".join(archive.read(name).decode() for name in archive.namelist())
        assert "logs/server.log" in archive.namelist()
    for secret in ("abab", "cdcd", "hunter2", "Zm9vYmFy", key, str(tmp_path), "grace"):
        assert secret not in text
    assert "~/code/x.py" in text
    assert "first" not in text, "contents of the database stay at home"


def test_diagnostics_of_a_broken_installation_still_come(capsys, data, tmp_path):
    (data / "app.sqlite3").write_bytes(b"rubbish" * 1000)
    (data / "data.json").write_text("{")
    target = tmp_path / "out.zip"
    assert djdesk(capsys, "diagnostics", "--data-dir", data, "--output", target)[0] == 0
    with zipfile.ZipFile(target) as archive:
        assert "not a database" in archive.read("doctor.json").decode()


def test_diagnostics_are_written_when_django_cannot_start(capsys, data, tmp_path, monkeypatch):
    monkeypatch.setattr("django.conf.settings", LazySettings())
    target = tmp_path / "out.zip"
    assert djdesk(capsys, "diagnostics", "--data-dir", data, "--output", target)[0] == 0
    with zipfile.ZipFile(target) as archive:
        assert "Django was not running" in archive.read("settings.txt").decode()


def test_an_output_that_cannot_be_written(capsys, data, tmp_path):
    target = tmp_path / "no" / "such" / "folder.zip"
    code, _, said = djdesk(capsys, "diagnostics", "--data-dir", data, "--output", target)
    assert code == 1
    assert "--output" in said


@pytest.mark.parametrize(
    "command", [["data", "list"], ["data", "backup"], ["diagnostics"], ["doctor"], ["manage"]]
)
def test_the_data_of_another_app_are_refused_with_both_names(
    capsys, data, tmp_path, monkeypatch, command
):
    (data / "data.json").write_text('{"app": "org.example.other", "app_name": "Other"}')
    monkeypatch.chdir(PARITY)
    before = sorted(path.name for path in data.iterdir())
    code, out, said = djdesk(capsys, *command, "--data-dir", data)
    assert code == 1 and not out
    assert "belongs to Other, not to Parity" in said
    assert "--data-dir" in said
    assert sorted(path.name for path in data.iterdir()) == before
    assert not list(PARITY.glob("*-diagnostics-*.zip"))
