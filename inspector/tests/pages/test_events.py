"""The event streams: the state at once, and again after a commit that changed it."""

from __future__ import annotations

import json
import time

import pytest
from django.urls import reverse

from djdesk.desktop import live
from inspector.models import Command, Export
from inspector.tasks import queue_scan

pytestmark = pytest.mark.django_db(transaction=True)


LIMIT = 30.0  # seconds to wait for an event


@pytest.fixture(autouse=True)
def heartbeat(monkeypatch):
    """A silent stream sends a heartbeat soon, so that waiting can be given up."""
    monkeypatch.setattr(live, "HEARTBEAT", 0.2)


def events(response):
    """The parsed events of a stream one by one; fails if the next one is late."""
    deadline = time.monotonic() + LIMIT
    for chunk in response.streaming_content:
        assert time.monotonic() < deadline, "the stream stays silent"
        name, _, rest = chunk.decode().partition("\n")
        if name.startswith("event: "):
            yield name.removeprefix("event: "), json.loads(rest.removeprefix("data: "))
            deadline = time.monotonic() + LIMIT


@pytest.fixture
def stream(client, project):
    response = client.get(reverse("inspector:project-events", args=[project.pk]))
    yield events(response)
    response.close()


def test_state_at_once_and_after_a_commit(stream, project):
    name, first = next(stream)
    assert name == "change" and first["scans"] == []
    scan = queue_scan(project)
    scan.begin()
    scan.change(stage="Reading the models", progress=0.5)
    _, second = next(stream)
    while not second["scans"] or second["scans"][0]["stage"] != "Reading the models":
        _, second = next(stream)
    assert second["scans"][0]["progress"] == 0.5 and second["scans"][0]["active"]
    assert second["versions"]["scan"] != first["versions"]["scan"]


def test_a_new_section_changes_its_version_only(stream, project):
    scan = queue_scan(project)
    _, first = next(stream)
    scan.sections.create(name="urls", source="static", ok=True, data={})
    _, second = next(stream)
    changed = {k for k in second["versions"] if second["versions"][k] != first["versions"].get(k)}
    assert changed == {"urls"}


def test_an_export_is_told_of_from_start_to_end(stream, project):
    _, state = next(stream)
    assert state["exports"] == []
    export = Export.objects.create(project=project, kind="report", name="a.html")
    seen = []
    for change in ({"status": "running", "stage": "Writing"}, {"status": "done", "stage": ""}):
        Export.objects.filter(pk=export.pk).update(**change)
        _, state = next(stream)
        while state["exports"][0]["active"] == (change["status"] == "done"):
            _, state = next(stream)
        seen.append({key: state["exports"][0][key] for key in ("title", "label", "active")})
    assert seen == [
        {"title": "Report", "label": "Being made", "active": True},
        {"title": "Report", "label": "Done", "active": False},
    ]


def test_a_removed_project_says_so(stream, project):
    next(stream)
    project.delete()
    assert next(stream)[0] == "gone"


def test_home_hears_of_every_project(client, project):
    response = client.get(reverse("inspector:home-events"))
    stream = events(response)
    next(stream)
    queue_scan(project)
    _, state = next(stream)
    assert state["scans"][0]["project"] == project.pk
    response.close()


def test_no_stream_for_a_project_that_is_not_there(client):
    assert client.get(reverse("inspector:project-events", args=[99])).status_code == 404


def test_home_hears_of_a_command_and_its_end(client, project):
    response = client.get(reverse("inspector:home-events"))
    try:
        stream = events(response)
        _, first = next(stream)
        command = Command.objects.create(project=project, title="Check")
        _, second = next(stream)
        assert second["versions"]["activity"] != first["versions"]["activity"]
        assert second["versions"]["projects"] == first["versions"]["projects"]
        assert second["commands"][0]["active"]
        command.end(Command.Status.DONE)
        _, third = next(stream)
        assert not third["commands"][0]["active"] and third["commands"][0]["title"] == "Check"
    finally:
        response.close()
