"""The palette's lists: bounded, cached by version, with links to what they name."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from inspector.facts.finding import Finding
from inspector.models import Preferences
from inspector.pages import index
from inspector.tasks import queue_scan

from . import data

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"inspector:{name}", args=args)


@pytest.fixture
def filled(scanned):
    return scanned(
        models=data.models(data.model("shop.Book", data.field("title"))),
        urls=data.urls(data.route("admin/", "x", origin="django"), data.route("books/", "books")),
        settings={
            "variables": [{"name": "DEBUG"}],
            "env": [{"name": "SHOP_REGION", "required": False, "default": None}],
            "secret_key": None,
            "errors": [],
        },
        migrations=data.migrations(data.migration("0001_initial")),
        templates={
            "templates": [{"name": "shop/book.html", "origin": "project"}],
            "broken": [],
            "edges": [],
            "references": [],
            "unused": [],
        },
        commands={"commands": [{"name": "restock", "app": "shop"}]},
    )


def test_only_reading(client, project):
    for name in ("project-palette", "index-json"):
        assert client.post(url(name, project.pk)).status_code == 405
        assert client.get(url(name, 999)).status_code == 404


def test_every_kind_leads_to_an_element_of_its_page(client, filled):
    rows = client.get(url("index-json", filled.pk)).json()["rows"]
    found = {(kind, name): address for kind, name, _, address in rows}
    kinds = {kind for kind, _ in found}
    wanted = {"model", "field", "URL", "setting", "variable", "migration", "template", "command"}
    assert kinds == wanted
    assert found["field", "shop.Book.title"].endswith("?model=shop.Book#f-title")
    for address in found.values():
        path, _, target = address.partition("#")
        html = client.get(path).content.decode()
        assert not target or f'id="{target}"' in html, address


def test_urls_lead_to_the_row_that_shows_them(client, filled):
    rows = client.get(url("index-json", filled.pk)).json()["rows"]
    address = next(a for kind, name, _, a in rows if name == "/books/")
    html = client.get(url("urls", filled.pk)).content.decode().replace("<wbr>", "")
    row = html[html.index(f'id="{address.partition("#")[2]}"') :]
    assert row.index("/books/") < row.index("</tr>")


def test_the_index_is_sent_once_per_version(client, filled):
    first = client.get(url("index-json", filled.pk))
    again = client.get(url("index-json", filled.pk), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    filled.scans.get().sections.create(name="models", source="static", ok=True, data=data.models())
    third = client.get(url("index-json", filled.pk), headers={"If-None-Match": first["ETag"]})
    assert third.status_code == 200 and third["ETag"] != first["ETag"]


def test_the_index_is_bounded(client, filled, monkeypatch):
    monkeypatch.setattr(index, "MOST", 3)
    assert len(client.get(url("index-json", filled.pk)).json()["rows"]) == 3


def test_an_unscanned_project_has_an_empty_index(client, project):
    assert client.get(url("index-json", project.pk)).json() == {"rows": []}


def test_pages_and_actions_of_a_project(client, filled):
    entries = client.get(url("project-palette", filled.pk)).json()["entries"]
    by_text = {e["text"]: e for e in entries}
    assert by_text["Side effects"]["go"] == url("effects", filled.pk)
    assert by_text["Scan again"]["post"] == url("scan", filled.pk)
    assert "Keyboard shortcuts" in by_text and "Logs" in by_text
    queue_scan(filled)
    entries = client.get(url("project-palette", filled.pk)).json()["entries"]
    assert "Scan again" not in {e["text"] for e in entries}
    assert "Cancel the scan" in {e["text"] for e in entries}


def test_home_offers_the_projects(client, filled):
    entries = client.get(url("palette")).json()["entries"]
    assert {"text": "shop", "go": filled.get_absolute_url()}.items() <= entries[0].items()


def test_a_large_project_fits_into_few_queries(client, scanned, django_assert_max_num_queries):
    project = scanned(models=data.many_models())
    with django_assert_max_num_queries(7):
        response = client.get(url("index-json", project.pk))
    assert len(json.loads(response.content)["rows"]) > 1500


def test_findings_presets_and_themes_are_found(client, filled):
    scan = filled.scans.get()
    scan.findings = [Finding("drift:shop", "warning", "Models changed", "Of shop.", "").as_dict()]
    scan.save()
    entries = client.get(url("project-palette", filled.pk)).json()["entries"]
    by_text = {e["text"]: e for e in entries}
    address, _, target = by_text["Models changed"]["go"].partition("#")
    assert f'id="{target}"' in client.get(address).content.decode()
    filled.trust("/p/python")
    filled.save()
    assert by_text["Check"]["go"] == f"{url('commands', filled.pk)}#preset-check"
    dark = by_text["Theme: Dark"]
    assert client.post(dark["post"], dark["values"]).status_code in {200, 302}
    assert Preferences.load().theme == dark["theme"] == "dark"
