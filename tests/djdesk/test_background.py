"""Background work is listed, and so are tasks that no process runs."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from djdesk.desktop import background, launch, process
from djdesk.desktop.jobs.models import Job
from djdesk.messages import dumps, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def config(monkeypatch):
    def told(**processes):
        told = launch.LaunchConfig("f" * 16, Path("/nowhere"), processes=processes)
        # Patched only here: the guard would require the shell's token.
        monkeypatch.setattr(background, "launch", SimpleNamespace(current=lambda: told))

    return told


def waiting(queue, status="READY"):
    DBTaskResult.objects.create(
        status=status, queue_name=queue, args_kwargs={"args": [], "kwargs": {}},
        task_path="tests.djdesk.taskapp.tasks.write", backend_name="default",
        run_after="2020-01-01T00:00:00Z",
    )  # fmt: skip


def test_a_queue_without_a_lane_is_named_with_what_waits(settings):
    settings.WORKER_LANES = [["default"], ["mail"]]
    for queue, status in [
        ("default", "READY"),
        ("slow", "READY"),
        ("slow", "READY"),
        ("old", "FAILED"),
    ]:
        waiting(queue, status)
    (sentence,) = background.unserved()
    assert "“slow”" in sentence
    assert ": 2." in sentence
    settings.WORKER_LANES = [["*"]]
    assert background.unserved() == []


def test_a_task_package_whose_worker_nobody_runs_is_named(monkeypatch, config):
    monkeypatch.setattr(background.apps, "is_installed", lambda app: app == "django_rq")
    config(beat=["beat"])
    (sentence,) = background.unserved()
    assert "RQ" in sentence
    config(rq=["rqworker", "default"])
    assert background.unserved() == []


def test_the_data_page_lists_what_runs_and_what_does_not(client, data_dir, config, settings):
    config(counter=["keep_counting", "--how", "plain"], beat=["beat"])
    settings.WORKER_LANES = [["default"]]
    waiting("slow")
    (data_dir / "process-beat.ended").write_text("ValueError: no <drum>")
    lock = process.lock_of(data_dir, "counter")
    assert lock.acquire()
    try:
        assert [(one.name, one.running) for one in background.helpers(data_dir)] == [
            ("", False), ("counter", True), ("beat", False),
        ]  # fmt: skip
        page = client.get(reverse("desktop-data")).content.decode()
    finally:
        lock.release()
    assert "keep_counting --how plain" in page
    assert page.count("not running") == 2
    assert "not running: ValueError: no &lt;drum&gt; <code>logs/beat.log</code>" in page
    assert "“slow”" in page


def run(path, **more):
    return DBTaskResult.objects.create(
        status="RUNNING", queue_name="default", args_kwargs={"args": [], "kwargs": {}},
        task_path=f"tests.djdesk.taskapp.{path}", backend_name="default",
        run_after="2020-01-01T00:00:00Z", worker_ids=["w"], **more,
    )  # fmt: skip


def test_what_a_restart_would_interrupt_is_named():
    assert background.running() == []
    waiting("default")
    plain = run("tasks.write", started_at="2026-01-02T00:00:00Z")
    run("tasks.again", started_at="2026-01-03T00:00:00Z")
    row = run("heavy.count", started_at="2026-01-01T12:00:00Z")
    Job.objects.create(task=row.pk, title="Counting", state="running", done=30, total=120)
    run("tasks.gone", started_at="2026-01-04T00:00:00Z")
    found = background.running()
    assert [(one.title, one.share, one.resumable) for one in found] == [
        ("Counting", 0.25, True),
        ("write", None, False),
        ("again", None, True),
        ("gone", None, False),
    ]
    plain.refresh_from_db()
    assert found[1].since == plain.started_at


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        (say("The command finished."), "Der Befehl ist fertig."),
        (
            say("The command ended with the exit code {code}.", code=1),
            "Der Befehl endete mit dem Exit-Code 1.",
        ),
        (
            say(
                "There is no management command {command} for the background process {name}.",
                command="beat",
                name="beat",
            ),
            "Es gibt keinen Verwaltungsbefehl beat für den Hintergrundprozess beat.",
        ),
        ("ValueError: no drum", "ValueError: no drum"),
    ],
)
def test_why_one_ended_is_told_in_the_language_of_the_page(
    client, data_dir, config, reason, german
):
    config(beat=["beat"])
    (data_dir / "process-beat.ended").write_text(dumps(reason))
    page = client.get(reverse("desktop-data"), headers={"accept-language": "de"}).content.decode()
    assert f"läuft nicht: {german} <code>logs/beat.log</code>" in page
