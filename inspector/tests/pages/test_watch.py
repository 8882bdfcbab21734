"""Projects that are scanned again when their files change."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction
from django.urls import reverse

from inspector import tasks
from inspector.models import Project
from inspector.models.scan import KEPT, KEPT_WATCHED
from inspector.pages.latest_results import LatestResults
from inspector.projects.watching import Watcher
from inspector.scans.tree import tree
from inspector.tasks import queue_scan, queue_scan_again
from inspector.views.live import scan_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(project_folder):
    """A watched project whose first scan has ended."""
    project = Project.objects.create(path=str(project_folder), name="shop", watch=True)
    project.scans.create(status="complete", tree=tree(project_folder))
    return project


def run(scan):
    tasks.run_scan.call(scan.pk)
    scan.refresh_from_db()
    assert scan.status == "complete", scan.error
    return scan


def change(folder, text="x = 1\n"):
    file = folder / "config" / "urls.py"
    file.write_text(file.read_text() + text)


def test_a_change_begins_one_scan_once_the_files_have_settled(opened, project_folder):
    watcher = Watcher()
    assert watcher.look(opened.pk) is None, "nothing has changed"
    change(project_folder)
    assert watcher.look(opened.pk) is None, "somebody may still be writing"
    change(project_folder, "y = 2\n")
    assert watcher.look(opened.pk) is None, "somebody is still writing"
    scan = watcher.look(opened.pk)
    assert scan is not None
    assert scan.watched
    assert watcher.look(opened.pk) is None, "it is under way"
    run(scan)
    assert [watcher.look(opened.pk) for _ in range(3)] == [None, None, None]


def test_what_changes_while_a_scan_runs_is_a_reason_for_another(opened, project_folder):
    scan = queue_scan(opened)
    watcher = Watcher()
    scan.begin()
    scan.change(tree=tree(project_folder))
    change(project_folder)
    assert [watcher.look(opened.pk) for _ in range(3)] == [None, None, None], "it still runs"
    scan.end("complete")
    assert watcher.look(opened.pk) is None
    assert watcher.look(opened.pk) is not None


def test_off_means_off(opened, project_folder, client):
    url = reverse("inspector:watch", args=[opened.pk])
    assert client.post(url, headers={"X-Quiet": "1"}).status_code == 200
    change(project_folder)
    watcher = Watcher()
    assert [watcher.look(opened.pk) for _ in range(3)] == [None, None, None]
    client.post(url, {"on": "1"})
    opened.refresh_from_db()
    assert opened.watch
    assert client.get(url).status_code == 405


def test_only_what_a_scan_reads_counts(project_folder):
    before = tree(project_folder)
    (project_folder / "db.sqlite3").write_bytes(b"rows")
    (project_folder / "media").mkdir()
    (project_folder / "media" / "picture.png").write_bytes(b"picture")
    (project_folder / "__pycache__").mkdir()
    (project_folder / "__pycache__" / "urls.cpython-313.pyc").write_bytes(b"code")
    assert tree(project_folder) == before
    (project_folder / "templates").mkdir()
    seen = {before}
    for name in ("templates/page.svg", "a.html", "de.po", ".env.local", "pyproject.toml"):
        (project_folder / name).write_text("x")
        seen.add(tree(project_folder))
    (project_folder / ".git").mkdir()
    (project_folder / ".git" / "HEAD").write_text("ref: refs/heads/other\n")
    assert len({*seen, tree(project_folder)}) == 7


def test_a_folder_that_is_gone_and_one_never_scanned_are_left_alone(opened, project_folder):
    moved = project_folder.rename(project_folder.with_name("moved"))
    assert Watcher().look(opened.pk) is None
    fresh = Project.objects.create(path=str(moved), name="moved", watch=True)
    watcher = Watcher()
    assert [watcher.look(fresh.pk) for _ in range(2)] == [None, None]


def test_nothing_is_seen_of_it_until_it_brings_something(opened, client):
    before = LatestResults(opened)
    scan = queue_scan(opened, watched=True)
    scan.begin()
    assert LatestResults(opened).versions == before.versions
    assert not LatestResults(opened).active
    page = client.get(opened.get_absolute_url()).content.decode()
    assert "data-progress" not in page
    scan.end("cancelled")
    assert LatestResults(opened).versions == before.versions
    later = queue_scan(opened, watched=True)
    run(later)
    assert LatestResults(opened).scan == later
    assert scan_state(later, opened)["watched"]
    history = client.get(reverse("inspector:runs", args=[opened.pk])).content.decode()
    assert "files changed" in history


def test_who_asks_for_a_scan_sees_the_one_that_is_under_way(opened):
    quiet = queue_scan(opened, watched=True)
    assert queue_scan(opened) == quiet
    quiet.refresh_from_db()
    assert not quiet.watched
    assert LatestResults(opened).active


def test_new_choices_are_seen_at_work_too(opened):
    quiet = queue_scan(opened, watched=True)
    quiet.begin()
    assert queue_scan_again(opened) == quiet
    quiet.refresh_from_db()
    assert (quiet.watched, quiet.again) == (False, True)


def test_they_do_not_push_out_what_the_user_asked_for(opened):
    first = opened.scans.get()
    for _ in range(KEPT_WATCHED + 3):
        with transaction.atomic():
            queue_scan(opened, watched=True).end("complete")
    assert opened.scans.filter(watched=True).count() == KEPT_WATCHED
    assert opened.scans.filter(pk=first.pk).exists()
    for _ in range(KEPT + 1):
        queue_scan(opened).end("complete")
    assert opened.scans.filter(watched=False).count() == KEPT


def test_a_project_that_writes_into_itself_is_not_run_for_ever(opened, monkeypatch, project_folder):
    def inspect(discovered, options, cancelled):
        change(project_folder)
        yield {"event": "end", "status": "complete", "seconds": 0, "error": None} | {
            "changed": ["config/urls.py"]
        }

    from inspector import engine

    monkeypatch.setattr(engine, "inspect", inspect)
    run(queue_scan(opened))
    watcher = Watcher()
    assert [watcher.look(opened.pk) for _ in range(3)] == [None, None, None]


def test_one_thread_looks_while_a_page_is_open(opened, monkeypatch):
    from inspector.projects import watching

    watcher = Watcher()
    looked = []
    came = threading.Event()

    def look(pk):
        looked.append(pk)
        came.set()

    monkeypatch.setattr(watching, "LOOK", 0.01)
    monkeypatch.setattr(watcher, "look", look)
    watcher.is_open(opened)
    thread = watcher._thread
    watcher.is_open(opened)
    assert watcher._thread is thread
    assert came.wait(20)
    monkeypatch.setattr(watching, "OPEN", 0.0)
    thread.join(20)
    assert not thread.is_alive()
    assert set(looked) == {opened.pk}
