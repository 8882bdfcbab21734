"""The real worker waits out and reports locks and full disks, but not faults."""

import contextlib
import errno
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from django.db import OperationalError

from djdesk.desktop import tasks
from djdesk.desktop.holders import lock_holders
from djdesk.desktop.obstacles import Board, Wait, Waits, obstacle
from tests.long import LONG

from .children import Child
from .test_worker_process import SETTINGS, data_dir, enqueue, status, wait_for, work  # noqa: F401


@contextlib.contextmanager
def locked(data_dir):  # noqa: F811
    """This process holds the write lock, as a database browser would."""
    with contextlib.closing(
        sqlite3.connect(data_dir / "app.sqlite3", timeout=30, isolation_level=None)
    ) as database:
        database.execute("BEGIN IMMEDIATE")
        yield database
        if database.in_transaction:
            database.execute("ROLLBACK")


def ended(data_dir, key):  # noqa: F811
    return status(data_dir, key)[0] == "SUCCESSFUL"


@LONG
def test_a_foreign_lock_ends_no_task_and_its_holder_is_named(data_dir, tmp_path):  # noqa: F811
    free, waiting = tmp_path / "free", tmp_path / "waiting"
    keys = [enqueue(data_dir, "until_told", str(free))]
    keys.append(enqueue(data_dir, "long_transaction", str(waiting), queue="commands"))
    (tmp_path / "waiting.go").touch()
    with work(data_dir) as worker:
        wait_for(free.exists)
        wait_for(lambda: ended(data_dir, keys[1]))
        with locked(data_dir):
            (tmp_path / "free.go").touch()
            event = worker.until("waiting")
            assert event["why"] == "locked"
            if sys.platform == "linux":
                assert f"(pid {os.getpid()})" in event["reason"]
            assert Board(data_dir).read().by in event["reason"]
            assert status(data_dir, keys[0])[0] == "RUNNING"
        worker.until("resumed")
        wait_for(lambda: ended(data_dir, keys[0]))
        assert Board(data_dir).read() is None
        assert worker.end_of_stdin() == 0


@LONG
def test_a_long_transaction_of_a_task_ends_no_other(data_dir, tmp_path):  # noqa: F811
    long, short = tmp_path / "long", tmp_path / "short"
    key = enqueue(data_dir, "long_transaction", str(long), queue="commands")
    other = enqueue(data_dir, "until_told", str(short))
    with work(data_dir) as worker:
        wait_for(long.exists)
        # Whether it was taken before or after the lock came: it waits and does not fail.
        (tmp_path / "short.go").touch()
        assert "a background task of this app" in worker.until("waiting")["reason"]
        assert status(data_dir, key)[0] == "RUNNING"
        (tmp_path / "long.go").touch()
        wait_for(lambda: ended(data_dir, key) and ended(data_dir, other))
        assert worker.end_of_stdin() == 0


@pytest.fixture
def end(data_dir, settings):  # noqa: F811
    """Ask a task to end, as the server does."""
    settings.DATA_DIR = data_dir
    return tasks.ask_to_end


def test_a_task_that_waits_for_a_lock_can_be_ended(data_dir, tmp_path, end):  # noqa: F811
    mark, other = tmp_path / "mark", tmp_path / "other"
    key = enqueue(data_dir, "told_to_end", str(mark))
    stays = enqueue(data_dir, "told_to_end", str(other), queue="commands")
    with work(data_dir) as worker:
        wait_for(lambda: mark.exists() and other.exists())
        with locked(data_dir):
            (tmp_path / "mark.go").touch()
            (tmp_path / "other.go").touch()
            worker.until("waiting")
            end(key)
            wait_for((tmp_path / "mark.ended").exists)
            assert status(data_dir, key)[0] == "RUNNING", "that it ended cannot be written yet"
        wait_for(lambda: status(data_dir, key)[0] == "FAILED")
        assert "asked to end while it waited" in status(data_dir, key)[1]
        wait_for(lambda: ended(data_dir, stays))
        assert not (tmp_path / "other.ended").exists()
        wait_for(lambda: not list((data_dir / "run/ending").iterdir()))
        assert worker.end_of_stdin() == 0


def test_a_task_that_looks_hears_that_it_is_to_end(data_dir, tmp_path, end):  # noqa: F811
    mark = tmp_path / "mark"
    key = enqueue(data_dir, "until_asked_to_end", str(mark))
    gone = enqueue(data_dir, "write", str(tmp_path / "gone"), status="FAILED")
    end(gone)
    with work(data_dir) as worker:
        wait_for(mark.exists)
        assert not list((data_dir / "run/ending").iterdir()), "that one was over"
        end(key)
        wait_for(lambda: ended(data_dir, key))
        assert worker.end_of_stdin() == 0
    with pytest.raises(ValueError, match="badly formed"):
        end("../../secret.key")


@LONG
def test_a_worker_starts_under_a_lock(data_dir):  # noqa: F811
    key = enqueue(data_dir, "write", "x", status="RUNNING")
    with locked(data_dir), work(data_dir) as worker:
        worker.until("waiting")
        assert worker.end_of_stdin() == 0, "and ends under it when it is told to"
    with work(data_dir) as worker:
        worker.until("ready")
        assert "stopped unexpectedly" in status(data_dir, key)[1]
        assert worker.end_of_stdin() == 0


def test_a_server_that_starts_under_a_lock_waits_for_it_and_says_so(data_dir):  # noqa: F811
    with locked(data_dir) as held, Child("serve", data_dir, settings=SETTINGS) as server:
        while "locked" not in (stage := server.until("stage")).get("detail", ""):
            assert stage["name"] != "migrate"
        assert stage["name"] == "database"
        if sys.platform == "linux":
            assert f"(pid {os.getpid()})" in stage["detail"]
        held.execute("ROLLBACK")
        server.until("listening")
        assert server.end_of_stdin() == 0


@pytest.fixture
def small_disk(tmp_path, data_dir):  # noqa: F811
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode:
        pytest.skip("this machine does not let tests mount")
    try:
        yield shutil.copytree(data_dir, disk / "data")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(folder):
    ballast = folder.parent / "ballast"
    with pytest.raises(OSError, match="No space"), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    return ballast


@LONG
def test_a_full_disk_ends_no_task(small_disk, tmp_path):
    free, writer = tmp_path / "free", tmp_path / "writer"
    keys = [
        enqueue(small_disk, "until_told", str(free), queue="commands"),
        enqueue(small_disk, "write_to_the_database", str(writer)),
    ]
    with work(small_disk) as worker:
        wait_for(lambda: free.exists() and writer.exists())
        ballast = fill(small_disk)
        (tmp_path / "writer.go").touch()
        event = worker.until("waiting")
        assert event["why"] == "full" and "disk" in event["reason"]
        assert Board(small_disk).read().kind == "full"
        (tmp_path / "free.go").touch()
        worker.until("waiting")  # still waiting, and reported again
        assert [status(small_disk, key)[0] for key in keys] == ["RUNNING", "RUNNING"]
        ballast.unlink()
        wait_for(lambda: all(ended(small_disk, key) for key in keys))
        assert worker.end_of_stdin() == 0


def test_a_lane_that_fails_ends_alone_and_comes_back(data_dir, tmp_path):  # noqa: F811
    long = tmp_path / "long"
    key = enqueue(data_dir, "until_told", str(long))
    other = enqueue(data_dir, "long_transaction", str(tmp_path / "x"), queue="commands")
    (tmp_path / "x.go").touch()
    with Child("worker", data_dir, settings="tests.djdesk.failing_lane") as worker:
        event = worker.until("lane_failed")
        assert (event["lane"], event["reason"]) == (2, "RuntimeError: out of order")
        worker.until("lane_failed")
        wait_for(lambda: ended(data_dir, other))
        wait_for(long.exists)
        (tmp_path / "long.go").touch()
        wait_for(lambda: ended(data_dir, key))
        assert worker.end_of_stdin() == 0


def sqlite_error(code):
    error = sqlite3.OperationalError("words do not count")
    error.sqlite_errorcode = code
    return error


def behind(error):
    try:
        raise OperationalError("wrapped") from error
    except OperationalError as wrapped:
        return wrapped


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), "locked"),
        (behind(sqlite_error(sqlite3.SQLITE_LOCKED)), "locked"),
        (behind(behind(sqlite_error(sqlite3.SQLITE_FULL))), "full"),
        (OSError(errno.ENOSPC, "full"), "full"),
        (behind(sqlite_error(sqlite3.SQLITE_CORRUPT)), None),
        (sqlite_error(sqlite3.SQLITE_IOERR), None),
        (OperationalError("database is locked"), None),
        (OSError(errno.EACCES, "no"), None),
        (None, None),
    ],
)
def test_what_counts_as_an_obstacle(error, kind, tmp_path):
    assert obstacle(error, tmp_path) == kind


def test_other_errors_and_those_within_a_transaction_are_raised(tmp_path):
    waits = Waits(tmp_path / "none", pytest.fail)

    def fail(error):
        raise error

    with pytest.raises(ZeroDivisionError):
        waits.until_clear(fail, ZeroDivisionError())

    class Connection:
        in_atomic_block = True

    def execute(sql, params, many, context):
        raise sqlite_error(sqlite3.SQLITE_BUSY)

    with pytest.raises(sqlite3.OperationalError):
        waits(execute, "UPDATE", (), False, {"connection": Connection})


def test_a_board_that_is_damaged_says_nothing(tmp_path):
    (tmp_path / "run").mkdir()
    board = Board(tmp_path)
    for text in ("", "{}", '{"kind": "locked", "by": "x", "since": "never"}', "\x00" * 9):
        (tmp_path / "run" / "waiting").write_text(text)
        assert board.read() is None
    wait = Wait("locked", "sqlite3 (pid 7)", 1e9)
    board.write(wait)
    assert board.read() == wait
    board.write(None)
    assert board.read() is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who holds a lock")
def test_who_holds_the_lock_not_who_has_the_file_open(data_dir):  # noqa: F811
    with contextlib.closing(sqlite3.connect(data_dir / "app.sqlite3")) as reader:
        reader.execute("SELECT * FROM django_migrations").fetchone()
        assert lock_holders(data_dir / "app.sqlite3") == []
    with locked(data_dir):
        assert lock_holders(data_dir / "app.sqlite3") == [
            name for name in lock_holders(data_dir / "app.sqlite3") if f"pid {os.getpid()}" in name
        ]
        assert lock_holders(data_dir / "app.sqlite3")
