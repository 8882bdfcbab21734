"""The updates page, and ``djdesk update``."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.test import override_settings
from django.urls import reverse

from djdesk import app
from djdesk.cli import main
from djdesk.desktop import backups
from djdesk.desktop.commands import update
from djdesk.messages import say, with_messages, word

pytestmark = pytest.mark.django_db(transaction=True)

JOURNAL = {
    "format": 1, "state": "confirmed", "from": "1.4.0", "to": "1.5.0", "reason": "", "kept": "",
    "asked": False, "backup": "", "history": [{"state": "confirmed", "at": 1790000000}],
}  # fmt: skip


@pytest.fixture
def data_dir(settings, tmp_path):
    from djdesk.desktop import database, datadir

    settings.DATA_DIR = datadir.ensure(tmp_path / "data")
    database.first_contact(settings.DATA_DIR / "app.sqlite3")
    (settings.DATA_DIR / "updates").mkdir()
    return settings.DATA_DIR


def write(data_dir: Path, name: str = "update.json", **change: object) -> None:
    (data_dir / "updates" / name).write_text(json.dumps(with_messages(JOURNAL | change)))


def page(client) -> str:
    return client.get(reverse("desktop-updates")).content.decode()


def test_before_the_first_update_the_page_says_so(client, data_dir):
    shown = page(client)
    assert "This app has not been updated yet." in shown
    assert app.current().version in shown
    assert client.post(reverse("desktop-updates")).status_code == 405


def test_what_was_done_and_why_it_was_taken_back(client, data_dir):
    reason = "It ended on its own."
    write(data_dir, state="rolled_back", reason=reason, kept="app-set-aside.sqlite3")
    write(data_dir, "last.json", **{"from": "1.3.0", "to": "1.4.0"})
    shown = page(client)
    assert "1.4.0 → 1.5.0" in shown and "1.3.0 → 1.4.0" in shown
    assert "did not work and was rolled back, together with your data" in shown
    assert reason in shown and "app-set-aside.sqlite3" in shown


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"state": 5}', '{"state": "confirmed", "history": [{"at": "x"}]}',
        '{"state": "confirmed", "history": [{"at": 1e300}]}', '{"state": "confirmed"}',
    ],
)  # fmt: skip
def test_a_damaged_journal_does_not_take_the_page_along(client, data_dir, text):
    (data_dir / "updates" / "update.json").write_text(text)
    assert client.get(reverse("desktop-updates")).status_code == 200


def test_an_update_under_way_is_not_history(client, data_dir):
    write(data_dir, state="staged")
    assert "This app has not been updated yet." in page(client)


def test_going_back_says_to_which_data(client, data_dir):
    backup = backups.make(data_dir, "update", "1.4.0")
    write(data_dir, backup=backup.name)
    shown = page(client)
    assert "with the data from" in shown
    write(data_dir, backup="gone.sqlite3")
    assert "with the data from before the update" in page(client)


@override_settings(LANGUAGE_CODE="de")
def test_in_german(client, data_dir):
    write(
        data_dir,
        state="abandoned",
        reason=say("You have skipped version {version}.", version="1.5.0"),
    )
    shown = client.get(reverse("desktop-updates"), HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "nicht installiert; nichts wurde geändert" in shown
    assert "Sie haben Version 1.5.0 übersprungen." in shown


def test_diagnostics_say_how_the_last_update_went(client, data_dir):
    write(data_dir, state="refused", reason="There is not enough room.")
    (data_dir / "updates" / "choices.json").write_text('{"installId": "0123"}')
    content = client.get(reverse("desktop-diagnostics")).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "not enough room" in archive.read("updates/update.json").decode()
        assert "updates/choices.json" not in archive.namelist()


def djdesk(capsys, *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_folder_without_an_update_is_refused(capsys, tmp_path):
    code, _, said = djdesk(capsys, "update", "install", "--from", tmp_path / "none")
    assert code == 3 and "There is no folder" in said
    code, _, said = djdesk(capsys, "update", "install", "--from", tmp_path)
    assert code == 3 and "no signed announcement" in said
    (tmp_path / "latest-linux.yml.sig").touch()
    code, _, said = djdesk(capsys, "update", "install", "--from", tmp_path)
    assert code == 1 and "runs from its sources" in said


@pytest.mark.skipif(sys.platform == "win32", reason="the program here is a script")
def test_the_window_is_asked_to_install_it(capsys, tmp_path, monkeypatch):
    (tmp_path / "latest-linux.yml.sig").touch()
    window = tmp_path / "shelf-app"
    asked = tmp_path / "asked"
    window.write_text(f'#!/bin/sh\necho "$@" > "{asked}.new" && mv "{asked}.new" "{asked}"\n')
    window.chmod(0o755)
    started = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)))
    monkeypatch.setattr(update, "program", lambda: window)
    code, out, _ = djdesk(capsys, "update", "install", "--from", tmp_path)
    assert code == 0 and "Updates” shows" in out
    assert started[0].wait(30) == 0
    assert asked.read_text().startswith(f"--update-folder={tmp_path}")


def test_how_the_last_one_went(capsys, data_dir):
    code, out, _ = djdesk(capsys, "update", "status", "--data-dir", data_dir)
    assert (code, out) == (0, "There was no update yet.\n")
    write(data_dir, state="rolled_back", reason="It ended on its own.")
    code, out, _ = djdesk(capsys, "update", "status", "--data-dir", data_dir)
    assert out == "1.4.0 → 1.5.0: rolled_back\nIt ended on its own.\n"


def test_the_program_of_an_installed_app(tmp_path, monkeypatch):
    folder = tmp_path / "resources" / "backend" / "app"
    monkeypatch.setattr(app, "packaged", lambda: folder)
    monkeypatch.setattr(app, "load", lambda _: app.App(**{**ABOUT, "root": folder}))
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert update.program() == tmp_path / "shelf-app"
    monkeypatch.setattr(sys, "platform", "win32")
    assert update.program() == tmp_path / "Shelf.exe"
    monkeypatch.setenv("APPIMAGE", "/a/Shelf.AppImage")
    assert update.program() == Path("/a/Shelf.AppImage")


ABOUT = dict.fromkeys(
    ("version", "description", "publisher", "settings", "icon", "scheme", "help_url", "online_help",
     "preferences"), ""
) | {"name": "Shelf", "id": "org.example.shelf", "slug": "shelf", "languages": ("en",)}  # fmt: skip


def test_what_the_shell_of_a_new_version_said_is_in_german_too(client, data_dir):
    for said, german in (
        (
            say(
                "The {who_text} has shown no activity for {seconds} s.",
                who_text=word("server"),
                seconds=180,
            ),
            "Der Server hat seit 180 s keine Aktivität",
        ),
        (
            say(
                "The {who_text} has not reported anything for {seconds} s.",
                who_text=word("worker"),
                seconds=60,
            ),
            "Der Worker hat seit 60 s nichts gemeldet.",
        ),
    ):
        reason = say("The new version failed its trial run: {why_text}", why_text=said)
        write(data_dir, state="refused", reason=reason)
        with override_settings(LANGUAGE_CODE="de"):
            shown = client.get(reverse("desktop-updates"), HTTP_ACCEPT_LANGUAGE="de")
        assert german in shown.content.decode()
