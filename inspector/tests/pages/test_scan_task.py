"""The task: stores the engine's events, ends with a final status, obeys Cancel."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from djdesk.desktop import worker
from inspector import engine, stopping, tasks
from inspector.models import Project, Scan, Section
from inspector.tasks import queue_scan, queue_scan_again

pytestmark = pytest.mark.django_db

SECTION = {"event": "section", "name": "models", "source": "static", "ok": True, "seconds": 0.1}


@pytest.fixture
def opened(project_folder):
    return Project.objects.create(path=str(project_folder), name="shop")


@pytest.fixture
def events(monkeypatch):
    """Replace the engine by a list of events; callables in it are called with ``cancelled``."""

    def give(*found):
        def inspect(discovered, options, cancelled):
            give.options = options
            for event in found:
                if callable(event):
                    event = event(cancelled)
                if event:
                    yield event

        monkeypatch.setattr(engine, "inspect", inspect)

    return give


def end(status="complete", **more):
    return {"event": "end", "status": status, "seconds": 0.1, "error": None, "changed": []} | more


def run(scan):
    tasks.run_scan.call(scan.pk)
    scan.refresh_from_db()
    return scan


def test_text_that_has_no_bytes_costs_no_page(opened, project_folder, client):
    half = "\\ud800"
    app = project_folder / "books"
    (app / "templates").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "models.py").write_text(
        "from django.db import models\nclass Odd(models.Model):\n    class Meta:\n"
        f'        verbose_name = "odd{half}"\n'
    )
    (project_folder / "config/urls.py").write_text(
        "from django.urls import path\n"
        f'urlpatterns = [path("a{half}/", print, name="name{half}")]\n'
    )
    settings = project_folder / "config/settings.py"
    settings.write_text(
        settings.read_text().replace("[]", '["books"]') + f'ALLOWED_HOSTS = ["host{half}"]\n'
    )
    if sys.platform == "linux":  # other systems do not allow such names
        (app / "templates" / os.fsdecode(b"caf\xe9.html")).write_text("x")
    scan = run(queue_scan(opened))
    assert scan.status == "complete", scan.error
    pages = {
        page: client.get(reverse(f"inspector:{page}", args=[opened.pk]))
        for page in ("overview", "models", "urls", "settings", "templates", "code", "wiring")
    }
    assert {page.status_code for page in pages.values()} == {200}
    assert "name?" in pages["urls"].content.decode()


def test_a_real_static_scan_of_a_real_folder(opened):
    scan = run(queue_scan(opened))
    assert scan.status == "complete", scan.error
    names = set(scan.sections.values_list("name", "source"))
    assert ("models", "static") in names
    assert not any(source == "live" for _, source in names)
    assert scan.discovered["name"] == "shop"
    assert scan.summary["counts"]["models"] == 0
    assert scan.changed == []


def test_the_settings_that_the_user_chose_are_the_ones_that_are_read(opened, project_folder):
    (project_folder / "config" / "smaller.py").write_text(
        "INSTALLED_APPS = []\nTIME_ZONE = 'Asia/Tokyo'\n"
    )
    opened.settings_module = "config.smaller"
    opened.save()
    scan = run(queue_scan(opened))
    chosen = [one["module"] for one in scan.discovered["settings_modules"] if one["chosen"]]
    assert chosen == ["config.smaller"]


def test_one_scan_at_a_time(opened):
    first = queue_scan(opened)
    assert queue_scan(opened) == first
    first.begin()
    assert queue_scan(opened) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Scan.objects.create(project=opened)


def test_sections_arrive_one_by_one(opened, events):
    seen = []

    def look(cancelled):
        seen.append((Section.objects.count(), Scan.objects.get().revision))

    events(look, SECTION | {"data": {"models": [], "abstract": [], "errors": []}}, look, end())
    assert run(queue_scan(opened)).status == "complete"
    assert [count for count, _ in seen] == [0, 1]
    assert seen[1][1] > seen[0][1]


def test_a_failed_section_keeps_its_error_and_the_rest(opened, events):
    error = {"type": "ImportError", "message": "No module named 'x'", "trace": [], "hint": "pip"}
    events(
        SECTION | {"data": {"models": [], "abstract": [], "errors": []}},
        SECTION | {"name": "urls", "ok": False, "error": error},
        end("partial"),
    )
    scan = run(queue_scan(opened))
    assert scan.status == "partial"
    assert scan.sections.get(name="urls").error == error
    assert scan.sections.get(name="models").ok


def test_untrusted_folders_are_never_run(opened, events):
    events(end())
    run(queue_scan(opened))
    assert events_options(events).trust is False


def test_trust_in_one_interpreter_does_not_run_another(opened, events, tmp_path):
    other = tmp_path / "python"
    other.symlink_to(sys.executable)
    opened.trust(sys.executable)
    opened.python = str(other)
    opened.save()
    events(end())
    scan = run(queue_scan(opened))
    assert events_options(events).trust is False
    assert scan.trusted is False


def test_a_trusted_interpreter_is_run(opened, events):
    opened.trust(sys.executable)
    opened.python = sys.executable
    opened.save()
    events(end())
    run(queue_scan(opened))
    assert events_options(events).trust is True


def events_options(events):
    return events.options


def test_cancel_of_a_waiting_scan_is_at_once(client, opened, events):
    scan = queue_scan(opened)
    client.post(reverse("inspector:cancel", args=[opened.pk]))
    events(end())
    assert run(scan).status == "cancelled"
    assert tasks.run_scan.call(scan.pk) == "skipped"


def test_cancel_of_a_running_scan_reaches_the_engine(client, opened, events, monkeypatch):
    monkeypatch.setattr(stopping, "INTERVAL", 0)
    asked = []

    def ask(cancelled):
        asked.append(cancelled())
        client.post(reverse("inspector:cancel", args=[opened.pk]))
        asked.append(cancelled())

    events(ask, end("cancelled"))
    assert run(queue_scan(opened)).status == "cancelled"
    assert asked == [False, True]


def test_the_end_of_the_app_is_an_interruption(opened, events, monkeypatch):
    def stop(cancelled):
        worker.stopping.set()
        assert cancelled()

    events(stop, end("cancelled"))
    try:
        scan = run(queue_scan(opened))
    finally:
        worker.stopping.clear()
    assert scan.status == "interrupted"
    assert "closed" in scan.error["message"]


def test_a_worker_that_died_leaves_no_running_scan(opened):
    from djdesk.desktop.signals import task_interrupted

    scan = queue_scan(opened)
    scan.begin()
    task_interrupted.send(sender=None, task_result=SimpleNamespace(id=scan.task_id))
    scan.refresh_from_db()
    assert scan.status == "interrupted"
    assert scan.finished and "worker" in scan.error["message"]


def test_an_error_of_ours_ends_the_scan(opened, events):
    def fail(cancelled):
        raise RuntimeError("broken")

    events(fail)
    scan = run(queue_scan(opened))
    assert scan.status == "failed" and scan.error["trace"] == ["RuntimeError: broken"]


def test_an_engine_that_ends_without_a_word_ends_the_scan(opened, events):
    events(SECTION | {"data": {"models": [], "abstract": [], "errors": []}})
    assert run(queue_scan(opened)).status == "failed"


def test_a_folder_that_is_gone(opened, project_folder):
    project_folder.rename(project_folder.with_name("moved"))
    scan = run(queue_scan(opened))
    assert scan.status == "failed" and "does not exist" in scan.error["message"]


def test_a_project_removed_meanwhile_ends_the_engine(opened, events, monkeypatch):
    monkeypatch.setattr(stopping, "INTERVAL", 0)

    def remove(cancelled):
        Project.objects.all().delete()
        assert cancelled()

    events(remove, SECTION | {"data": {}}, end("cancelled"))
    scan = queue_scan(opened)
    tasks.run_scan.call(scan.pk)
    assert Section.objects.count() == 0


def test_stages_are_written_at_most_ten_times_a_second(opened, events):
    stage = {"event": "stage", "name": "static", "text": "Reading", "progress": 0.5}
    events(*[stage] * 500, end())
    before = queue_scan(opened)
    scan = run(before)
    assert scan.revision < 60


def test_another_scan_follows_when_the_choices_changed(opened, events):
    scan = queue_scan(opened)

    def change(cancelled):
        queue_scan_again(opened)

    events(change, end("cancelled"))
    run(scan)
    assert list(opened.scans.order_by("pk").values_list("status", flat=True)) == [
        "cancelled",
        "queued",
    ]


def test_only_the_last_scans_are_kept(opened):
    for _ in range(25):
        Scan.objects.create(project=opened, status="complete")
    queue_scan(opened)
    assert opened.scans.count() == 20


def test_home_counts_what_the_overview_lists(opened, project_folder, client):
    (project_folder / "config" / "settings.py").write_text(
        'SECRET_KEY = "django-insecure-1"\nDEBUG = False\nINSTALLED_APPS = []\n'
    )
    scan = run(queue_scan(opened))
    listed = [one["severity"] for one in scan.findings]
    assert listed.count("warning") == scan.summary["attention"]["warning"] > 0
    assert "No problems found" not in client.get("/").content.decode()
