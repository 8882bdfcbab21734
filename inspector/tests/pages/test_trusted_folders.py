"""Trusted folders: their projects are trusted when opened; and code that never runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.urls import reverse

from inspector import engine, tasks
from inspector.commands.task import CannotRun, order_of
from inspector.models import Preferences, Project, Scan
from inspector.projects.trusted_folders import LIMIT, accept, trusted_folder_of
from inspector.tasks import queue_command, queue_scan

pytestmark = pytest.mark.django_db
NEVER = "The preferences do not allow running project code."


@pytest.fixture
def code(tmp_path):
    folder = tmp_path / "code"
    folder.mkdir()
    return folder


@pytest.fixture
def shop(code, project_folder):
    """A project below the folder, with an environment that discovery accepts."""
    root = code / "shop"
    project_folder.rename(root)
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (root / ".venv" / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n")
    site = Path(__import__("django").__file__).parents[1]
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    (root / ".venv" / "lib" / version).mkdir(parents=True)
    (root / ".venv" / "lib" / version / "site-packages").symlink_to(site)
    return root


def add(client, folder):
    return client.post(reverse("inspector:trust-folder"), {"path": str(folder)})


def open_(client, folder):
    client.post(reverse("inspector:open"), {"path": str(folder)})
    return Project.objects.get()


def test_a_new_project_below_is_trusted_with_the_interpreter_of_discovery(client, code, shop):
    add(client, code)
    project = open_(client, shop)
    assert project.trusted_inside == str(code)
    assert project.trusts(str(shop / ".venv" / "bin" / "python"))
    assert project.scans.get().trusted
    page = client.get(project.get_absolute_url()).content.decode()
    assert "a trusted folder in your preferences" in page


def test_home_says_what_opening_does(client, code):
    assert "the project's code does not run" in client.get("/").content.decode()
    add(client, code)
    page = client.get("/").content.decode()
    assert "are also run" in page and "not run." not in page


def test_without_the_folder_it_is_asked_for(client, shop):
    project = open_(client, shop)
    assert not project.is_trusted and not project.scans.get().trusted


def test_a_project_that_was_open_before_is_not_trusted_afterwards(client, code, shop):
    open_(client, shop)
    add(client, code)
    assert not open_(client, shop).is_trusted


def test_another_interpreter_is_not_covered(client, code, shop, tmp_path):
    add(client, code)
    project = open_(client, shop)
    (shop / ".venv" / "bin" / "python").unlink()
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\n")
    (shop / ".venv" / "bin" / "python").symlink_to(other)
    assert not project.trusts(str(shop / ".venv" / "bin" / "python"))


def test_without_an_interpreter_it_is_only_read(client, code, shop, monkeypatch):
    from inspector.views import actions

    monkeypatch.setattr(actions, "chosen_interpreter", lambda discovered: None)
    add(client, code)
    assert not open_(client, shop).is_trusted


def test_a_link_to_elsewhere_is_not_below(client, code, shop, tmp_path):
    outside = tmp_path / "outside"
    shop.rename(outside)
    (code / "shop").symlink_to(outside)
    add(client, code)
    assert not open_(client, code / "shop").is_trusted


def test_a_listed_folder_that_became_a_link_holds_nothing(code, tmp_path):
    (code / "shop").mkdir()
    assert trusted_folder_of([str(code)], str(code / "shop")) == str(code)
    elsewhere = tmp_path / "elsewhere"
    code.rename(elsewhere)
    code.symlink_to(elsewhere)
    assert trusted_folder_of([str(code)], str(code / "shop")) == ""
    assert trusted_folder_of([str(code)], str(elsewhere / "shop")) == ""


def test_the_folder_itself_and_names_that_begin_alike_are_not_below(code, tmp_path):
    (tmp_path / "code-of-others").mkdir()
    assert trusted_folder_of([str(code)], str(code)) == ""
    assert trusted_folder_of([str(code)], str(tmp_path / "code-of-others")) == ""


@pytest.mark.parametrize("place", ["/", "~", "above", "~/Downloads", "file", "nowhere", "open"])
def test_what_cannot_be_trusted_as_a_whole(client, tmp_path, monkeypatch, place):
    home = tmp_path / "home"
    (home / "Downloads").mkdir(parents=True)
    (tmp_path / "file").touch()
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    monkeypatch.setenv("HOME", str(home))
    path = str(tmp_path) if place == "above" else place
    if place in {"file", "nowhere", "open"}:
        path = str(tmp_path / place)
    html = add(client, path).content.decode()
    assert 'aria-invalid="true"' in html
    assert not Preferences.objects.exists()


def test_a_link_is_kept_as_what_it_leads_to(client, code, tmp_path):
    (tmp_path / "link").symlink_to(code)
    add(client, tmp_path / "link")
    assert Preferences.load().trusted_folders == [str(code)]
    with pytest.raises(ValueError, match="no folder"):
        accept(tmp_path / "gone")


def test_the_list_is_finite_and_names_nothing_twice(client, tmp_path):
    for number in range(LIMIT):
        (tmp_path / str(number)).mkdir()
        add(client, tmp_path / str(number))
    assert "is on the list" in add(client, tmp_path / "0").content.decode()
    (tmp_path / "more").mkdir()
    assert "Remove one first" in add(client, tmp_path / "more").content.decode()


def test_removing_the_folder_takes_back_what_came_from_it(client, code, shop):
    add(client, code)
    project = open_(client, shop)
    project.scans.get().begin()
    forget = reverse("inspector:forget-folder")
    page = client.post(forget, {"path": str(code)}, follow=True).content.decode()
    project.refresh_from_db()
    assert Preferences.load().trusted_folders == []
    assert not project.is_trusted and project.scans.get().cancel_requested
    undo = reverse("inspector:trust-folder", query={"path": str(code)})
    assert f'action="{undo}"' in page
    client.post(undo)
    assert Preferences.load().trusted_folders == [str(code)]
    project.refresh_from_db()
    assert not project.is_trusted, "it has to be trusted again, as the notice said"
    assert "data-undo" not in client.post(forget, {"path": "/x"}, follow=True).content.decode()


def test_trust_that_was_given_here_stays_when_the_folder_goes(client, code, shop):
    add(client, code)
    project = open_(client, shop)
    values = {"python": "other", "python_path": sys.executable, "run": "1"}
    client.post(reverse("inspector:trust", args=[project.pk]), values)
    client.post(reverse("inspector:preferences-reset"))
    project.refresh_from_db()
    assert project.is_trusted and project.trusted_inside == ""


def test_never_ends_what_runs_and_starts_nothing(client, project, project_folder, monkeypatch):
    project.path = str(project_folder)
    project.python = sys.executable
    project.trust(sys.executable)
    project.save()
    scan = queue_scan(project)
    scan.begin()
    command = queue_command(project, "check", "Check", ["check"])
    assert order_of(command)
    client.post(reverse("inspector:preferences"), {"only": "trust", "trust": "never"})
    scan.refresh_from_db()
    command.refresh_from_db()
    assert scan.cancel_requested and not command.is_active

    with pytest.raises(CannotRun, match="preferences"):
        order_of(command)
    url = reverse("inspector:run-command", args=[project.pk])
    assert NEVER in client.post(url, {"preset": "check", "confirmed": "1"}).content.decode()
    url = reverse("inspector:trust", args=[project.pk])
    client.post(url, {"python": "other", "python_path": sys.executable, "run": "1"})
    assert Scan.objects.count() == 1

    given = []

    def inspect(discovered, options, cancelled):
        given.append(options.trust)
        yield {"event": "end", "status": "complete", "seconds": 0, "error": None, "changed": []}

    monkeypatch.setattr(engine, "inspect", inspect)
    scan.end(Scan.Status.CANCELLED)
    tasks.run_scan.call(queue_scan(project).pk)
    assert given == [False]


def test_another_choice_does_not_end_a_scan_that_only_reads(client, project):
    Preferences(pk=1, trust="never").save()
    scan = Scan.objects.create(project=project, status="running", trusted=True)
    client.post(reverse("inspector:preferences"), {"only": "theme", "theme": "dark"})
    scan.refresh_from_db()
    assert not scan.cancel_requested


def test_never_asks_nothing(client, scanned):
    project = scanned(source="static")
    Preferences(pk=1, trust="never").save()
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Your preferences do not allow" in page and "Trust this folder" not in page
    commands = client.get(reverse("inspector:commands", args=[project.pk])).content.decode()
    assert "Commands need a trusted folder" not in commands


def test_never_beats_a_trusted_folder(client, code, shop):
    add(client, code)
    client.post(reverse("inspector:preferences"), {"only": "trust", "trust": "never"})
    assert not open_(client, shop).is_trusted
