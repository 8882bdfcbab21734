"""The preferences: one row, validated, and applied by the server."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse

from djdesk.desktop import choices
from inspector import engine, tasks
from inspector.models import Preferences, Project
from inspector.tasks import queue_scan

pytestmark = pytest.mark.django_db
GOOD = {
    **{"theme": "dark", "density": "compact", "editor": "", "scan_limit": 90, "section_limit": 20},
    **{"language": "system", "trust": "ask"},
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
    assert (
        'media="screen and (prefers-color-scheme: dark)"' in html and 'content="light dark"' in html
    )
    save(client)
    html = client.get("/").content.decode()
    assert 'data-theme="dark" data-density="compact"' in html
    assert "dark.css" in html and "prefers-color-scheme" not in html
    assert 'name="color-scheme" content="dark"' in html
    save(client, theme="light")
    assert 'media="not all"' in client.get("/").content.decode()


def test_the_runtimes_own_pages_follow(client):
    save(client)
    html = client.get(reverse("desktop-data")).content.decode()
    assert "dark.css" in html and "prefers-color-scheme" not in html


def test_the_limits_reach_the_engine(client, project_folder, monkeypatch):
    given = []

    def inspect(discovered, options, cancelled):
        given.append((options.time_limit, options.section_limit))
        yield {"event": "end", "status": "complete", "seconds": 0, "error": None, "changed": []}

    save(client)
    monkeypatch.setattr(engine, "inspect", inspect)
    project = Project.objects.create(path=str(project_folder), name="shop")
    tasks.run_scan.call(queue_scan(project).pk)
    assert given == [(90.0, 20.0)]


def test_reset_keeps_everything_else(client, project):
    save(client)
    client.post(reverse("inspector:keep-backups"), {"backups_kept": 9})
    client.post(reverse("inspector:preferences-reset"))
    assert not Preferences.objects.exists()
    assert choices.read(settings.DATA_DIR) == choices.Choices()
    assert Project.objects.get() == project


def quiet(client, name="preferences", **values):
    url = reverse(f"inspector:{name}")
    return client.post(url, values, headers={"X-Quiet": "1"}).json()


def test_a_group_is_saved_by_itself(client):
    save(client)
    assert quiet(client, only="notify", notify="on") == {"saved": True, "errors": {}}
    found = Preferences.objects.get()
    assert found.notify and found.theme == "dark" and found.scan_limit == 90
    # An unchecked box is not sent.
    assert quiet(client, only="notify")["saved"]
    assert not Preferences.objects.get().notify


def test_a_group_says_what_is_wrong_with_it_and_stores_nothing(client):
    answer = quiet(client, only="scan_limit section_limit", scan_limit=1, section_limit=20)
    assert not answer["saved"] and list(answer["errors"]) == ["scan_limit"]
    assert not Preferences.objects.exists()


def test_a_group_cannot_smuggle_in_a_field_of_another(client):
    quiet(client, only="theme", theme="dark", scan_limit=20, trusted_folders='["/"]')
    found = Preferences.objects.get()
    assert found.scan_limit == 300 and found.trusted_folders == []


@pytest.fixture
def backups_choice():
    yield
    (settings.DATA_DIR / choices.FILE_NAME).unlink(missing_ok=True)


@pytest.mark.usefixtures("backups_choice")
def test_how_many_backups_are_kept(client):
    assert quiet(client, "keep-backups", backups_kept=7)["saved"]
    assert choices.read(settings.DATA_DIR).backups_kept == 7
    assert "It keeps the latest 7" in client.get(reverse("desktop-data")).content.decode()
    assert "backups_kept" in quiet(client, "keep-backups", backups_kept=0)["errors"]
    assert choices.read(settings.DATA_DIR).backups_kept == 7


def test_the_shell_finds_the_page_by_an_address_of_its_own(client):
    response = client.get(reverse("desktop-preferences"))
    assert response.status_code == 302 and response["Location"] == reverse("inspector:preferences")


def test_it_says_where_the_data_is_and_how_much(client):
    html = client.get(reverse("inspector:preferences")).content.decode()
    assert str(settings.DATA_DIR) in html and "Database" in html


def test_reset_is_a_post(client):
    assert client.get(reverse("inspector:preferences-reset")).status_code == 405
