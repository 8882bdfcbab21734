"""Heavy jobs in real processes of a real worker: they end with a true reason, and leave nothing."""

import json
import os
import shutil
import signal
import time

import psutil
import pytest

from djdesk.desktop.jobs import machine, places

from .children import Child
from .test_worker_process import SETTINGS, enqueue, execute, status, wait_for, work

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and process groups of POSIX")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder whose database a server has made: copied for each test."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with Child("serve", folder, settings=SETTINGS) as server:
        server.until("listening")
        assert server.end_of_stdin() == 0
    return folder


@pytest.fixture
def data_dir(made, tmp_path):
    return shutil.copytree(made, tmp_path / "data")


def heavy(data_dir, name, *args, **more):
    return enqueue(data_dir, name, *args, module="heavy", **more)


def job(data_dir, key):
    found = execute(
        data_dir,
        "SELECT state, reason, done, starts, peak FROM desktop_jobs_job WHERE task = ?",
        key,
    )
    return dict(zip(("state", "reason", "done", "starts", "peak"), found[0], strict=True)) if (
        found
    ) else {"state": "", "reason": "", "done": None, "starts": 0, "peak": 0}  # fmt: skip


def state(data_dir, key):
    return job(data_dir, key)["state"]


def wish_stop(data_dir, key):
    execute(data_dir, "UPDATE desktop_jobs_job SET stop_wanted = 1 WHERE task = ?", key)


def runs(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def starts(mark):
    return [tuple(map(int, line.split())) for line in mark.read_text().splitlines()]


def expected(to):
    return sum(n * n for n in range(1, to + 1))


def total(data_dir, key):
    value = execute(
        data_dir, "SELECT return_value FROM django_tasks_database_dbtaskresult WHERE id = ?", key
    )[0][0]
    return json.loads(value)["total"]


def test_a_job_runs_beside_the_lanes_and_leaves_its_result(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = heavy(data_dir, "count", 80, str(mark))
    with work(data_dir) as worker:
        wait_for(mark.exists)
        # In the same queue: a heavy task holds up no other one.
        short = enqueue(data_dir, "write", str(tmp_path / "short"), "x")
        wait_for(lambda: status(data_dir, short)[0] == "SUCCESSFUL")
        assert state(data_dir, key) == "running"
        seen = worker.until("jobs")
        assert seen["running"] == 1 and seen["lost"] == 0
        wait_for(lambda: state(data_dir, key) == "done")
        over = worker.until("job_over")
        assert (over["title"], over["outcome"]) == ("Counting", "done")
        assert worker.end_of_stdin() == 0
    assert status(data_dir, key)[0] == "SUCCESSFUL"
    assert total(data_dir, key) == expected(80)
    place = places.folder(data_dir, key)
    assert places.results(place) == [("sum.txt", len(str(expected(80))))]
    assert job(data_dir, key)["done"] == 80
    assert job(data_dir, key)["peak"] > 2**20


@POSIX
def test_a_killed_job_goes_on_from_its_last_checkpoint(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = heavy(data_dir, "count", 120, str(mark))
    with work(data_dir) as worker:
        wait_for(lambda: (job(data_dir, key)["done"] or 0) > 10)
        os.kill(starts(mark)[0][0], signal.SIGKILL)
        wait_for(lambda: state(data_dir, key) == "done")
        assert worker.end_of_stdin() == 0
    (_, first), (_, second) = starts(mark)
    assert first == 0 and second > 10
    assert total(data_dir, key) == expected(120)


def test_a_killed_worker_takes_the_job_along_and_the_next_one_goes_on(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = heavy(data_dir, "count", 120, str(mark))
    with work(data_dir) as worker:
        wait_for(lambda: (job(data_dir, key)["done"] or 0) > 10)
        worker.process.kill()
        worker.wait()
    wait_for(lambda: not runs(starts(mark)[0][0]))
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "done")
        assert worker.end_of_stdin() == 0
    assert starts(mark)[1][1] > 10
    assert total(data_dir, key) == expected(120)


def test_the_end_of_the_app_keeps_a_resumable_job(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = heavy(data_dir, "count", 100, str(mark))
    with work(data_dir) as worker:
        wait_for(lambda: (job(data_dir, key)["done"] or 0) > 10)
        assert worker.end_of_stdin() == 0
    assert state(data_dir, key) == "waiting"
    assert status(data_dir, key)[0] == "READY"
    assert not runs(starts(mark)[0][0])
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "done")
        assert worker.end_of_stdin() == 0
    assert total(data_dir, key) == expected(100)
    assert starts(mark)[1][1] >= 10


def test_the_end_of_the_app_ends_a_deaf_job_with_that_reason(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = heavy(data_dir, "deaf", str(mark))
    with work(data_dir) as worker:
        wait_for(lambda: mark.exists() and len(mark.read_text().split()) == 2)
        begun = time.monotonic()
        assert worker.end_of_stdin() == 0
        assert time.monotonic() - begun < 8
    assert job(data_dir, key)["state"] == "failed"
    assert "app was closed" in job(data_dir, key)["reason"]
    assert not any(runs(int(pid)) for pid in mark.read_text().split())


@POSIX
def test_nothing_is_left_when_job_and_worker_are_killed_at_once(data_dir, tmp_path):
    mark = tmp_path / "mark"
    heavy(data_dir, "forked", str(mark))
    with work(data_dir) as worker:
        wait_for(lambda: mark.exists() and len(mark.read_text().split()) == 3)
        pids = [int(pid) for pid in mark.read_text().split()]
        worker.process.kill()
        os.kill(pids[0], signal.SIGKILL)
        worker.wait()
        mark.unlink()
    assert any(runs(pid) for pid in pids[1:]), "nothing was left, so nothing is shown"
    with work(data_dir) as worker:
        wait_for(lambda: not any(runs(pid) for pid in pids))
        assert worker.end_of_stdin() == 0


def test_a_job_that_takes_too_much_memory_is_stopped(data_dir):
    key = heavy(data_dir, "hog")
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert worker.end_of_stdin() == 0
    found = job(data_dir, key)
    assert found["reason"] == "It needed more than the 200 MiB of memory that it may take."
    # 8 MiB in 5 ms and a look every 250 ms, on a machine that may be slow to look.
    assert 200 * 2**20 < found["peak"] < 4 * 2**30


def test_the_user_stops_a_job_that_listens(data_dir, tmp_path):
    key = heavy(data_dir, "count", 100_000, str(tmp_path / "mark"))
    with work(data_dir) as worker:
        wait_for(lambda: job(data_dir, key)["done"])
        begun = time.monotonic()
        wish_stop(data_dir, key)
        wait_for(lambda: state(data_dir, key) == "stopped")
        assert time.monotonic() - begun < 5
        assert worker.until("job_over")["outcome"] == "stopped"
        assert worker.end_of_stdin() == 0
    assert job(data_dir, key)["reason"] == "You stopped it."
    assert "JobStopped" in status(data_dir, key)[1]


def test_a_job_says_what_it_waits_for_and_can_be_stopped_meanwhile(data_dir, tmp_path):
    """Enough jobs for all cores of any machine, and two more."""
    with work(data_dir) as worker:
        worker.until("ready")
        many = machine.measure().cores
        running = [heavy(data_dir, "until_told", str(tmp_path / "go")) for _ in range(many)]
        wait_for(lambda: all(state(data_dir, key) == "running" for key in running))
        blocked, behind = (heavy(data_dir, "until_told", str(tmp_path / "go")) for _ in range(2))
        wait_for(lambda: job(data_dir, blocked)["reason"].startswith("It waits for"))
        wait_for(lambda: state(data_dir, behind) == "waiting")
        wish_stop(data_dir, behind)
        wait_for(lambda: state(data_dir, behind) == "stopped")
        assert job(data_dir, behind)["starts"] == 0
        (tmp_path / "go").touch()
        wait_for(lambda: state(data_dir, blocked) == "done")
        assert worker.end_of_stdin() == 0


@POSIX
def test_a_job_that_crashes_each_time_is_given_up(data_dir):
    key = heavy(data_dir, "crash")
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert worker.end_of_stdin() == 0
    found = job(data_dir, key)
    assert found["starts"] == 3
    assert "signal 6 (SIGABRT)" in found["reason"]
    log = (places.folder(data_dir, key) / places.LOG).read_text()
    assert log.count("about to crash") == 3
    assert "in crash" in log, "the place of a crash in C is told"


def test_an_error_of_the_job_is_its_reason(data_dir):
    key = heavy(data_dir, "wrong", "such thing")
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert worker.until("job_over")["outcome"] == "failed"
        assert worker.end_of_stdin() == 0
    assert job(data_dir, key)["reason"] == "LookupError: no such thing"
    assert "in wrong" in status(data_dir, key)[1]
    log = (places.folder(data_dir, key) / places.LOG).read_text()
    assert log.rstrip().endswith("LookupError: no such thing"), "its process ended in order"


def test_a_job_that_takes_too_long_is_stopped(data_dir):
    key = heavy(data_dir, "slow")
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert worker.end_of_stdin() == 0
    assert job(data_dir, key)["reason"] == "It took longer than it may."


def test_what_the_computer_can_never_run_is_refused_at_once(data_dir):
    key = heavy(data_dir, "huge")
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert worker.end_of_stdin() == 0
    assert "jobs may take" in job(data_dir, key)["reason"]
    assert job(data_dir, key)["starts"] == 0


def test_a_rehearsal_of_an_update_starts_no_job(data_dir, tmp_path):
    key = heavy(data_dir, "count", 5, str(tmp_path / "mark"))
    with Child("worker", data_dir, settings=SETTINGS, rehearsal=True) as worker:
        short = enqueue(data_dir, "write", str(tmp_path / "short"), "x")
        wait_for(lambda: status(data_dir, short)[0] == "SUCCESSFUL")
        assert worker.end_of_stdin() == 0
    assert not (tmp_path / "mark").exists()
    assert job(data_dir, key)["starts"] == 0


def test_a_job_that_was_deleted_while_it_ran_stops_nothing_else(data_dir, tmp_path):
    key = heavy(data_dir, "until_told", str(tmp_path / "go"))
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "running")
        execute(data_dir, "DELETE FROM django_tasks_database_dbtaskresult WHERE id = ?", key)
        (tmp_path / "go").touch()
        after = heavy(data_dir, "until_told", str(tmp_path / "go"))
        wait_for(lambda: state(data_dir, after) == "done")
        assert worker.end_of_stdin() == 0
    assert "was deleted while it ran" in worker.log
    assert job(data_dir, key)["reason"] == "Its task was deleted while it ran."


def test_a_job_that_cannot_be_started_says_why_and_the_next_one_runs(data_dir, tmp_path):
    (data_dir / "jobs").write_text("a file where the folder should be")
    key = heavy(data_dir, "until_told", str(tmp_path))
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert "It could not be started" in job(data_dir, key)["reason"]
        (data_dir / "jobs").unlink()
        after = heavy(data_dir, "until_told", str(tmp_path))
        wait_for(lambda: state(data_dir, after) == "done")
        assert worker.end_of_stdin() == 0


@pytest.mark.parametrize("kind", ["spawn", pytest.param("fork", marks=POSIX)])
def test_a_job_may_have_processes_of_its_own(data_dir, kind):
    key = heavy(data_dir, "pool", kind)
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) not in ("", "waiting", "running"))
        assert worker.end_of_stdin() == 0
    assert job(data_dir, key)["reason"] == ""
    assert status(data_dir, key)[0] == "SUCCESSFUL"
