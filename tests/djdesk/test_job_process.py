"""Heavy jobs in real processes of a real worker: they end with a true reason, and leave no
processes behind.
"""

import os
import signal
import time

from djdesk.desktop.jobs import places
from tests.long import LONG

from .heavy_jobs import (
    POSIX,
    data_dir,  # noqa: F401
    expected,
    heavy,
    job,
    made,  # noqa: F401
    runs,
    starts,
    state,
    total,
)
from .test_worker_process import enqueue, status, wait_for, work


def test_a_job_runs_beside_the_lanes_and_leaves_its_result(data_dir, tmp_path):
    mark = tmp_path / "mark"
    key = heavy(data_dir, "count", 80, str(mark))
    with work(data_dir) as worker:
        wait_for(mark.exists)
        # In the same queue: a heavy task does not block other tasks.
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


@LONG
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


@LONG
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


@LONG
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


@LONG
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
