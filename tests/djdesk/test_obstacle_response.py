"""Pages during a lock and on a full disk: they say so, and no input is lost."""

import contextlib
import errno
import html
import os
import re
import sqlite3
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.urls import path

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = {"Accept": "text/html,*/*", "Sec-Fetch-Mode": "navigate"}
SCRIPT = {"Accept": "*/*", "Sec-Fetch-Mode": "cors"}


def write(request):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS typed (text)")
        cursor.execute("INSERT INTO typed VALUES (%s)", [request.POST.get("text", "")])
    return HttpResponse("written")


def no_room(request):
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError as error:
        raise ValueError("the upload failed") from error


def broken(request):
    raise ValueError("a fault")


urlpatterns = [path("write/", write), path("no-room/", no_room), path("broken/", broken)]


@pytest.fixture
def visit(settings, client):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if ".guard." not in m]
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
    yield client
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.execute("DROP TABLE IF EXISTS typed")


@contextlib.contextmanager
def locked():
    with contextlib.closing(
        sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_page_under_a_lock_names_the_holder_and_tries_again(visit):
    with locked():
        answer = visit.get("/write/", headers=PAGE)
    assert answer.status_code == 503
    assert answer["Retry-After"] == answer["Refresh"] == "2"
    text = html.unescape(answer.content.decode())
    assert "locked" in text and "tries again automatically" in text and "<form" not in text
    if sys.platform == "linux":
        assert f"(pid {os.getpid()})" in text
    assert visit.get("/write/", headers=PAGE).content == b"written"


def test_a_form_keeps_what_was_typed_and_sends_it_again(visit):
    text = '\n  <b>"two"</b>\nlines & ümlauts'
    with locked():
        answer = visit.post("/write/?a=1", {"text": text, "more": ["1", "2"]}, headers=PAGE)
    assert answer.status_code == 503 and "Refresh" not in answer
    page = answer.content.decode()
    fields = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    # As a browser parses it: the first line break in a textarea is not part of its value.
    kept = [(name, html.unescape(value)) for name, value in fields]
    assert kept == [("text", text), ("more", "1"), ("more", "2")]
    (action,) = re.findall(r'<form method="post" action="([^"]*)"', page)
    assert html.unescape(action) == "/write/?a=1"
    assert visit.post(action, dict(kept), headers=PAGE).content == b"written"
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT text FROM typed").fetchall() == [(text,)]


def test_files_have_to_be_chosen_again(visit):
    with locked():
        answer = visit.post("/write/", {"f": SimpleUploadedFile("a", b"x")}, headers=PAGE)
    assert b"choose them again" in answer.content and b"multipart/form-data" in answer.content


def test_a_full_disk_anywhere_in_the_chain(visit):
    answer = visit.post("/no-room/", {"text": "kept"}, headers=PAGE)
    assert answer.status_code == 503
    assert b"The disk is full" in answer.content and b"kept</textarea>" in answer.content


def test_a_script_gets_json(visit):
    with locked():
        answer = visit.post("/write/", headers=SCRIPT)
    assert answer.status_code == 503 and "locked" in answer.json()["error"]


def test_a_fault_stays_a_fault(visit):
    answer = visit.post("/broken/", headers=PAGE)
    assert answer.status_code == 500 and b"unexpected error" in answer.content


def test_in_the_language_of_the_reader(visit):
    with locked():
        answer = visit.get("/write/", headers=PAGE | {"Accept-Language": "de"})
    assert "gesperrt" in answer.content.decode()
