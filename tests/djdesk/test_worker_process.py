"""The real worker process: it takes tasks at once, one at a time, and leaves none behind."""

import json
import sqlite3
import time
import uuid

import pytest

from tests.long import LONG

from .children import LIMIT, Child

SETTINGS = "tests.djdesk.child_settings"
FAR = "9999-01-01 00:00:00"


@pytest.fixture
def data_dir(tmp_path):
    """A data folder whose database a server has created."""
    folder = tmp_path / "data"
    with Child("serve", folder, settings=SETTINGS) as server:
        server.until("listening")
        assert server.end_of_stdin() == 0
    return folder


def execute(data_dir, sql, *values):
    database = sqlite3.connect(data_dir / "app.sqlite3", timeout=LIMIT)
    try:
        with database:
            return database.execute(sql, values).fetchall()
    finally:
        database.close()


def enqueue(data_dir, name, *args, status="READY", queue="default", taken=(), module="tasks"):
    key = uuid.uuid4().hex
    execute(
        data_dir,
        "INSERT INTO django_tasks_database_dbtaskresult (id, status, args_kwargs, priority,"
        " task_path, queue_name, backend_name, run_after, enqueued_at, worker_ids,"
        " exception_class_path, traceback)"
        " VALUES (?, ?, ?, 0, ?, ?, 'default', ?, '2026-01-01', ?, '', '')",
        key,
        status,
        json.dumps({"args": args, "kwargs": {}}),
        f"tests.djdesk.taskapp.{module}.{name}",
        queue,
        FAR,
        json.dumps(list(taken)),
    )
    return key


def status(data_dir, key):
    return execute(
        data_dir,
        "SELECT status, traceback FROM django_tasks_database_dbtaskresult WHERE id = ?",
        key,
    )[0]


def wait_for(condition):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def work(data_dir):
    return Child("worker", data_dir, settings=SETTINGS)


def test_tasks_queued_before_and_while_it_runs(data_dir, tmp_path):
    mark = tmp_path / "mark"
    enqueue(data_dir, "write", str(mark), "before")
    with work(data_dir) as worker:
        worker.until("ready")
        wait_for(mark.exists)
        key = enqueue(data_dir, "write", str(mark), "during")
        wait_for(lambda: status(data_dir, key)[0] == "SUCCESSFUL")
        worker.until("busy")
        worker.until("idle")
        assert worker.end_of_stdin() == 0
    assert mark.read_text().split() == ["before", "during"]
    log = (data_dir / "logs" / "tasks.log").read_text()
    assert log.count("started: tests.djdesk.taskapp.tasks.write") == 2
    assert log.count("SUCCESSFUL after") == 2
    assert log.count("f" * 16) == 4, "every line names the launch"


def test_a_task_that_raises_does_not_end_the_worker(data_dir, tmp_path):
    with work(data_dir) as worker:
        worker.until("ready")
        bad = enqueue(data_dir, "write", str(tmp_path / "no" / "such" / "folder"), "x")
        good = enqueue(data_dir, "write", str(tmp_path / "mark"), "x")
        wait_for(lambda: status(data_dir, good)[0] == "SUCCESSFUL")
        assert status(data_dir, bad)[0] == "FAILED"
        assert worker.end_of_stdin() == 0


def test_a_running_task_hears_the_stop_and_no_other_is_taken(data_dir, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    enqueue(data_dir, "until_stopped", str(first))
    with work(data_dir) as worker:
        wait_for(first.exists)
        later = enqueue(data_dir, "write", str(second), "x")
        assert worker.end_of_stdin() == 0
    assert first.read_text() == "ended early"
    assert status(data_dir, later)[0] == "READY"
    assert not second.exists()


@LONG
def test_a_deaf_task_does_not_hold_up_the_stop_and_is_marked(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = enqueue(data_dir, "deaf", str(mark))
    with work(data_dir) as worker:
        wait_for(mark.exists)
        worker.end_of_stdin()  # bounded by LIMIT, far below the task's duration
    state, traceback = status(data_dir, key)
    assert state == "FAILED"
    assert "app was closed" in traceback


@LONG
def test_a_task_that_an_update_interrupts_says_so(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = enqueue(data_dir, "deaf", str(mark))
    with work(data_dir) as worker:
        wait_for(mark.exists)
        (data_dir / "updates").mkdir()
        journal = {"format": 1, "state": "rehearsed", "handed_over": True}
        (data_dir / "updates" / "update.json").write_text(json.dumps(journal))
        worker.end_of_stdin()
    assert "closed for an update" in status(data_dir, key)[1]


def test_a_task_of_a_killed_worker_does_not_stay_running(data_dir):
    key = enqueue(data_dir, "write", "x", status="RUNNING")
    gone = enqueue(data_dir, "no_longer_there", status="RUNNING")
    with work(data_dir) as worker:
        worker.until("ready")
        assert status(data_dir, key)[0] == status(data_dir, gone)[0] == "FAILED"
        assert worker.end_of_stdin() == 0


def test_a_long_task_in_one_lane_does_not_hold_up_the_other(data_dir, tmp_path):
    enqueue(data_dir, "until_stopped", str(tmp_path / "long"), queue="commands")
    with work(data_dir) as worker:
        wait_for((tmp_path / "long").exists)
        key = enqueue(data_dir, "write", str(tmp_path / "short"), "x")
        wait_for(lambda: status(data_dir, key)[0] == "SUCCESSFUL")
        assert (tmp_path / "long").read_text() == "started"
        assert worker.end_of_stdin() == 0


def test_a_repeatable_task_of_a_killed_worker_is_done_again_but_not_for_ever(data_dir, tmp_path):
    mark = tmp_path / "mark"
    again = enqueue(data_dir, "again", str(mark), status="RUNNING", taken=["w1", "w2"])
    enough = enqueue(data_dir, "again", str(mark), status="RUNNING", taken=["w1", "w2", "w3"])
    with work(data_dir) as worker:
        wait_for(lambda: status(data_dir, again)[0] == "SUCCESSFUL")
        assert status(data_dir, enough)[0] == "FAILED"
        assert worker.end_of_stdin() == 0
    assert mark.read_text() == "again\n"


def test_without_a_worker_the_server_ends_what_one_left(data_dir, tmp_path):
    mark = tmp_path / "mark"
    with Child("serve", data_dir, settings=SETTINGS) as server:
        server.until("listening")
        key = enqueue(data_dir, "deaf", str(mark))
        with work(data_dir) as worker:
            wait_for(mark.exists)
            worker.process.kill()
            worker.wait()
        wait_for(lambda: status(data_dir, key)[0] == "FAILED")
        assert server.end_of_stdin() == 0


def test_queued_work_survives_a_restart(data_dir, tmp_path):
    key = enqueue(data_dir, "write", str(tmp_path / "mark"), "x")
    with Child("serve", data_dir, settings=SETTINGS) as server:
        server.until("listening")
        assert server.end_of_stdin() == 0
    with work(data_dir) as worker:
        wait_for(lambda: status(data_dir, key)[0] == "SUCCESSFUL")
        assert worker.end_of_stdin() == 0


def test_two_takers_of_one_queue_never_take_one_task(data_dir, tmp_path):
    mark = tmp_path / "mark"
    for number in range(30):
        last = enqueue(data_dir, "write", str(mark), str(number))
    with Child("worker", data_dir, settings="tests.djdesk.twin_lanes") as worker:
        wait_for(lambda: status(data_dir, last)[0] == "SUCCESSFUL")
        wait_for(lambda: len(mark.read_text().split()) >= 30)
        assert worker.end_of_stdin() == 0
    assert sorted(map(int, mark.read_text().split())) == list(range(30))


@LONG
def test_a_second_worker_is_refused(data_dir):
    with work(data_dir) as first:
        first.until("ready")
        with work(data_dir) as second:
            assert second.until("failed")["code"] == "already_running"
            assert second.wait() == 1
        assert first.end_of_stdin() == 0
