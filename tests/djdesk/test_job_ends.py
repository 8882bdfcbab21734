"""How heavy jobs end: by the user, an error or a limit; and what is refused before it runs."""

import time

import pytest

from djdesk.desktop.jobs import machine, places
from tests.long import LONG

from .children import Child
from .heavy_jobs import (
    POSIX,
    data_dir,  # noqa: F401
    heavy,
    job,
    made,  # noqa: F401
    state,
    wish_stop,
)
from .test_worker_process import SETTINGS, enqueue, execute, status, wait_for, work


@LONG
def test_a_job_that_takes_too_much_memory_is_stopped(data_dir):
    key = heavy(data_dir, "hog")
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert worker.end_of_stdin() == 0
    found = job(data_dir, key)
    assert found["reason"] == "It needed more memory than its limit of 200 MiB."
    # 8 MiB every 5 ms, checked every 250 ms on a machine that may be slow.
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
    """Two more jobs than any machine has cores."""
    with work(data_dir) as worker:
        worker.until("ready")
        many = machine.measure().cores
        running = [heavy(data_dir, "until_told", str(tmp_path / "go")) for _ in range(many)]
        wait_for(lambda: all(state(data_dir, key) == "running" for key in running))
        blocked, behind = (heavy(data_dir, "until_told", str(tmp_path / "go")) for _ in range(2))
        wait_for(lambda: job(data_dir, blocked)["reason"].startswith("It is waiting for"))
        wait_for(lambda: state(data_dir, behind) == "waiting")
        wish_stop(data_dir, behind)
        wait_for(lambda: state(data_dir, behind) == "stopped")
        assert job(data_dir, behind)["starts"] == 0
        (tmp_path / "go").touch()
        wait_for(lambda: state(data_dir, blocked) == "done")
        assert worker.end_of_stdin() == 0


@LONG
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
    assert job(data_dir, key)["reason"] == "It took longer than its time limit."


def test_what_the_computer_can_never_run_is_refused_at_once(data_dir):
    key = heavy(data_dir, "huge")
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) == "failed")
        assert worker.end_of_stdin() == 0
    assert "jobs can use" in job(data_dir, key)["reason"]
    assert job(data_dir, key)["starts"] == 0


def test_a_rehearsal_of_an_update_starts_no_job(data_dir, tmp_path):
    key = heavy(data_dir, "count", 5, str(tmp_path / "mark"))
    with Child("worker", data_dir, settings=SETTINGS, rehearsal=True) as worker:
        short = enqueue(data_dir, "write", str(tmp_path / "short"), "x")
        wait_for(lambda: status(data_dir, short)[0] == "SUCCESSFUL")
        assert worker.end_of_stdin() == 0
    assert not (tmp_path / "mark").exists()
    assert job(data_dir, key)["starts"] == 0


@LONG
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


@LONG
@pytest.mark.parametrize("kind", ["spawn", pytest.param("fork", marks=POSIX)])
def test_a_job_may_have_processes_of_its_own(data_dir, kind):
    key = heavy(data_dir, "pool", kind)
    with work(data_dir) as worker:
        wait_for(lambda: state(data_dir, key) not in ("", "waiting", "running"))
        assert worker.end_of_stdin() == 0
    assert job(data_dir, key)["reason"] == ""
    assert status(data_dir, key)[0] == "SUCCESSFUL"
