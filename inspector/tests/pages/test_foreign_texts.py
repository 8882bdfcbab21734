"""Project texts on German pages; and how columns store messages."""

from __future__ import annotations

import json
import sys

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from djdesk.desktop.message_translation import translated
from djdesk.messages import Message, say
from inspector.models import Command, Export, Scan, Section

from . import data
from .test_preferences import save

pytestmark = pytest.mark.django_db
# People search the web for error messages. "Read {section_text}" is one of our messages.
TEXT = "Read timed out."
ERROR = {"type": "TimeoutError", "message": TEXT, "trace": [], "hint": None}


def shown(client, project, page):
    save(client, language="de")
    address = reverse(f"inspector:{page}", args=[project.pk]) if page else ""
    html = client.get(address or project.get_absolute_url()).content.decode()
    assert '<html lang="de"' in html
    return html


def test_a_check_that_failed(client, scanned):
    failed = {"check": "shop.checks.slow", "type": "TimeoutError", "message": TEXT}
    html = shown(client, scanned(checks=data.checks() | {"failed": [failed]}), "checks")
    assert f"TimeoutError {TEXT}" in html and "timed out. gelesen" not in html


def test_a_message_of_a_check(client, scanned):
    found = data.checks(data.message(msg=TEXT, hint="Check"))
    html = shown(client, scanned(checks=found), "checks")
    assert TEXT in html and "timed out. gelesen" not in html


def test_a_database_that_does_not_answer(client, scanned):
    row = data.database([], [], state="error", note=TEXT)
    parts = {"databases": row, "migrations": data.migrations()}
    html = shown(client, scanned(**parts), "migrations")
    assert TEXT in html and "timed out. gelesen" not in html


def test_a_section_that_failed(client, scanned):
    project = scanned(source="static")
    project.scans.get().sections.create(name="urls", source="live", ok=False, error=ERROR)
    html = shown(client, project, "urls")
    assert TEXT in html and "timed out. gelesen" not in html


def test_a_project_that_does_not_load(client, scanned):
    project = scanned(source="static")
    project.trust(sys.executable)
    project.save()
    project.scans.get().sections.create(name="runtime", source="live", ok=False, error=ERROR)
    html = shown(client, project, "")
    assert TEXT in html and "timed out. gelesen" not in html


def test_names_of_models_and_of_commands(client, scanned):
    """Names equal to one of our words or messages."""
    own = data.model("shop.Check", data.field("field", verbose_name="Reading the source"))
    project = scanned(models=data.models(own | {"verbose_name": TEXT}))
    Command.objects.create(project=project, preset="own:Check", title="Check")
    html = shown(client, project, "models")
    assert "Quelltext wird gelesen" not in html and ">Feld<" not in html
    html = shown(client, project, "commands")
    assert ">Check</a>" in html


def test_rows_keep_what_was_said_and_those_of_an_older_version_are_shown_as_they_are(project):
    text = "Reading the source"
    scan = Scan.objects.create(project=project, status="running", stage=say(text))
    section = Section.objects.create(
        scan=scan, name="urls", source="live", ok=True, data={"errors": [{"text": say(text)}, "x"]}
    )
    command = Command.objects.create(project=project, preset="check", title=say("Check"))
    export = Export.objects.create(project=project, kind="report", reason=say(text))
    with translation.override("de"):
        for row in (scan, section, command, export):
            row.refresh_from_db()
        assert translated(scan.stage) == translated(export.reason) == "Quelltext wird gelesen"
        assert translated(section.data["errors"][0]["text"]) == "Quelltext wird gelesen"
        assert command.label == "Prüfen" and scan.stage == text
        old = json.dumps({"errors": [{"text": text}, "x"]})
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inspector_section SET data = %s", [old])
            cursor.execute("UPDATE inspector_scan SET stage = %s", [text])
        section.refresh_from_db()
        scan.refresh_from_db()
        assert translated(scan.stage) == section.data["errors"][0]["text"] == text
        assert not isinstance(section.data["errors"][0]["text"], Message)
