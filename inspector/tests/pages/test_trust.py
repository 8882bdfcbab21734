"""Trust: given to a folder with an interpreter, stored, withdrawn, and required to run code."""

from __future__ import annotations

import sys

import pytest
from django.urls import reverse

from inspector.facts.finding import Finding
from inspector.models import Project, Scan
from inspector.run.sandbox import NET_NOTE, NO_BWRAP, Sandbox
from inspector.tasks import queue_scan

pytestmark = pytest.mark.django_db


def trust(client, project, **values):
    values = {"python": "other", "python_path": sys.executable, "run": "1"} | values
    return client.post(reverse("inspector:trust", args=[project.pk]), values)


def test_trusting_is_kept_with_folder_and_interpreter(client, project):
    trust(client, project)
    project.refresh_from_db()
    assert project.is_trusted
    assert project.trusts(sys.executable)
    assert project.scans.get().trusted


def test_another_interpreter_is_not_trusted(client, project, tmp_path):
    trust(client, project)
    project.refresh_from_db()
    assert not project.trusts("/usr/bin/other-python")
    assert not project.trusts("")
    assert not project.trusts(None)


def test_a_link_that_was_turned_to_another_interpreter_is_not_trusted(client, project, tmp_path):
    link = tmp_path / "python"
    link.symlink_to(sys.executable)
    trust(client, project, python_path=str(link))
    project.refresh_from_db()
    assert project.trusts(str(link))
    other = tmp_path / "evil"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    link.unlink()
    link.symlink_to(other)
    assert not project.trusts(str(link))


def test_withdrawn_trust_ends_the_live_scan(client, project):
    trust(client, project)
    scan = project.scans.get()
    scan.begin()
    client.post(reverse("inspector:distrust", args=[project.pk]))
    project.refresh_from_db()
    scan.refresh_from_db()
    assert not project.is_trusted
    assert scan.cancel_requested


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"python_path": ""}, "Enter the path of a Python interpreter"),
        ({"python_path": "python3"}, "Enter the full path"),
        ({"python_path": "/nowhere/python"}, "There is no interpreter at"),
        ({"python_path": "/"}, "is a folder without an interpreter"),
        ({"settings_module": "shop/settings.py"}, "Enter it as Python imports it"),
        ({"settings_module": "--pythonpath=x"}, "Enter it as Python imports it"),
    ],
)
def test_choices_that_cannot_be_used_trust_nothing(client, project, values, said):
    response = trust(client, project, **values)
    assert said in response.content.decode()
    project.refresh_from_db()
    assert not project.is_trusted and project.scans.count() == 0


def test_a_file_that_cannot_be_executed_is_no_interpreter(client, project, tmp_path):
    file = tmp_path / "python"
    file.write_text("")
    file.chmod(0o644)
    assert "cannot be executed" in trust(client, project, python_path=str(file)).content.decode()


def test_running_needs_an_interpreter(client, project):
    response = trust(client, project, python="", python_path="")
    assert "Choose a Python interpreter" in response.content.decode()


def test_choosing_without_running_does_not_trust(client, project):
    client.post(
        reverse("inspector:trust", args=[project.pk]),
        {"python": "other", "python_path": sys.executable},
    )
    project.refresh_from_db()
    assert project.python == sys.executable
    assert not project.is_trusted and not project.scans.get().trusted


def test_trusting_during_a_scan_queues_another_after_it(client, project):
    first = queue_scan(project)
    first.begin()
    trust(client, project)
    first.refresh_from_db()
    assert first.cancel_requested and first.again
    assert project.scans.count() == 1


def test_the_sample_is_trusted_once_and_not_again(client):
    client.post(reverse("inspector:sample"))
    sample = Project.objects.get()
    assert sample.is_sample and sample.is_trusted and sample.scans.get().trusted
    client.post(reverse("inspector:distrust", args=[sample.pk]))
    client.post(reverse("inspector:sample"))
    sample.refresh_from_db()
    assert not sample.is_trusted


def test_a_sample_of_an_earlier_installation_makes_way(client):
    Project.objects.create(path="/opt/old/spokes", name="spokes", is_sample=True)
    client.post(reverse("inspector:sample"))
    assert Project.objects.count() == 1


def test_trust_is_asked_for_before_the_findings(client, scanned):
    project = scanned(source="static")
    scan = project.scans.get()
    scan.findings = [Finding("x", "error", "Title", "Text.", "Why.").as_dict()] * 4
    scan.save()
    page = client.get(project.get_absolute_url()).content.decode()
    assert page.index('id="trust"') < page.index('id="attention"')


def test_the_page_says_what_trusting_means(client, scanned):
    page = client.get(scanned(source="static").get_absolute_url()).content.decode()
    assert "Trust this folder and run its Python" in page
    assert "Do it only for code that you would run yourself" in page


def test_a_changed_interpreter_is_pointed_out(client, project, tmp_path):
    other = {"path": "/opt/python", "usable": True, "chosen": True, "missing": []}
    project.trust(sys.executable)
    project.save()
    Scan.objects.create(project=project, status="complete", discovered={"interpreters": [other]})
    page = client.get(project.get_absolute_url()).content.decode()
    assert "The interpreter is not the one that was trusted" in page


@pytest.mark.parametrize("found", [[], [{"path": "/opt/other", "usable": False, "missing": []}]])
def test_an_interpreter_that_is_gone_is_named(client, project, tmp_path, found):
    gone = tmp_path / "venv" / "bin" / "python"
    project.trust(str(gone))
    project.save()
    # During a first scan, the interpreter is not known yet.
    Scan.objects.create(project=project, status="running", discovered={"interpreters": found})
    response = client.get(project.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert "The interpreter that was trusted is not there any more" in page and str(gone) in page


def test_a_folder_that_is_gone_is_said_once(client, project, tmp_path):
    project.path = str(tmp_path / "gone")
    project.save()
    error = {"message": "it does not exist", "hint": ""}
    Scan.objects.create(project=project, status="failed", error=error)
    page = client.get(project.get_absolute_url()).content.decode()
    assert "The folder does not exist" in page and "The scan failed" not in page


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Sandbox(notes=[NET_NOTE, NO_BWRAP]), "No sandbox of the operating system works"),
        (Sandbox("guard + bubblewrap", "/usr/bin/bwrap", ["The kernel holds it."]), "kernel holds"),
    ],
)
def test_who_is_asked_for_trust_is_told_what_holds_the_project(
    client, project, monkeypatch, found, says
):
    monkeypatch.setattr("inspector.run.sandbox.detect", lambda: found)
    page = client.get(project.get_absolute_url()).content.decode()
    assert "code can bypass it on purpose" in page
    assert says in page
    assert ("install bubblewrap" in page) is (found.program is None)
