"""The button to ask a server database: who may press it, and what the page says first."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inspector.models import Scan
from inspector.tasks import queue_scan

from . import data

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


def server(**more):
    kind = "django.db.backends.postgresql"
    row = data.database([], None, engine=kind, state="not-opened")["databases"]["default"]
    return row | {"name": "shop", "host": "db.example", "port": "5432", "note": ""} | more


def page(client, project):
    return client.get(reverse("inspector:migrations", args=[project.pk])).content.decode()


def press(client, project, alias="default"):
    return client.post(reverse("inspector:read-database", args=[project.pk]), {"alias": alias})


@pytest.fixture
def shop(scanned):
    def make(**more):
        return scanned(
            migrations=data.migrations(data.migration("0001_initial")),
            databases={"databases": {"default": server(**more)}, "errors": []},
        )

    return make


@pytest.fixture
def trusted(shop):
    project = shop()
    project.trust("/usr/bin/python3")
    project.save()
    return project


def test_the_page_says_what_will_be_done_before_it_is_done(client, trusted):
    text = page(client, trusted)
    for words in (
        "db.example:5432",
        "read-only",
        "3 seconds",
        "with network access",
        "Ask this database",
    ):
        assert words in text


def test_pressing_it_makes_one_scan_that_may_ask_this_alias(client, trusted):
    assert press(client, trusted).url == reverse("inspector:migrations", args=[trusted.pk])
    scan = trusted.scans.order_by("-pk").first()
    assert scan.connect_to == ["default"] and scan.is_active
    scan.end(Scan.Status.COMPLETE)
    # The next ordinary scan connects to none.
    assert queue_scan(trusted).connect_to == []


def test_while_a_scan_runs_nothing_is_asked_and_the_user_is_told(client, trusted):
    queue_scan(trusted)
    press(client, trusted)
    assert trusted.scans.count() == 2 and not trusted.scans.order_by("-pk").first().connect_to
    assert "the database was not asked" in page(client, trusted)


def test_a_folder_that_is_not_trusted_is_not_asked(client, shop):
    project = shop()
    assert "to have it asked" in page(client, project)
    assert press(client, project).status_code == 400
    assert project.scans.count() == 1


@pytest.mark.parametrize("alias", ["", "other", EVIL])
def test_an_alias_that_the_settings_do_not_have_is_refused(client, trusted, alias):
    assert press(client, trusted, alias).status_code == 400
    assert trusted.scans.count() == 1


@pytest.mark.parametrize("engine", ["django.db.backends.sqlite3", "django.db.backends.oracle"])
def test_files_and_products_that_cannot_be_asked_are_refused(client, shop, engine):
    project = shop(engine=engine)
    project.trust("/usr/bin/python3")
    project.save()
    assert "Ask this database" not in page(client, project)
    assert press(client, project).status_code == 400


def test_what_was_found_and_under_which_level(client, shop):
    project = shop(
        state="ok",
        pending=[],
        asked={"safety": "guard + bubblewrap, with the network", "safety_notes": [EVIL]},
        missing_tables=["shop_book"],
        unclaimed_tables=["old_reports"],
    )
    text = page(client, project)
    for words in ("with the network", "shop_book", "old_reports", "1 table is missing"):
        assert words in text
    assert EVIL not in text


def test_a_get_asks_nothing(client, trusted):
    assert client.get(reverse("inspector:read-database", args=[trusted.pk])).status_code == 405


def test_where_the_sandbox_did_not_start_it_can_be_asked_once_without(client, shop):
    project = shop(state="error", note="The sandbox did not start.", no_sandbox=True)
    project.trust("/usr/bin/python3")
    project.save()
    text = page(client, project)
    assert "The sandbox did not start." in text and "Ask it once without the sandbox" in text
    url = reverse("inspector:read-database", args=[project.pk])
    client.post(url, {"alias": "default", "without-sandbox": "1"})
    scan = project.scans.order_by("-pk").first()
    assert scan.connect_to == ["default"] and scan.without_sandbox


def test_any_other_failure_does_not_offer_that(client, shop):
    project = shop(state="error", note="It crashed.", no_sandbox=False)
    project.trust("/usr/bin/python3")
    project.save()
    assert "without the sandbox" not in page(client, project)
