"""Uploaded files: range requests, caching, types shown or only downloaded, and path limits."""

import os

import pytest
from django.http import Http404
from django.test import RequestFactory

from djdesk.desktop import media

FILM = bytes(range(256)) * 1000


@pytest.fixture
def root(settings, tmp_path):
    folder = tmp_path / "media é"
    folder.mkdir()
    settings.MEDIA_ROOT = str(folder)
    settings.MEDIA_URL = "/media/"
    (folder / "film.mp4").write_bytes(FILM)
    return folder


def get(name, method="get", **headers):
    request = getattr(RequestFactory(headers=headers), method)(f"/media/{name}")
    response = media.serve(request, name)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response, content


def test_the_whole_file(root):
    response, content = get("film.mp4")
    assert (response.status_code, content) == (200, FILM)
    assert response["Content-Type"] == "video/mp4"
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Content-Disposition" not in response or "inline" in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=7-7", 7, 7),
     ("bytes=255000-", 255000, 255999), ("bytes=-100", 255900, 255999),
     ("bytes=255990-999999", 255990, 255999), ("bytes=-999999999", 0, 255999)],
)  # fmt: skip
def test_a_part(root, asked, first, last):
    response, content = get("film.mp4", Range=asked)
    assert (response.status_code, content) == (206, FILM[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,5-9", "lines=1-2"])
def test_what_is_no_single_part_gets_the_whole(root, asked):
    assert get("film.mp4", Range=asked)[0].status_code == 200


def test_a_part_that_is_not_there(root):
    response, content = get("film.mp4", Range="bytes=256000-")
    assert (response.status_code, content) == (416, b"")
    assert response["Content-Range"] == "bytes */256000"


def test_a_part_of_a_file_that_changed_is_the_whole_of_the_new_one(root):
    etag = get("film.mp4")[0]["ETag"]
    assert get("film.mp4", Range="bytes=0-9", If_Range=etag)[0].status_code == 206
    (root / "film.mp4").write_bytes(b"new")
    assert get("film.mp4", Range="bytes=0-9", If_Range=etag)[1] == b"new"


def test_what_is_known_is_not_sent_again(root):
    response, _ = get("film.mp4")
    assert get("film.mp4", If_None_Match=response["ETag"])[0].status_code == 304
    assert get("film.mp4", If_Modified_Since=response["Last-Modified"])[0].status_code == 304
    (root / "film.mp4").write_bytes(b"new")
    assert get("film.mp4", If_None_Match=response["ETag"])[0].status_code == 200


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.pdf", "a.txt", "a.csv", "a.mp3", "a.json"])
def test_shown(root, name):
    (root / name).write_bytes(b"x")
    assert "attachment" not in get(name)[0].get("Content-Disposition", "")


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.xml", "a.xhtml", "a.js", "a.html.gz", "a.swf", "a", 'ü "x".html']
)
def test_what_could_run_as_a_page_of_the_app_is_saved(root, name):
    (root / name).write_bytes(b"<script>alert(1)</script>")
    response, _ = get(name)
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_nothing_outside_of_the_folder(root, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    names = ["../secret.txt", "/etc/hostname", "..", "", "none.txt", "a\0b"]
    if hasattr(os, "symlink"):
        (root / "link.txt").symlink_to(tmp_path / "secret.txt")
        names.append("link.txt")
    if hasattr(os, "mkfifo"):
        os.mkfifo(root / "pipe.txt")
        names.append("pipe.txt")
    for name in names:
        with pytest.raises(Http404):
            get(name)


def test_for_reading_only(root):
    assert get("film.mp4", "post")[0].status_code == 405
    assert get("film.mp4", "head")[0].status_code == 200


@pytest.mark.parametrize("url", ["", "/", "https://cdn.example.org/", "//cdn.example.org/"])
def test_no_route_where_media_is_not_ours(settings, root, url):
    settings.MEDIA_URL = url
    assert media.patterns() == []
