"""Trust: given to a folder with an interpreter, stored, withdrawn, and required to run code."""

from __future__ import annotations

import sys

import pytest
from django.urls import reverse

from inspector.facts.finding import Finding
from inspector.models import Scan, Workspace
from inspector.run.sandbox import NET_NOTE, NO_BWRAP, Sandbox
from inspector.tasks import queue_scan

pytestmark = pytest.mark.django_db


def trust(client, workspace, **values):
    values = {"python": "other", "python_path": sys.executable, "run": "1"} | values
    return client.post(reverse("inspector:trust", args=[workspace.pk]), values)


def test_trusting_is_kept_with_folder_and_interpreter(client, workspace):
    trust(client, workspace)
    workspace.refresh_from_db()
    assert workspace.is_trusted
    assert workspace.trusts(sys.executable)
    assert workspace.scans.get().trusted


def test_another_interpreter_is_not_trusted(client, workspace, tmp_path):
    trust(client, workspace)
    workspace.refresh_from_db()
    assert not workspace.trusts("/usr/bin/other-python")
    assert not workspace.trusts("")
    assert not workspace.trusts(None)


def test_a_link_that_was_turned_to_another_interpreter_is_not_trusted(client, workspace, tmp_path):
    link = tmp_path / "python"
    link.symlink_to(sys.executable)
    trust(client, workspace, python_path=str(link))
    workspace.refresh_from_db()
    assert workspace.trusts(str(link))
    other = tmp_path / "evil"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    link.unlink()
    link.symlink_to(other)
    assert not workspace.trusts(str(link))


def test_withdrawn_trust_ends_the_live_scan(client, workspace):
    trust(client, workspace)
    scan = workspace.scans.get()
    scan.begin()
    client.post(reverse("inspector:distrust", args=[workspace.pk]))
    workspace.refresh_from_db()
    scan.refresh_from_db()
    assert not workspace.is_trusted
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
def test_choices_that_cannot_be_used_trust_nothing(client, workspace, values, said):
    response = trust(client, workspace, **values)
    assert said in response.content.decode()
    workspace.refresh_from_db()
    assert not workspace.is_trusted and workspace.scans.count() == 0


def test_a_file_that_cannot_be_executed_is_no_interpreter(client, workspace, tmp_path):
    file = tmp_path / "python"
    file.write_text("")
    file.chmod(0o644)
    assert "cannot be executed" in trust(client, workspace, python_path=str(file)).content.decode()


def test_running_needs_an_interpreter(client, workspace):
    response = trust(client, workspace, python="", python_path="")
    assert "Choose a Python interpreter" in response.content.decode()


def test_choosing_without_running_does_not_trust(client, workspace):
    client.post(
        reverse("inspector:trust", args=[workspace.pk]),
        {"python": "other", "python_path": sys.executable},
    )
    workspace.refresh_from_db()
    assert workspace.python == sys.executable
    assert not workspace.is_trusted and not workspace.scans.get().trusted


def test_trusting_during_a_scan_queues_another_after_it(client, workspace):
    first = queue_scan(workspace)
    first.begin()
    trust(client, workspace)
    first.refresh_from_db()
    assert first.cancel_requested and first.again
    assert workspace.scans.count() == 1


def test_the_sample_is_trusted_once_and_not_again(client):
    client.post(reverse("inspector:sample"))
    sample = Workspace.objects.get()
    assert sample.is_sample and sample.is_trusted and sample.scans.get().trusted
    client.post(reverse("inspector:distrust", args=[sample.pk]))
    client.post(reverse("inspector:sample"))
    sample.refresh_from_db()
    assert not sample.is_trusted


def test_a_sample_of_an_earlier_installation_makes_way(client):
    Workspace.objects.create(path="/opt/old/spokes", name="spokes", is_sample=True)
    client.post(reverse("inspector:sample"))
    assert Workspace.objects.count() == 1


def test_trust_is_asked_for_before_the_findings(client, scanned):
    workspace = scanned(source="static")
    scan = workspace.scans.get()
    scan.findings = [Finding("x", "error", "Title", "Text.", "Why.").as_dict()] * 4
    scan.save()
    page = client.get(workspace.get_absolute_url()).content.decode()
    assert page.index('id="trust"') < page.index('id="attention"')


def test_the_page_says_what_trusting_means(client, scanned):
    page = client.get(scanned(source="static").get_absolute_url()).content.decode()
    assert "Trust this folder and run its Python" in page
    assert "Do it only for code that you would run yourself" in page


def test_a_changed_interpreter_is_pointed_out(client, workspace, tmp_path):
    other = {"path": "/opt/python", "usable": True, "chosen": True, "missing": []}
    workspace.trust(sys.executable)
    workspace.save()
    Scan.objects.create(workspace=workspace, status="complete", project={"interpreters": [other]})
    page = client.get(workspace.get_absolute_url()).content.decode()
    assert "The interpreter is not the one that was trusted" in page


@pytest.mark.parametrize("found", [[], [{"path": "/opt/other", "usable": False, "missing": []}]])
def test_an_interpreter_that_is_gone_is_named(client, workspace, tmp_path, found):
    gone = tmp_path / "venv" / "bin" / "python"
    workspace.trust(str(gone))
    workspace.save()
    # During a first scan, the interpreter is not known yet.
    Scan.objects.create(workspace=workspace, status="running", project={"interpreters": found})
    response = client.get(workspace.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert "The interpreter that was trusted is not there any more" in page and str(gone) in page


def test_a_folder_that_is_gone_is_said_once(client, workspace, tmp_path):
    workspace.path = str(tmp_path / "gone")
    workspace.save()
    error = {"message": "it does not exist", "hint": ""}
    Scan.objects.create(workspace=workspace, status="failed", error=error)
    page = client.get(workspace.get_absolute_url()).content.decode()
    assert "The folder does not exist" in page and "The scan failed" not in page


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Sandbox(notes=[NET_NOTE, NO_BWRAP]), "No sandbox of the operating system works"),
        (Sandbox("guard + bubblewrap", "/usr/bin/bwrap", ["The kernel holds it."]), "kernel holds"),
    ],
)
def test_who_is_asked_for_trust_is_told_what_holds_the_project(
    client, workspace, monkeypatch, found, says
):
    monkeypatch.setattr("inspector.run.sandbox.detect", lambda: found)
    page = client.get(workspace.get_absolute_url()).content.decode()
    assert "code can bypass it on purpose" in page
    assert says in page
    assert ("install bubblewrap" in page) is (found.program is None)
