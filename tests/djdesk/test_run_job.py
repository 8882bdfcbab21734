"""``run_job``: a heavy task from the terminal, with and without the app."""

import json
import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from djdesk.desktop.jobs import places
from djdesk.desktop.jobs.models import Job
from djdesk.desktop.lock import WORKER_LOCK, is_held
from tests.environment import PARITY
from tests.long import LONG

from .heavy_jobs import data_dir, expected, job, made, starts  # noqa: F401
from .test_worker_process import SETTINGS, execute, wait_for, work

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Ctrl+C as a signal of POSIX")


def command(data_dir, *words):  # noqa: F811
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DJ")} | {
        "DJDESK_APP": str(PARITY), "DJDESK_DATA_DIR": str(data_dir),
        "DJDESK_MODE": "development", "DJANGO_SETTINGS_MODULE": SETTINGS,
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-m", "django", "run_job", *words],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def key_of(data_dir):  # noqa: F811
    return execute(data_dir, "SELECT task FROM desktop_jobs_job")[0][0]


COUNT = "tests.djdesk.taskapp.heavy.count"


def test_without_the_app_it_runs_here_and_its_result_is_printed(data_dir, tmp_path):  # noqa: F811
    code, out, err = ended(command(data_dir, COUNT, "20", str(tmp_path / "mark")))
    assert code == 0, err
    assert json.loads(out) == {"total": expected(20)}
    folder = places.folder(data_dir, key_of(data_dir)) / places.FILES
    assert f"Files: {folder}" in err
    code, out, _ = ended(command(data_dir, "--list"))
    assert code == 0 and "done" in out and "Counting to 20" in out


@LONG
def test_ctrl_c_stops_it_and_resume_goes_on(data_dir, tmp_path):  # noqa: F811
    mark = tmp_path / "mark"
    first = command(data_dir, COUNT, "150", str(mark))
    wait_for(lambda: mark.exists() and (job(data_dir, key_of(data_dir))["done"] or 0) > 10)
    first.send_signal(signal.SIGINT)
    code, out, err = ended(first)
    key = key_of(data_dir)
    assert code == 1 and not out
    assert "run_job --resume" in err
    assert job(data_dir, key)["state"] == "waiting"
    code, out, err = ended(command(data_dir, "--resume", key))
    assert code == 0, err
    assert json.loads(out) == {"total": expected(150)}
    assert starts(mark)[1][1] > 10


def test_with_the_app_its_worker_runs_it(data_dir, tmp_path):  # noqa: F811
    mark = tmp_path / "mark"
    with work(data_dir) as worker:
        worker.until("ready")
        code, out, err = ended(command(data_dir, COUNT, "10", "--kwarg", f"mark={mark}"))
        assert code == 0, err
        assert "The app is open with this data" in err
        assert json.loads(out) == {"total": expected(10)}
        assert worker.end_of_stdin() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "Name a task"),
        ((COUNT, "1", "--resume", "0" * 32), "Name a task"),
        (("tests.djdesk.taskapp.heavy.nothing",), "There is no task"),
        (("tests.djdesk.taskapp.tasks.write",), "is no heavy task"),
        ((COUNT, "--kwarg", "x"), "NAME=VALUE"),
        (("--resume", "0" * 32), "There is no job"),
        (("--resume", "../x"), "There is no job"),
    ],
)
def test_what_cannot_be_done_is_said(settings, tmp_path, words, reason):
    settings.DATA_DIR = tmp_path
    with pytest.raises(CommandError, match=reason):
        call_command("run_job", *words)
    assert not Job.objects.exists()
    assert not is_held(tmp_path / WORKER_LOCK)


@pytest.mark.django_db
def test_a_database_of_an_older_version_is_refused(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'desktop_jobs'")
    with pytest.raises(CommandError, match="not up to date"):
        call_command("run_job", COUNT, "1", "x")
