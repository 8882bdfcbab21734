"""Helpers for tests of jobs in real processes: data with the app's tables, rows, and waits."""

import json
import os
import shutil

import psutil
import pytest

from djdesk.desktop.message_fields import MessageTextField

from .children import Child
from .test_worker_process import SETTINGS, enqueue, execute

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and process groups of POSIX")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder whose database a server has created; copied for each test."""
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
    if not found:
        return {"state": "", "reason": "", "done": None, "starts": 0, "peak": 0}
    row = dict(zip(("state", "reason", "done", "starts", "peak"), found[0], strict=True))
    # Read as the model does: the reason is stored with its template and values.
    return row | {"reason": MessageTextField().from_db_value(row["reason"], None, None)}


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
