"""The language of a response, messages created elsewhere, and times in the machine's zone."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from djdesk.desktop import message_translation
from djdesk.desktop.database import sqlite_failure
from djdesk.desktop.datadir import os_failure
from djdesk.desktop.live import _in_language
from djdesk.desktop.message_translation import catalogue_of, messages, translated
from djdesk.messages import say, say_n


def _locked() -> sqlite3.Error:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}


def test_the_browser_decides_when_nobody_has_chosen(client, db):
    response = client.get("/desktop/data/", **GERMAN)
    html = response.content.decode()
    assert '<html lang="de">' in html and "Sicherungen" in html
    assert response["Content-Language"] == "de" and "Accept-Language" in response["Vary"]
    assert '<html lang="en">' in client.get("/desktop/data/").content.decode()


def test_a_language_that_is_not_offered_is_english(client, db):
    html = client.get("/desktop/data/", HTTP_ACCEPT_LANGUAGE="fr,nl;q=0.5").content.decode()
    assert '<html lang="en">' in html and "Backups" in html


def test_an_error_page_speaks_it_too(client, db):
    response = client.get("/nowhere/", **GERMAN)
    assert response.status_code == 404 and "Seite nicht gefunden" in response.content.decode()


def test_the_thread_is_left_as_it_was(client, db):
    before = translation.get_language()
    client.get("/desktop/data/", **GERMAN)
    assert translation.get_language() == before


def test_health_asks_nobody_for_a_language(client, db, monkeypatch):
    """The shell requests it twice a second, even if the database is the problem."""
    monkeypatch.setattr("djdesk.desktop.language.language_of", lambda request: 1 / 0)
    assert client.get("/health/", **GERMAN).status_code == 200
    with pytest.raises(ZeroDivisionError):
        client.get("/desktop/data/", **GERMAN)


def test_a_stream_goes_on_in_the_language_of_its_request():
    with translation.override("de"):
        changes = _in_language(lambda cursor: (cursor, [("x", translation.get_language())]))
    assert changes(None) == (None, [("x", "de")])


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        (
            say("The backup {name} was restored.", name="a.sqlite3")
            + " "
            + say("The previous data is kept as {name}.", name="b.sqlite3"),
            "Die Sicherung a.sqlite3 wurde wiederhergestellt. Die vorherigen Daten sind als "
            "b.sqlite3 aufgehoben.",
        ),
        (
            str(sqlite_failure(_locked(), Path("/d/app.sqlite3")).reason),
            "Die Datenbank /d/app.sqlite3 ist gesperrt durch: ein anderes Programm.",
        ),
        (
            str(os_failure(OSError(errno.EACCES, "no"), Path("/d")).reason),
            "In den Datenordner /d lässt sich nicht schreiben: dieser Benutzer darf dort nicht "
            "schreiben.",
        ),
    ],
)
def test_a_sentence_is_said_in_the_language_of_the_page(sentence, german):
    with translation.override("de"):
        assert translated(sentence) == german
    with translation.override("en"):
        assert translated(sentence) == sentence


@pytest.mark.parametrize(
    "text", ["", None, "Traceback (most recent call last)", "{x} % %(a)s", "The disk is full."]
)
def test_what_is_no_message_stays(text):
    with translation.override("de"):
        assert translated(text) == (text or "")


def test_both_forms_of_a_plural_are_known(tmp_path):
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalogue = Catalog(locale="de")
    catalogue.add(
        ("{n} file in {place}", "{n} files in {place}"),
        ("{n} Datei in {place}", "{n} Dateien in {place}"),
    )
    with (tmp_path / "x.mo").open("wb") as file:
        write_mo(file, catalogue)
    file = (tmp_path / "x.mo").read_bytes()
    assert "{n} file in {place}\0{n} files in {place}" in dict(messages(file))
    german = catalogue_of([file])
    one = say_n("{n} file in {place}", "{n} files in {place}", 1, place="a")
    many = say_n("{n} file in {place}", "{n} files in {place}", 12, place="a")
    with translation.override("de"):
        assert message_translation._translated(german, one) == "1 Datei in a"
        assert message_translation._translated(german, many) == "12 Dateien in a"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no TZ")
@pytest.mark.parametrize(("zone", "hour"), [("Asia/Tokyo", 21), (None, None)])
def test_times_are_those_of_the_machine(zone, hour, tmp_path):
    """In a separate process, because the time zone applies to the whole process and its
    children.
    """
    code = (
        "import django, os; django.setup(); from datetime import datetime, UTC;"
        "from djdesk.desktop.localtime import written;"
        "print(os.environ.get('TZ'), written(datetime(2026, 1, 2, 12, 0, 5, tzinfo=UTC)))"
    )
    environment = {k: v for k, v in os.environ.items() if k != "TZ"}
    environment |= {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE} | (
        {"TZ": zone} if zone else {}
    )
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    found, moment = done.stdout.strip().split(" ", 1)
    assert found == str(zone)
    expected = datetime(2026, 1, 2, 12, 0, 5, tzinfo=UTC)
    local = f"2026-01-02 {hour}:00:05" if zone else None
    assert moment == (local or _of_the_system(expected))


def _of_the_system(when: datetime) -> str:
    """The output of a process without Django."""
    code = f"from datetime import *; print(datetime.fromtimestamp({when.timestamp()}))"
    environment = {k: v for k, v in os.environ.items() if k != "TZ"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
