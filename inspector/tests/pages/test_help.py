"""Every inspector page has a help topic, and the palette finds them all."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from djdesk.desktop.handbook import topics
from inspector.views.frame import RAIL

pytestmark = pytest.mark.django_db

ENTRIES = [name for _, entries in RAIL for name, *_ in entries]
OUTSIDE = ["inspector:home", "inspector:preferences", "desktop-data", "desktop-logs"]


def help_link(html):
    return re.search(r'<a [^>]*help-link[^>]*data-help="([^"]*)"', html)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_of_the_rail_has_a_topic(client, project, name):
    html = client.get(reverse(f"inspector:{name}", args=[project.pk])).content.decode()
    link = help_link(html)
    assert link and link[1] == topics.for_page(f"inspector:{name}") != ""
    assert f'data-page-topic="{link[1]}"' in html


@pytest.mark.parametrize("name", OUTSIDE)
def test_every_page_outside_a_project_has_a_topic(client, name):
    link = help_link(client.get(reverse(name)).content.decode())
    assert link and link[1] == topics.for_page(name) != ""


def test_the_fragment_of_the_title_bar_keeps_the_topic(client, project):
    url = reverse("inspector:urls", args=[project.pk])
    assert help_link(client.get(url, {"fragment": "titlebar"}).content.decode())[1] == "urls"


def test_the_palette_has_every_topic(client, project):
    own = reverse("inspector:project-palette", args=[project.pk])
    for url in (reverse("inspector:palette"), own):
        entries = client.get(url).json()["entries"]
        assert {e["help"] for e in entries if e["kind"] == "help"} == set(topics.current())
        assert any(e["text"] == "Help: Migrations" for e in entries)


def test_what_is_new_to_somebody_leads_to_its_topic(client, project):
    refused = client.post(reverse("inspector:open"), {"path": project.path}).content.decode()
    assert 'data-help="opening#folder"' in refused
    project.delete()
    home = client.get(reverse("inspector:home")).content.decode()
    assert 'data-help="static-and-live#trust"' in home
