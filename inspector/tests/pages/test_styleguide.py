"""The style guide: the whole design system in development, and nothing of it in a package."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from inspector.pages import styleguide

pytestmark = pytest.mark.django_db


def test_it_shows_every_token_icon_and_state(client: Client) -> None:
    page = client.get("/styleguide/").content.decode()
    for token in (*styleguide.SURFACES, *styleguide.TEXTS, *styleguide.GRAPH):
        assert f"of-{token}" in page
    assert len(styleguide.icons()) > 30
    for name in styleguide.icons():
        assert f"#{name}" in page
    assert "ImproperlyConfigured" in page
    assert "has not been scanned" in page


def test_every_token_is_shown(client: Client) -> None:
    """A new token must be added to the guide."""
    file = finders.find("desktop/tokens.css")
    assert isinstance(file, str)
    named = set(re.findall(r"--([\w-]+): #", Path(file).read_text("utf-8")))
    page = client.get("/styleguide/").content.decode()
    shown = set(re.findall(r"of-([\w-]+)", page))
    assert named - shown <= {"on-accent", "focus", "accent-soft"}


def test_a_package_has_no_such_page(client: Client, settings, monkeypatch) -> None:
    settings.DEBUG = False
    monkeypatch.setattr(styleguide.installation, "is_packaged", lambda: True)
    assert client.get("/styleguide/").status_code == 404
