"""The inspector's pages in the user's language."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from djdesk.messages import say
from djdesk.projects.lists import listed
from inspector import facts
from inspector.models import Command, Preferences, Scan
from inspector.pages.history import snapshot_of
from inspector.templatetags import inspector as tags
from inspector.views.catalogue import version
from inspector.views.live import command_state, scan_state

from . import data
from .test_preferences import save

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).parents[2] / "inspector" / "templates"


def test_a_choice_is_in_effect_with_the_next_answer(client):
    page = reverse("inspector:preferences")
    assert '<html lang="en"' in client.get(page).content.decode()
    answer = save(client, language="de")
    assert answer.status_code == 302 and Preferences.load().language == "de"
    html = client.get(page).content.decode()
    assert '<html lang="de"' in html and "Voreinstellungen" in html
    # The message about saving is in the new language, too.
    assert "Gespeichert." in html and "Saved." not in html


def test_the_choice_wins_over_the_browser_and_system_gives_way_to_it(client):
    save(client, language="en")
    german = {"HTTP_ACCEPT_LANGUAGE": "de"}
    assert '<html lang="en"' in client.get("/", **german).content.decode()
    assert '<html lang="en"' in client.get("/desktop/data/", **german).content.decode()
    save(client, language="system")
    assert '<html lang="de"' in client.get("/", **german).content.decode()


def test_reset_gives_the_language_back_to_the_system(client):
    save(client, language="de")
    client.post(reverse("inspector:preferences-reset"))
    html = client.get(reverse("inspector:preferences")).content.decode()
    assert '<html lang="en"' in html and "The preferences were reset." in html


def test_a_page_and_its_fragments_are_in_german(client, scanned):
    save(client, language="de")
    project = scanned(models=data.models(data.model("shop.Book", data.field("title"))))
    address = reverse("inspector:models", args=[project.pk])
    for html in (client.get(address), client.get(f"{address}?fragment=main,rail")):
        text = html.content.decode()
        assert "Modelle" in text and "Modelle und Felder filtern" in text
        assert ">Models<" not in text
    assert 'class="mark live"' in text and ">live<" in text


def test_a_word_in_the_place_of_a_name_is_translated(client, scanned):
    save(client, language="de")
    receiver = {"signal": "a.saved", "receiver": "a.b", "sender": None, "origin": "project"}
    project = scanned(signals={"receivers": [receiver], "defined": []})
    html = client.get(reverse("inspector:wiring", args=[project.pk])).content.decode()
    assert "beliebig" in html


def test_numbers_and_units(client):
    with translation.override("de"):
        assert tags.num(1234567) == "1.234.567" and tags.num(None) == ""
        assert tags.count(1, "model,models") == "1 Modell"
        assert tags.count([0] * 1234, "model,models") == "1.234 Modelle"
        assert tags.seconds(2.14) == "2,1 s" and tags.seconds(0.34) == "340 ms"
    with translation.override("en"):
        assert tags.num(1234567) == "1,234,567" and tags.seconds(2.14) == "2.1 s"
        assert tags.count(2, "URL,URLs") == "2 URLs"


def test_every_counted_word_of_a_template_is_known():
    found = {
        word
        for file in TEMPLATES.rglob("*.html")
        for word in re.findall(r'\|count:"(\w+),', file.read_text(encoding="utf-8"))
    }
    assert found and found <= set(tags.COUNTED)


def test_figures_for_scripts_keep_the_point(client, project):
    """Scripts cannot parse a sort key with a decimal comma."""
    save(client, language="de")
    Command.objects.create(
        project=project,
        preset="check",
        title="Check",
        status="done",
        started="2026-01-01T10:00:00Z",
        finished="2026-01-01T10:00:02.500Z",
    )
    html = client.get(reverse("inspector:commands", args=[project.pk])).content.decode()
    assert 'data-sort="2.50"' in html and "2,5 s" in html


def test_what_the_worker_said_is_stored_in_english_and_shown_in_german(client, project):
    scan = Scan.objects.create(project=project, status="running", stage=say("Reading the source"))
    command = Command.objects.create(project=project, preset="check", title=say("Check"))
    own = Command.objects.create(project=project, preset="own:Check", title="Check")
    with translation.override("de"):
        state = scan_state(scan, project)
        assert state["stage"] == "Quelltext wird gelesen" and state["label"] == "Läuft"
        assert command_state(command, project)["title"] == "Prüfen"
        assert command_state(own, project)["title"] == "Check"
    scan.refresh_from_db()
    assert scan.stage == "Reading the source"


def test_messages_for_scripts_are_a_script_that_may_be_kept(client):
    german = reverse("inspector:catalogue", args=["de", version("de")])
    response = client.get(german)
    assert response["Content-Type"].startswith("text/javascript")
    assert "immutable" in response["Cache-Control"]
    assert "Auswahl aufheben" in response.content.decode()
    english = client.get(reverse("inspector:catalogue", args=["en", version("en")]))
    assert english.status_code == 200 and "Auswahl aufheben" not in english.content.decode()
    assert version("de") != version("en")


def test_messages_of_another_version_are_not_kept_and_of_no_language_not_there(client):
    old = client.get(reverse("inspector:catalogue", args=["de", "0"]))
    assert old.status_code == 200 and old["Cache-Control"] == "no-store"
    assert client.get(reverse("inspector:catalogue", args=["xx", "0"])).status_code == 404


def test_the_page_loads_the_messages_before_its_modules(client):
    save(client, language="de")
    html = client.get("/").content.decode()
    address = reverse("inspector:catalogue", args=["de", version("de")])
    assert html.index(f'<script src="{address}"') < html.index('<script type="module"')


def test_a_project_that_does_not_load_is_explained_in_german(client, scanned):
    save(client, language="de")
    project = scanned(source="static")
    project.trust(sys.executable)
    project.save()
    cause = say("Environment variable {names} is not set.", names="SHOP_REGION")
    remedies = [
        {"action": "values", "names": ["SHOP_REGION"], "secret": []}
        | {"text": say("Give a value for {names}", names="SHOP_REGION")},
        {"action": "static", "text": say("Continue without running the code")},
    ]
    diagnosis = {"kind": "missing-variable", "text": cause, "names": ["SHOP_REGION"]}
    given = say("You gave {names_list}.", names_list=listed(["A", "B", "C"], 1))
    error = {"type": "KeyError", "message": "'SHOP_REGION'", "trace": [], "hint": cause}
    error |= {"file": None, "line": None, "attempts": 1, "assumed": [given]}
    error["diagnosis"] = diagnosis | {"file": None, "line": None, "remedies": remedies}
    project.scans.get().sections.create(name="runtime", source="live", ok=False, error=error)
    html = client.get(project.get_absolute_url()).content.decode()
    assert "Die Umgebungsvariable SHOP_REGION ist nicht gesetzt." in html
    assert "Wert für SHOP_REGION angeben" in html
    assert "Ohne Ausführen weitermachen" in html
    assert "Angegeben: A und 2 weitere." in html
    assert "Stay with" not in html and "is not set" not in html


def test_findings_and_notes_of_databases_are_in_german(client, scanned):
    save(client, language="de")
    database = {
        "engine": "django.db.backends.sqlite3",
        "name": "db.sqlite3",
        "state": "ok",
        "note": say("Read from a private copy, because the database is in use."),
        "applied": [],
        "applied_count": 0,
        "pending": ["shop.0001_initial", "shop.0002_slug"],
        "ghosts": [],
        "missing_tables": [],
    }
    project = scanned(databases={"databases": {"default": database}})
    scan = project.scans.get()
    scan.findings = facts.findings_of(snapshot_of(scan))
    scan.save()
    html = client.get(project.get_absolute_url()).content.decode()
    assert "2 nicht angewendete Migrationen" in html
    assert "In der Datenbank default fehlt: shop.0001_initial, shop.0002_slug." in html
