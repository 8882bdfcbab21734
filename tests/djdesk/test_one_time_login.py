"""The browser shell's one-time code: the address for scripts, and the page for browsers."""

import dataclasses
import html
import os
import re
import stat
import sys
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.test import Client

from djdesk.desktop import launch, sessions
from djdesk.desktop.guard import session_cookie_name
from djdesk.tools.fixtures import PORT, SESSION, TOKEN


@pytest.fixture
def browser_launch(launch_config):
    launch.replace(dataclasses.replace(launch_config, browser_session=SESSION))
    sessions.forget()


def browser():
    return Client(HTTP_HOST=f"127.0.0.1:{PORT}")


def address(client_without_token):
    response = client_without_token.post("/desktop/code/", headers={"x-djdesk-token": TOKEN})
    assert response.status_code == 200
    url = urlsplit(response.json()["url"])
    assert url.netloc == f"127.0.0.1:{PORT}"
    return f"{url.path}?{url.query}"


def test_no_code_without_the_token(client_without_token, browser_launch):
    assert client_without_token.post("/desktop/code/").status_code == 403


def test_no_code_for_a_mere_session(client_without_token, browser_launch):
    client_without_token.cookies = SimpleCookie(
        {session_cookie_name(PORT): sessions.spend(sessions.new_code())}
    )
    assert client_without_token.post("/desktop/code/").status_code == 403


def test_no_code_in_a_window_launch(client):
    assert client.post("/desktop/code/").status_code == 403


@pytest.mark.parametrize("code", ["", "wrong", "é" * 8, "\x00"])
def test_a_wrong_code_gets_nothing(client_without_token, browser_launch, code):
    response = client_without_token.get("/desktop/enter/", {"code": code})
    assert response.status_code == 403
    assert not response.cookies


def test_the_address_works_once_and_the_cookie_from_then_on(
    client_without_token, browser_launch, db
):
    where = address(client_without_token)
    response = client_without_token.get(where)
    assert (response.status_code, response["Location"]) == (302, "/")
    cookie = response.cookies[session_cookie_name(PORT)]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert TOKEN not in cookie.value
    assert client_without_token.get("/health/").status_code == 200


def test_an_address_that_is_opened_again_ends_the_session_that_it_gave(
    client_without_token, browser_launch, db
):
    where = address(client_without_token)
    client_without_token.get(where)
    bystander = browser()
    bystander.get(address(client_without_token))

    again = browser().get(where)
    assert again.status_code == 403
    assert not again.cookies
    assert b"already been used" in again.content
    assert b"is now signed out" in again.content

    refused = client_without_token.get("/health/")
    assert refused.status_code == 403
    assert b"opened a second time" in refused.content
    assert b"press Enter in the terminal" in refused.content
    german = client_without_token.get("/health/", HTTP_ACCEPT_LANGUAGE="de")
    assert "ein zweites Mal" in german.content.decode()
    assert bystander.get("/health/").status_code == 200

    # The remedy named on the page.
    assert client_without_token.get(address(client_without_token)).status_code == 302
    assert client_without_token.get("/health/").status_code == 200


def test_a_server_that_starts_again_knows_sessions_and_spent_codes(
    client_without_token, browser_launch, db
):
    first, second = address(client_without_token), address(client_without_token)
    one, two = browser(), browser()
    one.get(first)
    two.get(second)
    browser().get(first)
    sessions.forget()
    assert one.get("/health/").status_code == 403
    assert two.get("/health/").status_code == 200
    browser().get(second)
    assert two.get("/health/").status_code == 403


def test_ended_sessions_of_another_launch_mean_nothing(
    client_without_token, browser_launch, launch_config, db
):
    (launch_config.data_dir / "run").mkdir(exist_ok=True)
    path = launch_config.data_dir / "run" / "ended-sessions.txt"
    client_without_token.get(address(client_without_token))
    name = client_without_token.cookies[session_cookie_name(PORT)].value.partition(".")[0]
    path.write_text(f"{'1' * 16}\n{name}")
    sessions.forget()
    assert client_without_token.get("/health/").status_code == 200
    path.write_bytes(b"\xff\xfe")
    sessions.forget()
    assert client_without_token.get("/health/").status_code == 200
    path.unlink()


def page(client_without_token, launch_config):
    response = client_without_token.post("/desktop/code/?page=1", headers={"x-djdesk-token": TOKEN})
    path = launch_config.data_dir / "enter"
    (made,) = path.glob("*.html")
    assert response.json()["page"] == str(made)
    return made


def post_of(made):
    """What a browser does with that file."""
    text = made.read_text()
    action = html.unescape(re.search('action="([^"]+)"', text)[1])
    assert urlsplit(action).netloc == f"127.0.0.1:{PORT}"
    code = html.unescape(re.search('name="code" value="([^"]+)"', text)[1])
    return urlsplit(action).path, {"code": code}


FROM_A_FILE = {"Origin": "null", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_the_page_is_for_its_owner_only(client_without_token, browser_launch, launch_config):
    old = os.umask(0)
    try:
        made = page(client_without_token, launch_config)
    finally:
        os.umask(old)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_the_page_lets_its_browser_in_once_and_is_gone(
    client_without_token, browser_launch, launch_config, db
):
    where, code = post_of(page(client_without_token, launch_config))
    visitor = Client(HTTP_HOST=f"127.0.0.1:{PORT}", enforce_csrf_checks=True)
    response = visitor.post(where, code, headers=FROM_A_FILE)
    assert response.status_code == 200
    assert b'http-equiv="refresh"' in response.content
    assert response.cookies[session_cookie_name(PORT)]["samesite"] == "Strict"
    assert visitor.get("/health/").status_code == 200
    assert not list((launch_config.data_dir / "enter").glob("*"))

    again = browser().post(where, code, headers=FROM_A_FILE)
    assert again.status_code == 403
    assert visitor.get("/health/").status_code == 403


def test_a_page_that_nobody_opened_is_replaced_by_the_next(
    client_without_token, browser_launch, launch_config
):
    first = page(client_without_token, launch_config)
    assert page(client_without_token, launch_config) != first
    assert not first.exists()


def test_other_sites_cannot_use_the_way_of_the_page(
    client_without_token, browser_launch, launch_config
):
    where, code = post_of(page(client_without_token, launch_config))
    for headers in (
        {**FROM_A_FILE, "Origin": "https://evil.example"},
        {**FROM_A_FILE, "Sec-Fetch-Mode": "cors"},
    ):
        assert client_without_token.post(where, code, headers=headers).content.startswith(
            b"403 Forbidden"
        )
    assert client_without_token.post(where, {"code": "x.y"}, headers=FROM_A_FILE).status_code == 403


def test_where_the_page_cannot_be_written_there_is_still_an_address(
    client_without_token, browser_launch, launch_config
):
    folder = launch_config.data_dir / "enter"
    for left in folder.glob("*"):
        left.unlink()
    if folder.exists():
        folder.rmdir()
    folder.write_text("")
    try:
        response = client_without_token.post(
            "/desktop/code/?page=1", headers={"x-djdesk-token": TOKEN}
        )
        assert response.json()["page"] is None
        assert "code=" in response.json()["url"]
    finally:
        folder.unlink()


def test_the_refusal_says_how_to_get_back_in(client_without_token, browser_launch):
    assert b"press Enter" in client_without_token.get("/").content


def test_unspent_codes_are_bounded(client_without_token, browser_launch):
    first = address(client_without_token)
    for _ in range(20):
        address(client_without_token)
    assert client_without_token.get(first).status_code == 403


def test_the_refusal_is_in_the_language_of_the_browser(client_without_token, browser_launch):
    response = client_without_token.get(
        "/desktop/enter/?code=x", HTTP_ACCEPT_LANGUAGE="de-AT,de;q=0.9"
    )
    assert response.status_code == 403
    assert "schon benutzt" in response.content.decode()
