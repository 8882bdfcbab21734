"""For some minutes, what the user removed can be restored unchanged."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from inspector import tasks
from inspector.exports import folder
from inspector.models import Command, Export, Preferences, Project, Scan
from inspector.pages.activity import recent
from inspector.projects import environments, removal

from .later import files_in, for_good

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"inspector:{name}", args=args)


@pytest.fixture
def shop(scanned, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    folder.folder().mkdir(parents=True)
    return scanned()


@pytest.fixture
def export(shop):
    name = "shop-report-2026-11-30-1.html"
    (folder.folder() / name).write_text("report")
    return Export.objects.create(project=shop, kind="report", name=name, status="done")


def test_a_removed_project_is_nowhere_and_comes_back_whole(client, shop):
    shop.dismissed = [{"id": "x", "when": "1", "keys": [], "reason": "r"}]
    shop.save()
    page = client.post(url("remove", shop.pk), follow=True).content.decode()
    assert f'action="{url("undo-remove", shop.pk)}"' in page
    assert "project-row" not in page
    assert recent() == []
    for name in ("overview", "models", "runs"):
        assert client.get(url(name, shop.pk)).status_code == 404
    assert tasks.delete_removed.call() == 0, "not yet"
    page = client.post(url("undo-remove", shop.pk), follow=True).content.decode()
    assert "project-row" in page
    assert Project.objects.get().dismissed == shop.dismissed
    assert Scan.objects.get().project_id == shop.pk
    assert client.get(url("overview", shop.pk)).status_code == 200


def test_what_it_does_ends(client, shop):
    scan = Scan.objects.create(project=shop, status="running", again=True)
    command = Command.objects.create(project=shop, preset="check", title="c", status="running")
    waits = Export.objects.create(project=shop, kind="report", name="a.html")
    client.post(url("remove", shop.pk))
    for row in (scan, command):
        row.refresh_from_db()
        assert row.cancel_requested
    waits.refresh_from_db()
    assert waits.status == "cancelled"


def test_a_scan_that_was_to_follow_does_not(shop, monkeypatch):
    from inspector.scans import task

    scan = Scan.objects.create(project=shop, again=True)

    def drive(scan):
        removal.put_aside(scan.project)
        scan.end("cancelled")

    monkeypatch.setattr(task, "drive", drive)
    tasks.run_scan.call(scan.pk)
    assert not Scan.objects.active().exists()


def test_some_minutes_later_it_is_gone_for_good(client, shop, export):
    command = Command.objects.create(project=shop, preset="check", title="c", status="done")
    environment = environments.folder_of(shop)
    for file in (command.output, environment / "pyvenv.cfg"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    client.post(url("remove", shop.pk))
    assert command.output.is_file()
    assert environment.is_dir()
    assert for_good() == 1
    assert not command.output.exists()
    assert not environment.exists()
    assert not Project.everything.exists()
    assert export.path.is_file(), "an exported file is the user's"
    page = client.post(url("undo-remove", shop.pk), follow=True).content.decode()
    assert "no longer be undone" in page


def test_opening_the_folder_again_brings_it_back_too(client, project_folder, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    client.post(url("open"), {"path": str(project_folder)})
    project = Project.objects.get()
    client.post(url("remove", project.pk))
    client.post(url("open"), {"path": str(project_folder)})
    assert Project.objects.get().pk == project.pk
    assert for_good() == 0


def test_trust_does_not_come_back_when_its_folder_is_trusted_no_more(client, shop):
    preferences = Preferences.load()
    preferences.trusted_folders = [str(shop.path)]
    preferences.save()
    shop.trust("/usr/bin/python3", inside=preferences.trusted_folder_of(f"{shop.path}/shop"))
    Project.objects.filter(pk=shop.pk).update(path=f"{shop.path}/shop")
    shop.path += "/shop"
    shop.save()
    client.post(url("remove", shop.pk))
    client.post(url("undo-remove", shop.pk))
    assert Project.objects.get().trusted_at is not None
    client.post(url("remove", shop.pk))
    Preferences.objects.update(trusted_folders=[])
    client.post(url("undo-remove", shop.pk))
    assert Project.objects.get().trusted_at is None


def test_a_deleted_file_comes_back_with_its_line(client, shop, export):
    page = client.post(url("export-delete", shop.pk, export.pk), follow=True).content.decode()
    assert f'action="{url("export-undo", shop.pk, export.pk)}"' in page
    assert not export.path.exists()
    assert not Export.objects.exists()
    assert client.get(url("export-content", shop.pk, export.pk)).status_code == 404
    page = client.post(url("export-undo", shop.pk, export.pk), follow=True).content.decode()
    assert "is back" in page
    assert export.path.read_text() == "report"
    assert Export.objects.get() == export


def test_a_deleted_file_is_deleted_in_the_end(client, shop, export):
    client.post(url("export-delete", shop.pk, export.pk))
    assert for_good() == 1
    assert files_in(folder.folder()) == []
    page = client.post(url("export-undo", shop.pk, export.pk), follow=True).content.decode()
    assert "no longer be undone" in page


def test_an_environment_comes_back_until_it_is_deleted_for_good(client, shop):
    made = environments.folder_of(shop)
    python = environments.python_of(made)
    python.parent.mkdir(parents=True)
    python.write_text("")
    shop.python = str(python)
    shop.trusted_at = timezone.now()
    shop.save()
    page = client.post(url("remove-environment", shop.pk), follow=True).content.decode()
    shop.refresh_from_db()
    assert shop.python == "" and not made.exists() and not shop.is_trusted
    undo = url("undo-remove-environment", shop.pk)
    assert f'action="{undo}"' in page
    page = client.post(undo, follow=True).content.decode()
    shop.refresh_from_db()
    assert shop.python == str(python) and python.is_file() and not shop.is_trusted
    assert "trust it again" in page
    client.post(url("remove-environment", shop.pk))
    tasks.delete_removed.call()
    assert environments.bring_back(shop), "not yet"
    client.post(url("remove-environment", shop.pk))
    for_good()
    assert list(made.parent.iterdir()) == []
    assert "no longer be undone" in client.post(undo, follow=True).content.decode()


def test_an_environment_does_not_replace_a_newer_one(client, shop):
    made = environments.folder_of(shop)
    made.mkdir(parents=True)
    client.post(url("remove-environment", shop.pk))
    made.mkdir()
    page = client.post(url("undo-remove-environment", shop.pk), follow=True).content.decode()
    assert "no longer be undone" in page


@pytest.mark.parametrize("name", ["undo-remove", "export-undo"])
def test_only_a_post_brings_back(client, shop, export, name):
    args = [shop.pk] if name == "undo-remove" else [shop.pk, export.pk]
    assert client.get(url(name, *args)).status_code == 405
