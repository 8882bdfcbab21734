"""The home page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from djdesk.desktop import notices
from djdesk.desktop.guard import TOKEN_HEADER
from inspector.models import Project
from inspector.views import home


def test_what_the_start_found_out_is_shown_until_dismissed(client, db):
    notices.add("place", "warning", "The data folder is <synced>.")
    try:
        assert "The data folder is &lt;synced&gt;." in client.get("/").content.decode()
        client.post("/desktop/notices/dismiss/", {"key": "place", "next": "/"})
        assert "&lt;synced&gt;" not in client.get("/").content.decode()
    finally:
        notices.dismiss("place")


def test_browsers_find_the_icon_by_themselves(client, db):
    response = client.get("/favicon.ico")
    assert response.status_code == 302 and response["Location"].endswith("inspector/icon.svg")


@pytest.mark.django_db(transaction=True)
class TestKeptPage:
    """The page is cached until a commit, except for what belongs to each reader."""

    def test_it_is_made_again_only_after_a_commit(
        self, client, django_assert_num_queries, monkeypatch
    ):
        monkeypatch.setattr(home, "minute", lambda: 1)
        Project.objects.create(path="/srv/one", name="one")
        assert ">one</a>" in client.get("/").content.decode()
        with django_assert_num_queries(0):
            client.get("/")
        Project.objects.update(name="another")
        assert ">another</a>" in client.get("/").content.decode()

    def test_each_reader_has_a_token_of_their_own_that_works(self, launch_config):
        readers = [enforcing_client(launch_config) for _ in range(2)]
        tokens = []
        for reader in readers:
            page = reader.get("/").content.decode()
            assert home.TOKEN not in page
            tokens.append(re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1])
        assert tokens[0] != tokens[1]

        def status(reader, token):
            posted = {"key": "none", "next": "/", "csrfmiddlewaretoken": token}
            return reader.post("/desktop/notices/dismiss/", posted).status_code

        for reader, own, other in zip(readers, tokens, reversed(tokens), strict=True):
            assert (status(reader, other), status(reader, own)) == (403, 302)

    def test_a_message_is_shown_once(self, client):
        client.get("/")
        project = Project.objects.create(path="/srv/one", name="one")
        client.post(reverse("inspector:remove", args=[project.pk]))
        first, second = (client.get("/").content.decode() for _ in range(2))
        assert first.count("was removed") == 1 and "was removed" not in second

    def test_languages_do_not_share_it(self, client):
        pages = [
            client.get("/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
            for language in ("en", "de", "en")
        ]
        assert pages[0] != pages[1] and ">Projekte<" in pages[1] and ">Projects<" in pages[2]


def enforcing_client(config):
    return Client(
        enforce_csrf_checks=True,
        SERVER_NAME="127.0.0.1",
        SERVER_PORT=str(config.port),
        HTTP_HOST=f"127.0.0.1:{config.port}",
        **{TOKEN_HEADER: config.token},
    )
