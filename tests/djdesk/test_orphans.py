"""The server's handling of tasks left by a dead worker."""

from __future__ import annotations

import threading
import time

import pytest
from django_tasks_db.models import DBTaskResult

from djdesk.desktop import live, notices, orphans
from djdesk.desktop.lock import FileLock, is_held
from djdesk.desktop.obstacles import Board, Wait

LIMIT = 30  # seconds


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watcher(tmp_path, monkeypatch):
    monkeypatch.setattr(orphans, "LOOK", 0.01)
    watcher = orphans.OrphanWatcher(tmp_path)
    yield watcher
    watcher.stop()
    watcher.join(LIMIT)


def test_it_looks_again_and_again_also_after_a_failure(watcher, tmp_path, monkeypatch):
    looks = []
    enough = threading.Event()

    def look(reason):
        looks.append(is_held(tmp_path / "worker.lock"))
        if len(looks) == 1:
            raise OSError("the database is locked")
        if len(looks) == 5:
            enough.set()

    monkeypatch.setattr(orphans, "end_orphaned_tasks", look)
    watcher.start()
    assert enough.wait(LIMIT)
    assert all(looks), "a worker that starts meanwhile has to wait"


def test_the_next_worker_has_its_turn_first(watcher, monkeypatch):
    there = iter([False, True, False, False])
    asked = []
    looked = threading.Event()

    def is_held(path):
        asked.append(path)
        return next(there, False)

    def look(reason):
        if not looked.is_set():
            asked.append("looked")
        looked.set()

    monkeypatch.setattr(orphans, "is_held", is_held)
    monkeypatch.setattr(orphans, "end_orphaned_tasks", look)
    watcher.start()
    assert looked.wait(LIMIT)
    # Absent once, back, absent twice: only then is the worker not being replaced.
    assert asked.index("looked") == 4


def test_nothing_is_taken_from_a_worker_that_is_there(watcher, tmp_path, monkeypatch):
    looked, seen = threading.Event(), threading.Event()
    monkeypatch.setattr(orphans, "end_orphaned_tasks", lambda reason: looked.set())
    monkeypatch.setattr(live.watcher, "wake", seen.set)
    lock = FileLock(tmp_path / "worker.lock")
    assert lock.acquire()
    watcher.start()
    assert seen.wait(LIMIT)
    assert not looked.is_set()
    lock.release()
    assert looked.wait(LIMIT)


def test_what_the_worker_waits_for_is_a_notice_while_it_lasts(watcher, tmp_path):
    lock = FileLock(tmp_path / "worker.lock")
    assert lock.acquire()
    (tmp_path / "run").mkdir()
    board = Board(tmp_path)
    board.write(Wait("locked", "a database browser (pid 7)", 1e9))
    watcher.start()

    def told():
        return [notice.text for notice in notices.current() if notice.key == "waiting"]

    deadline = time.monotonic() + LIMIT
    while not told():
        assert time.monotonic() < deadline
    assert "locked by a database browser (pid 7)" in told()[0]
    board.write(None)
    while told():
        assert time.monotonic() < deadline
    # A dead worker waits for nothing.
    board.write(Wait("full", "", 1e9))
    while not told():
        assert time.monotonic() < deadline
    lock.release()
    while told():
        assert time.monotonic() < deadline


def running(*takers):
    return DBTaskResult.objects.create(
        status="RUNNING", queue_name="default", args_kwargs={"args": ["x", "y"], "kwargs": {}},
        task_path="tests.djdesk.taskapp.tasks.write", backend_name="default",
        run_after="2020-01-01T00:00:00Z", worker_ids=list(takers),
    )  # fmt: skip


def test_only_the_tasks_of_the_dead_end_where_several_workers_are():
    lost, kept = running("living", "dead"), running("dead", "living")
    assert orphans.end_orphaned_tasks("It died.", gone="dead".__eq__) == 1
    lost.refresh_from_db(), kept.refresh_from_db()
    assert (lost.status, kept.status) == ("FAILED", "RUNNING")
    assert "It died." in lost.traceback


def test_only_the_tasks_that_the_lane_took_last_end():
    taken, other = running("w-1", "w-2"), running("w-2", "w-1")
    assert orphans.end_orphaned_tasks("It ended.", "w-2") == 1
    taken.refresh_from_db(), other.refresh_from_db()
    assert (taken.status, other.status) == ("FAILED", "RUNNING")
