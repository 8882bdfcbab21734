"""Saved filters, hidden columns and "own code only" are stored with the project."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from inspector.models import Project
from inspector.projects.list_choices import LONGEST_NAME, LONGEST_TEXT, MOST_SAVED, MOST_TABLES

from . import data

pytestmark = pytest.mark.django_db
EVIL = '"><script>alert(1)</script>'


@pytest.fixture
def keep(client, project):
    url = reverse("inspector:keep-list", args=[project.pk])
    return lambda **values: client.post(url, values)


def saved(project, table="urls"):
    project.refresh_from_db()
    return [one["name"] for one in project.lists["tables"][table]["saved"]]


def test_what_is_chosen_is_on_every_page_of_the_project_and_only_there(client, keep, scanned):
    project = scanned(urls=data.urls(data.route("a/")), models=data.models())
    assert keep(own="1").status_code == 200
    assert keep(table="urls", save="Orders", text="order", facet="project").status_code == 200
    answer = keep(table="urls", columns="5", hidden="3,1,3").json()
    assert answer == {
        "own": True,
        "tables": {
            "urls": {
                "saved": [{"name": "Orders", "text": "order", "facet": "project"}],
                "hidden": [5, [1, 3]],
            }
        },
    }
    for page in ("urls", "models", "overview"):
        response = client.get(reverse(f"inspector:{page}", args=[project.pk]))
        assert json.loads(response.context["lists"]) == answer
    other = Project.objects.create(path="/elsewhere", name="other")
    assert client.get(other.get_absolute_url()).context["lists"] == "{}"
    assert keep(own="0").json()["own"] is False


def test_filters_are_in_order_replaced_by_name_and_come_back_after_undo(keep, project):
    for name in ("Orders", "admin", "Orders"):
        keep(table="urls", save=name, text="x", facet="")
    assert saved(project) == ["admin", "Orders"]
    keep(table="urls", forget="admin")
    assert saved(project) == ["Orders"]
    keep(table="urls", save="admin", text="x", facet="")
    assert saved(project) == ["admin", "Orders"]
    keep(table="urls", save="  two \n words ", text="x")
    assert "two words" in saved(project)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "no such table"),
        ({"table": "../x"}, "no such table"),
        ({"table": "urls"}, "Nothing was chosen"),
        ({"table": "urls", "columns": "5", "hidden": "0"}, "no such column"),
        ({"table": "urls", "columns": "5", "hidden": "5"}, "no such column"),
        ({"table": "urls", "columns": "5", "hidden": "1,²"}, "no such column"),
        ({"table": "urls", "columns": "999", "hidden": "1"}, "no such column"),
        ({"table": "urls", "columns": "", "hidden": ""}, "no such column"),
        ({"table": "urls", "save": " ", "text": "x"}, "a name"),
        ({"table": "urls", "save": "x", "text": " "}, "Filter the table first"),
        ({"table": "urls", "save": "x" * (LONGEST_NAME + 1), "text": "x"}, "too long"),
        ({"table": "urls", "save": "x", "text": "x" * (LONGEST_TEXT + 1)}, "too long"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(keep, project, values, said):
    response = keep(**values)
    assert response.status_code == 400 and said in response.json()["error"]
    project.refresh_from_db()
    assert project.lists == {}


def test_there_is_a_limit_to_filters_and_tables(keep, project):
    rows = [{"name": f"{n}", "text": "x", "facet": ""} for n in range(MOST_SAVED)]
    project.lists = {"tables": {"urls": {"saved": rows}}}
    project.save()
    assert "Remove one first" in keep(table="urls", save="more", text="x").json()["error"]
    assert keep(table="urls", save="3", text="y").status_code == 200, "one that is there"
    project.lists = {"tables": {f"t{n}": {} for n in range(MOST_TABLES)}}
    project.save()
    assert keep(table="more", save="x", text="x").status_code == 400
    assert keep(table="t3", save="x", text="x").status_code == 200


def test_only_a_post_to_a_project_changes_anything(client, project):
    url = reverse("inspector:keep-list", args=[project.pk])
    assert client.get(url).status_code == 405
    gone = reverse("inspector:keep-list", args=[project.pk + 1])
    assert client.post(gone, {"own": "1"}).status_code == 404


def test_names_stay_text_on_the_page(client, keep, scanned):
    project = scanned(urls=data.urls(data.route("a/")))
    keep(table="urls", save=EVIL[:50], text=EVIL, facet=EVIL)
    assert EVIL not in client.get(reverse("inspector:urls", args=[project.pk])).content.decode()


def test_own_code_only_is_offered_wherever_rows_are_of_different_origin(client, scanned):
    foreign = data.migrations(data.migration("0001_initial"))
    foreign["apps"]["shop"]["origin"] = "django"
    project = scanned(
        urls=data.urls(data.route("a/"), data.route("b/", origin="django")),
        models=data.models(data.model("shop.Book"), data.model("auth.User", origin="django")),
        migrations=foreign,
    )
    for page, marked in (("urls", "data-origin"), ("models", "data-origin"), ("migrations", "")):
        url = reverse(f"inspector:{page}", args=[project.pk])
        html = client.get(url, {"view": "list"}).content.decode()
        assert '<option value="own">Own code only</option>' in html, page
        assert f'{marked}="project"' in html if marked else 'data-origin="django"' in html


def test_messages_of_checks_are_tables_with_their_bar_when_they_are_many(client, scanned):
    def page(number):
        found = [data.message(msg=f"Message {n} {EVIL}") for n in range(number)]
        project = scanned(checks=data.checks(*found))
        return client.get(reverse("inspector:checks", args=[project.pk])).content.decode()

    few = page(2)
    assert 'id="checks-own" data-table data-remembered="checks"' in few and EVIL not in few
    assert 'data-tools-for="checks-own"' not in few
    assert 'data-tools-for="checks-own"' in page(9)
