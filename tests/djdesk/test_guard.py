"""Access control: first the decisions, then the middleware around the whole app."""

import dataclasses

import pytest
from django.shortcuts import redirect
from django.urls import reverse

from djdesk.desktop import launch, sessions
from djdesk.desktop.guard import Verdict, Visitor, judge, session_cookie_name
from djdesk.tools.fixtures import PORT, SESSION, TOKEN

HOST = f"127.0.0.1:{PORT}"
FROM_A_FILE = {
    "path": "/desktop/enter/",
    "method": "POST",
    "origin": "null",
    "fetch_site": "cross-site",
    "fetch_mode": "navigate",
}


@pytest.fixture
def browser_launch(launch_config):
    launch.replace(dataclasses.replace(launch_config, browser_session=SESSION))
    sessions.forget()


def cookie():
    """The cookie of a browser that has just logged in."""
    return sessions.spend(sessions.new_code())


def decide(**visitor):
    return judge(Visitor(**{"host": HOST, "path": "/", **visitor}), launch.current())


@pytest.mark.parametrize(
    "visitor",
    [
        {},
        {"token": ""},
        {"token": TOKEN[:-1]},
        {"token": "ÿþ" * 32},
        {"token": "\udcff"},
        {"token": TOKEN, "host": f"localhost:{PORT}"},
        {"token": TOKEN, "host": "127.0.0.1"},
        {"token": TOKEN, "host": f"127.0.0.1:{PORT + 1}"},
        {"token": TOKEN, "host": f"evil.example:{PORT}"},
        {"token": TOKEN, "fetch_site": "cross-site"},
        {"token": TOKEN, "fetch_site": "same-site"},
        {"session": SESSION},
        {"path": "/desktop/enter/"},
        FROM_A_FILE,
    ],
)
def test_refused_in_a_window_launch(launch_config, visitor):
    assert decide(**visitor) is Verdict.REFUSED


@pytest.mark.parametrize(
    "visitor",
    [
        {"session": "6" * 64},
        {"session": SESSION},
        {"session": ""},
        {"session": "ü.ü"},
        {"path": "/desktop/code/"},
        {"fetch_site": "cross-site", "cookie": True},
        {"host": f"localhost:{PORT}", "cookie": True},
        {**FROM_A_FILE, "method": "GET"},
        {**FROM_A_FILE, "origin": "https://evil.example"},
        {**FROM_A_FILE, "origin": ""},
        {**FROM_A_FILE, "fetch_mode": "no-cors"},
        {**FROM_A_FILE, "fetch_site": "same-site"},
        {**FROM_A_FILE, "path": "/", "cookie": True},
        {**FROM_A_FILE, "path": "/desktop/code/", "cookie": True},
        {**FROM_A_FILE, "host": f"localhost:{PORT}"},
    ],
)
def test_refused_in_a_browser_launch(browser_launch, visitor):
    visitor = dict(visitor)
    if visitor.pop("cookie", False):
        visitor["session"] = cookie()
    assert decide(**visitor) is Verdict.REFUSED


def test_let_in(launch_config):
    assert decide(token=TOKEN) is Verdict.OURS
    assert decide(token=TOKEN, fetch_site="same-origin") is Verdict.OURS


def test_let_into_a_browser_launch(browser_launch):
    assert decide(session=cookie(), fetch_site="none") is Verdict.OURS
    assert decide(path="/desktop/enter/") is Verdict.ENTERING
    assert decide(**FROM_A_FILE) is Verdict.ENTERING


def test_an_empty_token_never_matches_an_empty_header(launch_config):
    launch.replace(dataclasses.replace(launch_config, token=""))
    assert decide(token="") is Verdict.REFUSED


@pytest.mark.parametrize("path", ["/", "/health/", "/static/desktop/tokens.css", "/no/such"])
def test_without_the_token_every_address_answers_the_same(client_without_token, path):
    response = client_without_token.get(path)
    assert (response.status_code, response.content) == (403, b"403 Forbidden\n")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_token_of_odd_bytes_is_a_403_and_not_an_error(client_without_token):
    assert (
        client_without_token.get("/health/", headers={"x-djdesk-token": "\xff\xfe"}).status_code
        == 403
    )


def test_without_a_launch_nobody_gets_in(client, settings):
    launch.replace(None)
    settings.DESKTOP_MODE = "packaged"
    assert client.get("/health/").status_code == 403


@pytest.mark.django_db
def test_a_login_that_the_project_requires_is_for_its_own_pages(
    client, client_without_token, settings
):
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]
    for path in ("/health/", "/desktop/data/", "/desktop/logs/", "/desktop/help/"):
        assert client.get(path).status_code == 200, path
        assert client_without_token.get(path).status_code == 403, path
    # One stream carries those of the project's views.
    for path in ("/features/upload/", "/desktop/events/?s=/features/events/"):
        refused = client.get(path)
        assert (refused.status_code, refused["Location"].split("?")[0]) == (302, "/features/login/")


@pytest.mark.django_db
def test_headers_of_a_page(client):
    response = client.get(reverse("desktop-welcome") + "no-such-page/")
    assert response.status_code == 404
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_static_files_carry_no_cors_header(client):
    response = client.get("/static/desktop/tokens.css")
    assert "Access-Control-Allow-Origin" not in response


def test_the_cookie_name_carries_the_port():
    assert session_cookie_name(1234) != session_cookie_name(1235)


class EverybodyLogsIn:
    """As in many projects: every page requires a login."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return redirect("/login/")


@pytest.mark.django_db
def test_a_project_that_wants_a_login_everywhere_starts_all_the_same(
    browser_launch, client, client_without_token, settings
):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.EverybodyLogsIn"]
    assert client.get("/health/").json()["status"] == "ok"
    # An update that is never confirmed would be rolled back.
    assert client.post("/desktop/update/confirm").json() == {"confirmed": True}
    address = client.post("/desktop/code/").json()["url"]
    entered = client_without_token.get(address)
    assert (entered.status_code, entered["Location"]) == (302, "/")
    assert session_cookie_name(PORT) in entered.cookies
    # The app's own pages still require its login, and nobody else gets in.
    assert client.get("/")["Location"] == "/login/"
    client_without_token.cookies.clear()
    assert client_without_token.get("/health/").status_code == 403
    assert client_without_token.post("/desktop/update/confirm").status_code == 403
    assert client.post("/health/").status_code == 405
