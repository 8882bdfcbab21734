"""The browser shell's one-time address."""

import dataclasses
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest

from djdesk.desktop import launch
from tests.conftest import PORT, SESSION, TOKEN


@pytest.fixture
def browser_launch(launch_config):
    launch.replace(dataclasses.replace(launch_config, browser_session=SESSION))


def address(stranger):
    response = stranger.post("/desktop/code/", headers={"x-djdesk-token": TOKEN})
    assert response.status_code == 200
    url = urlsplit(response.json()["url"])
    assert url.netloc == f"127.0.0.1:{PORT}"
    return f"{url.path}?{url.query}"


def test_no_code_without_the_token(stranger, browser_launch):
    assert stranger.post("/desktop/code/").status_code == 403


def test_no_code_for_a_mere_session(stranger, browser_launch):
    stranger.cookies = SimpleCookie({f"djdesk_session_{PORT}": SESSION})
    assert stranger.post("/desktop/code/").status_code == 403


def test_no_code_in_a_window_launch(client):
    assert client.post("/desktop/code/").status_code == 403


@pytest.mark.parametrize("code", ["", "wrong", "é" * 8, "\x00"])
def test_a_wrong_code_gets_nothing(stranger, browser_launch, code):
    response = stranger.get("/desktop/enter/", {"code": code})
    assert response.status_code == 403
    assert not response.cookies


def test_the_address_works_once_and_the_cookie_from_then_on(stranger, browser_launch, db):
    where = address(stranger)
    response = stranger.get(where)
    assert (response.status_code, response["Location"]) == (302, "/")
    cookie = response.cookies[f"djdesk_session_{PORT}"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert TOKEN not in cookie.value
    assert stranger.get("/health/").status_code == 200

    again = type(stranger)(HTTP_HOST=f"127.0.0.1:{PORT}").get(where)
    assert again.status_code == 403
    assert b"used already" in again.content


def test_the_refusal_says_how_to_get_back_in(stranger, browser_launch):
    assert b"press Enter" in stranger.get("/").content


def test_unspent_codes_are_bounded(stranger, browser_launch):
    first = address(stranger)
    for _ in range(20):
        address(stranger)
    assert stranger.get(first).status_code == 403


def test_the_refusal_is_in_the_language_of_the_browser(stranger, browser_launch):
    response = stranger.get("/desktop/enter/?code=x", HTTP_ACCEPT_LANGUAGE="de-AT,de;q=0.9")
    assert response.status_code == 403
    assert "schon benutzt" in response.content.decode()
