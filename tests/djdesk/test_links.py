"""A link from outside opens only declared pages."""

import pytest
from django.test import Client

from djdesk.desktop.views import links

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "desktop/diagnostics.zip/",
        "desktop/data/delete/",
        "desktop/open/desktop/open/",
        "nowhere/",
        "%2F%2Fevil.example/",
        "/evil.example/",
        "..%2F..%2Fetc/",
    ],
)
def test_what_is_not_declared_opens_the_first_page(client: Client, path: str) -> None:
    response = client.get(f"/desktop/open/{path}")
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_a_declared_page_is_opened(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "declared", lambda: {"desktop-data"})
    response = client.get("/desktop/open/desktop/data/")
    assert response["Location"] == "/desktop/data/"


def test_only_reading(client: Client) -> None:
    assert client.post("/desktop/open/desktop/data/").status_code in {403, 405}


def test_every_declared_name_is_a_page() -> None:
    from django.urls import NoReverseMatch, reverse

    for name in links.declared():
        try:
            reverse(name)
        except NoReverseMatch:
            reverse(name, args=[1])


@pytest.mark.parametrize("path", ["desktop/help/", "desktop/help/data/"])
def test_the_help_may_be_opened_by_a_link(client: Client, path: str) -> None:
    assert client.get(f"/desktop/open/{path}")["Location"] == f"/{path}"


@pytest.mark.django_db
def test_what_the_table_of_the_app_names_is_opened(client: Client) -> None:
    assert client.get("/desktop/open/books/1/")["Location"] == "/books/1/"
    assert client.get("/desktop/open/admin/")["Location"] == "/"
