"""Updates of a small app: real processes, a real SQLite file, real kills. Long version, also with
real packages: scripts/bench/updates.py."""

import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.desktop import backups, guardian, guardian_files, guardian_journal, updating
from scripts.bench.updating import kills, stand_in
from scripts.bench.updating.world import World, scratch
from tests.long import LONG

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the small app is a Linux program")

KINDS = pytest.mark.parametrize("kind", ["folder", "appimage"])
LIMIT = 30


@pytest.fixture
def tmp_path():
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        yield Path(folder)


def prepared(world):
    assert [world.begin(), world.stage(), world.rehearse()] == [0, 0, 0], world.said
    return world


@KINDS
def test_a_good_update_keeps_every_row_and_the_version_before(tmp_path, kind):
    world = prepared(World(tmp_path / "w", kind))
    assert world.install() == 0
    world.settle()
    assert (world.state, world.version(), world.problems()) == ("confirmed", "2.0", [])
    assert stand_in.look(world.data) == (2, stand_in.ROWS)
    journal = world.journal()
    assert [entry["state"] for entry in journal["history"]] == [
        *("downloaded", "staged", "rehearsed", "drained", "backed_up"),
        *("swapping", "swapped", "booting", "confirmed"),
    ]
    assert backups.find(world.data, journal["backup"]).version == "1.0"
    assert os.path.exists(journal["previous"])  # noqa: PTH110
    assert not os.path.exists(journal["staged"])  # noqa: PTH110


@KINDS
def test_a_version_that_fails_its_rehearsal_touches_nothing(tmp_path, kind):
    world = World(tmp_path / "w", kind, "rehearsal")
    before = (world.program.read_bytes(), (world.data / "app.sqlite3").read_bytes())
    assert [world.begin(), world.stage(), world.rehearse()] == [0, 0, 3]
    assert world.state == "refused"
    assert "The first page did not load (500)." in world.journal()["reason"]
    assert (world.program.read_bytes(), (world.data / "app.sqlite3").read_bytes()) == before
    assert not list(world.root.glob(".App*"))
    assert world.install() == 2


def test_a_rehearsal_that_takes_too_long_is_ended(tmp_path):
    world = World(tmp_path / "w", "folder", "slow")
    assert [world.begin(), world.stage(), world.rehearse()] == [0, 0, 3]
    assert "took longer than" in world.journal()["reason"]
    world.settle()


@pytest.mark.parametrize("how", ["cancelled", "SIGTERM", "SIGKILL"])
def test_a_rehearsal_ends_with_the_app_or_when_it_is_cancelled(tmp_path, how):
    world = World(tmp_path / "w", "appimage", "slow")
    assert [world.begin(), world.stage()] == [0, 0]
    words = ["rehearse", f"--data-dir={world.data}", "--until-stdin-ends", "--", *world.start]
    process = subprocess.Popen(
        [*world.killer("update"), *words],
        env={**os.environ, "REHEARSAL": "60"},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    world.until((world.data / "updates" / "rehearsal" / "rehearses").exists)
    if how == "cancelled":
        process.stdin.close()
    else:
        process.send_signal(signal.Signals[how])
        process.stdin.close()
    assert process.wait(LIMIT) == (-9 if how == "SIGKILL" else 3)
    world.until(lambda: not world.processes())
    assert world.state == "staged"
    assert (world.data / "updates" / "rehearsal").exists() == (how == "SIGKILL")
    world.open()
    assert (world.state, world.version(), world.problems()) == ("abandoned", "1.0", [])
    assert not list((world.data / "updates").glob("rehearsal*"))


@KINDS
@pytest.mark.parametrize("fault", ["dies", "page", "hangs"])
def test_code_and_data_come_back_together(tmp_path, kind, fault):
    world = prepared(World(tmp_path / "w", kind, fault))
    assert world.install() == 3
    world.settle()
    assert (world.state, world.version()) == ("rolled_back", "1.0")
    assert stand_in.look(world.data) == (1, stand_in.ROWS)
    journal = world.journal()
    assert journal["reason"]
    assert journal["held"] == ["2.0"]
    assert json.loads((world.data / "data.json").read_text()) == {"version": "1.0"}
    # What was written since is kept.
    with sqlite3.connect(backups.find(world.data, journal["kept"]).path) as kept:
        texts = [row[0] for row in kept.execute("SELECT text FROM rows")]
    kept.close()
    assert ("since" in texts) == (fault == "page")
    assert (world.data / "used.log").read_text() == f"v1.0 schema1 rows{stand_in.ROWS}\n"


@pytest.mark.parametrize(("fault", "held"), [("waiting", ["2.0"]), ("hindered", [])])
def test_a_version_that_shows_no_page_is_taken_back_though_it_is_alive(tmp_path, fault, held):
    world = prepared(World(tmp_path / "w", "appimage", fault))
    assert world.install() == 3
    world.settle()
    assert (world.state, world.version(), world.problems()) == ("rolled_back", "1.0", [])
    journal = world.journal()
    assert journal["reason"] == "It did not start working."
    # A full disk or a locked database is not the version's fault: it may work later.
    assert journal["held"] == held


@pytest.mark.parametrize("closes", [True, False])
def test_a_version_that_failed_may_close_and_is_ended_if_it_does_not(tmp_path, closes, monkeypatch):
    if not closes:
        monkeypatch.setattr(guardian, "GRACE", 0.1)
    code = (
        "import pathlib, signal, sys, time\n"
        "def close(*_):\n"
        f"    if not {closes}: return\n"
        "    time.sleep(0.5); pathlib.Path('closed').touch(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, close)\n"
        "print(flush=True)\n"
        "while True: time.sleep(0.1)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stdout=-1) as process:
        assert process.stdout.readline()
        guardian.Transaction.end(SimpleNamespace(), process, process.pid)
        assert process.wait(LIMIT) == (0 if closes else -signal.SIGKILL)
    assert (tmp_path / "closed").exists() == closes


def test_a_process_of_another_user_is_alive(monkeypatch):
    def kill(pid, sign):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "kill", kill)
    assert guardian_files.alive(os.getpid())


def test_a_process_is_alive_where_there_is_no_proc(monkeypatch):
    def read_text(path):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))

    monkeypatch.setattr(Path, "read_text", read_text)
    assert guardian_files.alive(os.getpid())


def test_the_third_start_without_a_confirmation_takes_the_update_back(tmp_path):
    world = prepared(World(tmp_path / "w", "folder"))
    assert world.install() == 0
    world.settle()
    # As if the computer had lost power twice, each time before the confirmation.
    (world.data / "updates" / "confirmed.json").unlink()
    journal = {**world.journal(), "boots": 2, "state": "booting"}
    (world.data / "updates" / "update.json").write_text(json.dumps(journal))
    world.open()
    assert (world.state, world.version()) == ("rolled_back", "1.0")
    assert world.journal()["reason"] == "It was started 2 times and never worked."
    assert stand_in.look(world.data) == (1, stand_in.ROWS)


def test_a_version_that_the_user_closes_early_is_tried_again(tmp_path):
    world = prepared(World(tmp_path / "w", "folder", "quits"))
    assert world.install() == 0
    assert (world.state, world.journal()["boots"]) == ("booting", 0)
    world.open()
    assert (world.state, world.version()) == ("confirmed", "2.0")


def test_a_version_that_confirms_and_quits_between_two_looks_is_confirmed(tmp_path, monkeypatch):
    world = prepared(World(tmp_path / "w", "folder", "quits"))
    assert world.install() == 0
    transaction = guardian.Transaction(world.data)
    assert transaction.state == "booting"

    def alive(pid):
        done = {"id": transaction.journal["id"], "at": 1}
        (transaction.folder / "confirmed.json").write_text(json.dumps(done))
        return False

    monkeypatch.setattr(guardian, "alive", alive)
    assert transaction.watch(None, 0) == 0
    assert world.state == "confirmed"


def test_what_was_exchanged_after_the_check_is_not_installed(tmp_path):
    world = prepared(World(tmp_path / "w", "appimage"))
    staged = world.root / ".App.AppImage.new"
    staged.write_bytes(staged.read_bytes() + b"\n# something else\n")
    assert world.install() == 3
    world.settle()
    assert (world.state, world.version()) == ("abandoned", "1.0")
    assert "changed after it had been checked" in world.journal()["reason"]
    assert (world.data / "used.log").read_text() == f"v1.0 schema1 rows{stand_in.ROWS}\n"


def test_what_could_not_be_written_is_not_so(tmp_path, monkeypatch):
    """As if the data folder became read-only: the next start continues from what is on disk."""
    world = prepared(World(tmp_path / "w", "folder"))
    transaction = guardian.Transaction(world.data)

    def read_only(path, value):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(guardian_journal, "write_json", read_only)
    with pytest.raises(OSError, match="Read-only"):
        transaction.enter("drained")
    assert transaction.state == world.state == "rehearsed"


def test_a_data_folder_that_cannot_be_written_to_is_said(tmp_path, monkeypatch, capfd):
    def read_only(path, timeout=0.0):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(guardian, "locked", read_only)
    (tmp_path / "updates").mkdir()
    assert guardian.main(["install", f"--data-dir={tmp_path}", "--", "app"]) == 1
    told = json.loads(capfd.readouterr().out)
    lock = tmp_path / "updates" / "guardian.lock"
    assert told["reason"] == f"{lock} cannot be written to (Read-only file system)."


def test_a_file_with_another_hash_is_refused(tmp_path):
    world = World(tmp_path / "w", "folder")
    assert world.begin(sha512="x" * 86 + "==") == 3
    assert "is not the one that was announced" in world.journal()["reason"]


def test_an_archive_of_another_app_is_refused(tmp_path):
    world = World(tmp_path / "w", "folder")
    about = world.root / "made" / "app-2.0" / "resources" / "app.json"
    about.write_text(json.dumps({"id": "org.example.other", "version": "2.0"}))
    stand_in.archive(world.root / "made" / "app-2.0", world.artefact)
    assert [world.begin(), world.stage()] == [0, 3]
    assert "org.example.other" in world.journal()["reason"]


def test_nothing_is_replaced_when_the_session_ends(tmp_path):
    world = prepared(World(tmp_path / "w", "folder"))
    shell = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    words = [*world.killer("guardian"), "install", f"--data-dir={world.data}"]
    guardian = subprocess.Popen(
        [*words, f"--shell={shell.pid}", "--", *world.start], stdout=subprocess.PIPE
    )
    assert json.loads(guardian.stdout.readline()) == {"event": "waiting"}
    guardian.send_signal(signal.SIGTERM)
    shell.communicate(b"\n", timeout=LIMIT)
    assert guardian.wait(LIMIT) == 3
    guardian.stdout.close()
    world.settle()
    assert (world.state, world.version()) == ("abandoned", "1.0")
    assert not (world.data / "used.log").exists()  # nor is anything started while a session ends


def test_a_second_guardian_leaves_it_to_the_first(tmp_path):
    world = prepared(World(tmp_path / "w", "folder"))
    shell = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    words = [*world.killer("guardian"), "install", f"--data-dir={world.data}"]
    first = subprocess.Popen(
        [*words, f"--shell={shell.pid}", "--", *world.start], stdout=subprocess.PIPE
    )
    assert json.loads(first.stdout.readline()) == {"event": "waiting"}
    assert world.run("guardian", "resume", "--", *world.start) == 4
    shell.communicate(b"\n", timeout=LIMIT)
    assert first.wait(LIMIT) == 0
    first.stdout.close()
    world.settle()
    assert world.state == "confirmed"


@KINDS
def test_the_user_goes_back(tmp_path, kind):
    world = prepared(World(tmp_path / "w", kind))
    assert world.install() == 0
    world.settle()
    with sqlite3.connect(world.data / "app.sqlite3") as database:
        database.execute("INSERT INTO rows VALUES ('after the update')")
    database.close()
    assert world.run("guardian", "back", "--", *world.start) == 3
    world.settle()
    journal = world.journal()
    assert (world.state, world.version(), journal["asked"]) == ("rolled_back", "1.0", True)
    assert journal["paused"]
    assert stand_in.look(world.data) == (1, stand_in.ROWS)
    assert journal["held"] == [], "the user may want it again"
    with sqlite3.connect(backups.find(world.data, journal["kept"]).path) as kept:
        assert kept.execute("SELECT count(*) FROM rows").fetchone()[0] == stand_in.ROWS + 1
    kept.close()
    assert world.run("guardian", "back", "--", *world.start) == 2


@pytest.mark.parametrize("fault", ["", "page"])
def test_portable_data_stays_in_the_folder_of_the_app(tmp_path, fault, monkeypatch):
    # The guardian runs from the temporary folder, and stays there for the next update.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    world = prepared(World(tmp_path / "w", "folder", fault, portable=True))
    assert world.install() == (3 if fault else 0)
    world.settle()
    assert world.problems() == []
    assert (world.version(), world.state) == (
        ("1.0", "rolled_back") if fault else ("2.0", "confirmed")
    )
    assert (world.target / "portable").exists(), "the next start looks for the data here"
    assert stand_in.look(world.data)[1] == stand_in.ROWS
    assert not list(world.root.glob(".App.*/Small Data"))


@KINDS
def test_an_app_that_was_replaced_while_it_started_makes_room(tmp_path, kind):
    """An AppImage keeps using the file that it was started from."""
    world = prepared(World(tmp_path / "w", kind, "page"))
    new = world.root / "new"
    shutil.copytree(world.root, new, ignore=shutil.ignore_patterns("data"))
    assert world.install() == 3
    world.settle()
    used = world.data / "used.log"
    used.unlink()
    assert world.run("guardian", "resume", "--version=2.0", "--", *world.start) == 0
    assert '"step_aside"' in world.said
    world.settle()
    assert used.read_text() == f"v1.0 schema1 rows{stand_in.ROWS}\n"
    assert world.run("guardian", "resume", "--version=1.0", "--", *world.start) == 0
    assert '"go_on"' in world.said
    # The user installed the new version by hand.
    updating.remove(world.target)
    (new / f".{world.target.name}.new").rename(world.target)
    assert world.run("guardian", "resume", "--version=2.0", "--", *world.start) == 0
    assert '"go_on"' in world.said


def test_the_version_before_makes_room_for_the_one_on_trial(tmp_path):
    world = prepared(World(tmp_path / "w", "appimage", "quits"))
    assert world.install() == 0
    assert world.state == "booting"
    assert (
        world.run("guardian", "resume", "--version=1.0", "--what=it knows", "--", *world.start) == 0
    )
    assert '"step_aside"' in world.said
    world.settle()
    assert (world.state, world.version(), world.problems()) == ("confirmed", "2.0", [])


def test_a_damaged_journal_counts_as_none(tmp_path):
    world = World(tmp_path / "w", "folder")
    (world.data / "updates" / "update.json").write_text('{"format": 1, "state":')
    world.open()
    assert (world.data / "used.log").read_text() == f"v1.0 schema1 rows{stand_in.ROWS}\n"
    assert world.begin() == 0


@LONG
def test_some_kills(tmp_path):
    """One in a hundred of the campaign's kills, always the same ones."""
    chance = random.Random(7)
    outcome = kills.Outcome()
    for kind in kills.KINDS:
        for fault in ("", "page"):
            install = kills.points(kind, fault)["install"]
            first = chance.randrange(install // 2, install)
            kills.run(kind, fault, "install", first, chance.randrange(30), outcome)
    assert outcome.problems == []
    assert outcome.kills == 8
