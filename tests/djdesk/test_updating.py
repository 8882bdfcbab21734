"""Preparing an update: what is refused, and with which messages."""

import argparse
import base64
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import pytest

from djdesk.desktop import guardian, rehearsing, updating
from djdesk.desktop.guardian import Transaction
from djdesk.desktop.guardian_journal import Refused


@pytest.fixture
def transaction(tmp_path):
    (tmp_path / "data" / "updates").mkdir(parents=True)
    (tmp_path / "data" / "logs").mkdir()
    return Transaction(tmp_path / "data")


@pytest.fixture
def given(tmp_path):
    (tmp_path / "App.AppImage").write_text("old")
    artefact = tmp_path / "new.AppImage"
    artefact.write_text("new")
    sha512 = base64.b64encode(hashlib.sha512(b"new").digest()).decode()
    return argparse.Namespace(
        **{"product": "a", "from_": "1", "to": "2", "kind": "appimage", "program": ""},
        **{"target": tmp_path / "App.AppImage", "artefact": artefact, "sha512": sha512},
        **{"size": 3, "unpacked": 0, "start": []},
    )


def test_a_file_that_was_downloaded(transaction, given):
    updating.begin(transaction, given)
    assert Transaction(transaction.data).state == "downloaded"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": "1"}, "This is already version 1."),
        ({"size": 4}, "is not the one that was announced"),
        ({"sha512": "AAAA"}, "is not the one that was announced"),
        ({"artefact": Path("/no/such.AppImage")}, "such.AppImage no longer exists"),
        ({"target": Path("/no/such/App.AppImage")}, "no longer exists"),
        ({"target": Path("/proc/version")}, "cannot be written to"),
        ({"unpacked": 2**60}, "There is not enough space for the update"),
    ],
)
def test_what_is_refused_in_words(transaction, given, change, words):
    if sys.platform != "linux" and "/proc" in str(change):
        pytest.skip("a folder that nobody can write to, of Linux")
    for name, value in change.items():
        setattr(given, name, value)
    with pytest.raises(Refused, match=words):
        updating.begin(transaction, given)


def test_never_twice_into_a_version_that_failed(transaction, given):
    transaction.journal = {"format": 1, "state": "rolled_back", "held": ["2"]}
    with pytest.raises(Refused, match="did not work on this computer"):
        updating.begin(transaction, given)
    given.to = "3"
    updating.begin(transaction, given)
    assert transaction.journal["held"] == ["2"]


def test_room_on_one_disk_is_needed_for_all_of_it(tmp_path, monkeypatch):
    usage = types.SimpleNamespace(free=100)
    monkeypatch.setattr(updating.shutil, "disk_usage", lambda folder: usage)
    updating.check_room((tmp_path, 60), (tmp_path, 40))
    with pytest.raises(Refused):
        updating.check_room((tmp_path, 60), (tmp_path, 41))


@pytest.mark.parametrize(("missing", "refused"), [(0, False), (1, True)])
def test_the_new_version_and_two_copies_of_the_data_must_fit(
    transaction, given, monkeypatch, missing, refused
):
    (transaction.data / "app.sqlite3").write_bytes(b"x" * 1000)
    (transaction.data / "app.sqlite3-wal").write_bytes(b"x" * 24)
    # A backup and the copy for the rehearsal; here all of it lies on one disk.
    needed = given.size + 2 * 1024 + updating.ROOM
    usage = types.SimpleNamespace(free=needed - missing)
    monkeypatch.setattr(updating.shutil, "disk_usage", lambda folder: usage)
    if refused:
        with pytest.raises(Refused, match="There is not enough space"):
            updating.begin(transaction, given)
    else:
        updating.begin(transaction, given)


def test_a_command_that_does_not_fit_the_state_does_nothing(transaction):
    assert updating.main(["rehearse", f"--data-dir={transaction.data}"]) == 2
    assert updating.main(["stage", f"--data-dir={transaction.data}"]) == 2
    assert not (transaction.folder / "update.json").exists()
    newer = '{"format": 2, "state": "confirmed"}'
    (transaction.folder / "update.json").write_text(newer)
    assert updating.main(["begin", f"--data-dir={transaction.data}", "--to=2"]) == 2
    assert (transaction.folder / "update.json").read_text() == newer


def test_an_update_that_is_dropped_leaves_nothing(transaction, given):
    updating.begin(transaction, given)
    updating.stage(transaction, given)
    assert transaction.kind.new.read_text() == "new"
    message = {"id": "You have skipped version {version}.", "params": {"version": "2.0"}}
    words = [f"--data-dir={transaction.data}", "--reason=You have skipped version 2.0."]
    assert updating.main(["drop", *words, f"--messages={json.dumps({'reason': message})}"]) == 0
    assert not transaction.kind.new.exists()
    journal = Transaction(transaction.data).journal
    assert (journal["reason"], journal["guardian"]) == ("You have skipped version 2.0.", [])
    assert journal["reason"].params == {"version": "2.0"}
    assert not (transaction.folder / "guardian").exists()
    assert updating.main(["guard", f"--data-dir={transaction.data}"]) == 0
    assert Path(Transaction(transaction.data).journal["guardian"][-1]).exists()


def test_the_guardian_runs_from_where_programs_may_run(transaction, given, monkeypatch):
    updating.begin(transaction, given)
    command = updating.put_guardian(transaction)
    assert Path(command[-1]).parent == transaction.folder / "guardian"
    # Not in a data folder that moves with the app.
    transaction.journal["target"] = str(transaction.data.parent)
    monkeypatch.setattr(updating, "copy_of_interpreter", lambda *where: Path(sys.executable))
    elsewhere = updating.put_guardian(transaction)
    assert not Path(elsewhere[-1]).is_relative_to(transaction.data)
    assert subprocess.run([*elsewhere, "probe", "--data-dir=/"]).returncode == 0
    transaction.note(guardian=elsewhere)
    updating.begin(transaction, given)
    assert not Path(elsewhere[-1]).parents[1].exists(), "the next update removes it"
    refused = types.SimpleNamespace(returncode=126)
    monkeypatch.setattr(updating.subprocess, "run", lambda *words, **how: refused)
    monkeypatch.setattr(tempfile, "tempdir", str(transaction.data))
    with pytest.raises(Refused, match="Programs cannot be run"):
        updating.put_guardian(transaction)
    assert not list(transaction.data.glob("update-*")), "nothing is left there"


def test_a_rehearsal_gets_a_copy_without_what_waits_to_be_done(tmp_path):
    data, copy = tmp_path / "data", tmp_path / "copy"
    for folder in (data, copy, data / "media"):
        folder.mkdir()
    (data / "secret.key").write_text("key")
    (data / "media" / "a.txt").write_text("a")
    with sqlite3.connect(data / "app.sqlite3") as database:
        database.execute("CREATE TABLE django_tasks_database_dbtaskresult (status)")
        tasks = [("READY",), ("RUNNING",), ("SUCCESSFUL",)]
        database.executemany("INSERT INTO django_tasks_database_dbtaskresult VALUES (?)", tasks)
        database.execute("PRAGMA user_version=7")
    database.close()
    before = (data / "app.sqlite3").read_bytes()
    rehearsing.copy_data(data, copy)
    with sqlite3.connect(copy / "app.sqlite3") as database:
        left = database.execute("SELECT status FROM django_tasks_database_dbtaskresult").fetchall()
        assert database.execute("PRAGMA user_version").fetchone() == (7,)
    database.close()
    assert left == [("SUCCESSFUL",)]
    assert (copy / "media" / "a.txt").read_text() == "a"
    assert (copy / "secret.key").read_text() == "key"
    assert (data / "app.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["log", json.dumps({"event": "failed", "reason": "No page."}), "more"], "No page."),
        (["Illegal instruction"], "Illegal instruction"),
        ([], "It ended with exit code 9."),
    ],
)
def test_why_a_rehearsal_failed(lines, words):
    assert rehearsing.last_words(lines, 9) == words


def test_a_migration_has_more_time_than_a_rehearsal(tmp_path, monkeypatch):
    output = tmp_path / "out"
    monkeypatch.setattr(rehearsing, "STEP", 1.0)

    def ends(*stages):
        """The result for a program that spends that many seconds in each of these stages."""
        rest = [name for name, seconds in stages for _ in range(round(seconds / rehearsing.STEP))]
        output.write_bytes(b"")

        def sleep(seconds):
            said = json.dumps({"event": "stage", "name": rest.pop(0)}, separators=(",", ":"))
            with output.open("a") as out:
                out.write(f"{said}\nother words\n")

        monkeypatch.setattr(rehearsing.time, "sleep", sleep)
        process = types.SimpleNamespace(poll=lambda: None if rest else 0)
        return rehearsing.wait_for(process, output)

    assert ends(("settings", 30), ("migrate", 600), ("health", 60)) == 0
    assert ends(("settings", 30), ("migrate", 60), ("health", 100)) is None
    assert ends(("migrate", 1000)) is None


def test_the_version_before_goes_after_a_week(transaction, tmp_path):
    previous = tmp_path / ".App.AppImage.previous"
    previous.write_text("old")
    journal = {"format": 1, "id": "a" * 16, "state": "confirmed", "previous": str(previous)}
    journal |= {"kind": "appimage", "target": str(tmp_path / "App.AppImage"), "artefact": {}}
    for at, stays in ((guardian.time.time(), True), (1.0, False)):
        transaction.journal = {**journal, "history": [{"state": "confirmed", "at": at}]}
        assert transaction.resume(0, []) == 0
        assert previous.exists() is stays
    assert transaction.journal["previous"] == ""
