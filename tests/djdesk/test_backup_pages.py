"""Pages of the runtime: backups, logs, diagnostics."""

import io
import zipfile

import pytest
from django.urls import reverse

from djdesk.desktop import backups, data_startup, launch, notices

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data_dir(settings, tmp_path):
    """A separate data folder with a small database: the pages read settings.DATA_DIR."""
    from djdesk.desktop import database, datadir

    settings.DATA_DIR = datadir.ensure(tmp_path / "data")
    database.first_contact(settings.DATA_DIR / "app.sqlite3")
    return settings.DATA_DIR


def test_without_backups_the_page_says_when_one_is_made(client, data_dir):
    page = client.get(reverse("desktop-data")).content.decode()
    assert "There are no backups yet" in page
    assert str(data_dir) in page


def test_making_showing_and_deleting_one(client, data_dir):
    assert client.get(reverse("desktop-backup")).status_code == 405
    page = client.post(reverse("desktop-backup"), follow=True).content.decode()
    (backup,) = backups.listed(data_dir)
    assert "Backup made and checked" in page
    assert backup.name in page
    client.post(reverse("desktop-delete"), {"name": backup.name})
    assert backups.listed(data_dir) == []


@pytest.mark.parametrize("name", ["", "../app.sqlite3", "no.sqlite3"])
@pytest.mark.parametrize("action", ["desktop-delete", "desktop-restore"])
def test_only_backups_of_the_list_can_be_named(client, data_dir, action, name):
    assert client.post(reverse(action), {"name": name}).status_code == 404
    assert (data_dir / "app.sqlite3").exists()


def test_a_restore_is_noted_and_the_shell_asked(client, data_dir, monkeypatch):
    asked = []
    monkeypatch.setattr(launch, "ask_for_restart", lambda reason: asked.append(reason) or True)
    backup = backups.make(data_dir, "manual", "1.0")
    response = client.post(reverse("desktop-restore"), {"name": backup.name})
    assert b"data-until-back" in response.content
    assert data_startup.remembered(data_dir).restore == backup.name
    assert asked == ["Restoring a backup"]


def test_without_a_shell_the_restore_waits_for_the_next_start(client, data_dir):
    backup = backups.make(data_dir, "manual", "1.0")
    page = client.post(reverse("desktop-restore"), {"name": backup.name}, follow=True)
    assert b"at the next start" in page.content


def test_a_notice_stays_until_it_is_dismissed(client, data_dir):
    notices.add("place", "warning", "The folder is <b>synced</b>.")
    page = client.get(reverse("desktop-data")).content.decode()
    assert "The folder is &lt;b&gt;synced&lt;/b&gt;." in page
    response = client.post(reverse("desktop-dismiss"), {"key": "place", "next": "/desktop/logs/"})
    assert response["Location"] == "/desktop/logs/"
    assert notices.current() == []


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_dismissing_leads_nowhere_else(client, data_dir, target):
    assert client.post(reverse("desktop-dismiss"), {"next": target})["Location"] == "/"


def test_logs_are_shown_filtered_and_escaped(client, data_dir):
    (data_dir / "logs" / "server.log").write_text("one <script>\ntwo Needle\nthree\n")
    page = client.get(reverse("desktop-logs")).content.decode()
    assert "one &lt;script&gt;" in page
    page = client.get(reverse("desktop-logs"), {"q": "needle"}).content.decode()
    assert "two Needle" in page
    assert "three" not in page


@pytest.mark.parametrize("name", ["../app.sqlite3", "/etc/passwd", "other.log"])
def test_only_log_files_can_be_named(client, data_dir, name):
    (data_dir / "logs" / "server.log").write_text("x\n")
    assert client.get(reverse("desktop-logs"), {"file": name}).status_code == 404


def test_no_logs_yet(client, data_dir):
    assert b"no log files yet" in client.get(reverse("desktop-logs")).content


def test_the_end_of_a_huge_log_comes_and_no_more(client, data_dir):
    (data_dir / "logs" / "server.log").write_text("x" * 99 + "\n" + "line of text\n" * 100_000)
    page = client.get(reverse("desktop-logs")).content.decode()
    assert page.count("line of text") == 1000


def test_diagnostics_name_settings_and_not_their_values(client, data_dir, settings):
    response = client.get(reverse("desktop-diagnostics"))
    assert response["Content-Disposition"].startswith("attachment;")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        names = archive.read("settings.txt").decode()
        everything = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "SECRET_KEY" in names
    assert settings.SECRET_KEY not in everything
