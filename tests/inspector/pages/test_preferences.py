"""The preferences: one row, checked, and applied by the server."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.urls import reverse

from inspector import engine, tasks
from inspector.models import Preferences, Scan, Workspace

pytestmark = pytest.mark.django_db
GOOD = {
    "theme": "dark",
    "density": "compact",
    "language": "system",
    "editor": "",
    "scan_limit": 90,
    "section_limit": 20,
}


def save(client, **values):
    return client.post(reverse("inspector:preferences"), GOOD | values)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("theme", "pink"),
        ("density", ""),
        ("language", "xx"),
        ("editor", "rm"),
        ("scan_limit", 5),
        ("scan_limit", "x"),
        ("section_limit", 99999),
    ],
)
def test_what_is_refused_is_not_stored(client, key, value):
    assert save(client, **{key: value}).status_code == 200
    assert not Preferences.objects.exists()


def test_there_is_one_row():
    Preferences(pk=1).save()
    with pytest.raises(IntegrityError):
        Preferences(pk=2).save()


def test_reading_writes_nothing(client):
    assert client.get(reverse("inspector:preferences")).status_code == 200
    assert not Preferences.objects.exists()


def test_the_theme_is_in_the_page_that_the_server_sends(client):
    html = client.get("/").content.decode()
    assert 'media="(prefers-color-scheme: dark)"' in html and 'content="light dark"' in html
    save(client)
    html = client.get("/").content.decode()
    assert 'data-theme="dark" data-density="compact"' in html
    assert "dark.css" in html and "prefers-color-scheme" not in html
    assert 'name="color-scheme" content="dark"' in html
    save(client, theme="light")
    assert "dark.css" not in client.get("/").content.decode()


def test_the_runtimes_own_pages_follow(client):
    save(client)
    html = client.get(reverse("desktop-data")).content.decode()
    assert "dark.css" in html and "prefers-color-scheme" not in html


def test_the_limits_reach_the_engine(client, project_folder, monkeypatch):
    given = []

    def inspect(project, options, cancelled):
        given.append((options.time_limit, options.section_limit))
        yield {"event": "end", "status": "complete", "seconds": 0, "error": None, "changed": []}

    save(client)
    monkeypatch.setattr(engine, "inspect", inspect)
    workspace = Workspace.objects.create(path=str(project_folder), name="shop")
    tasks.run_scan.call(Scan.objects.request(workspace).pk)
    assert given == [(90.0, 20.0)]


def test_reset_keeps_everything_else(client, workspace):
    save(client)
    client.post(reverse("inspector:preferences-reset"))
    assert not Preferences.objects.exists()
    assert Workspace.objects.get() == workspace


def test_reset_is_a_post(client):
    assert client.get(reverse("inspector:preferences-reset")).status_code == 405
