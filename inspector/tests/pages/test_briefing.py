"""The overview as a briefing: what the project is, what to do next, and what else to know."""

from __future__ import annotations

import re

import pytest

from inspector import facts
from inspector.facts.finding import Finding
from inspector.models import Preferences, Scan
from inspector.pages.history import snapshot_of

from . import data

pytestmark = pytest.mark.django_db

EMPTY = {
    "module": "config.settings",
    "modules": [],
    "files": [],
    "variables": [],
    "env": [],
    "secret_key": None,
    "errors": [],
}


def overview(client, project):
    html = client.get(project.get_absolute_url()).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.index('id="content"') :]).split()), html


def weighed(project):
    """The findings from the scan's sections, as computed when it ends."""
    scan = project.scans.get()
    scan.findings = facts.findings_of(snapshot_of(scan))
    scan.save()
    return project


@pytest.fixture
def trusted(project, tmp_path):
    python = tmp_path / "python"
    python.touch()
    project.trust(str(python))
    project.save()
    return {
        "root": project.path,
        "name": "shop",
        "manage_py": "manage.py",
        "django_hint": "5.2.8",
        "settings_modules": [],
        "interpreters": [{"path": str(python), "chosen": True, "usable": True, "missing": []}],
    }


def test_what_the_project_is_in_words(client, scanned, trusted):
    project = scanned(
        discovered=trusted,
        apps={
            "apps": [{"label": "shop", "name": "shop", "origin": "project"}],
            "unresolved": [],
            "errors": [],
        },
        models=data.models(
            data.model("shop.Book", data.foreign_key("author", "shop.Author")),
            data.model("shop.Author"),
        ),
        urls=data.urls(data.route("books/", "books")),
        databases=data.database([], [], state="missing"),
    )
    text, html = overview(client, project)
    assert "A project with Django 5.2.8: 1 app of its own, 2 models and 1 URL ." in text
    assert "It stores Author and Book in SQLite (db.sqlite3, which does not exist yet)." in text
    assert "?model=shop.Author" in html


def test_what_is_not_known_is_said_to_be_unknown(client, scanned):
    project = scanned(
        source="static",
        models=data.models(),
        urls=data.urls(unresolved=[{"text": "admin.site.urls", "file": None, "line": None}]),
    )
    text, _ = overview(client, project)
    assert "A project with Django of unknown version" in text
    assert "Not known until the project runs: apps, URLs and its database." in text
    assert "0 URLs" not in text and "Nothing to do" not in text


def test_the_first_thing_to_do_is_to_trust(client, scanned):
    python = {"path": "/p/python", "chosen": True, "usable": True, "missing": []}
    discovered = {"root": "/p", "name": "shop", "interpreters": [python]}
    project = scanned(source="static", discovered=discovered, models=data.models())
    text, html = overview(client, project)
    assert text.index("What to do next") < text.index("Trust this folder to see the rest")
    assert html.index('id="step-trust"') < html.index('id="trust"')
    Preferences.objects.create(pk=1, trust="never")
    text, html = overview(client, project)
    assert 'id="step-trust"' not in html and "Only the files are read" in text


def test_a_missing_database_comes_with_the_command_that_makes_it(client, scanned, trusted):
    database = data.database([], ["shop.0001_initial"], state="missing")
    project = weighed(scanned(discovered=trusted, settings=EMPTY, databases=database))
    text, html = overview(client, project)
    assert "Create the database There is no database yet." in text
    assert re.search(
        r'id="step-databasesnone".*data-copy="[^"]*python manage\.py migrate"', html, re.S
    )
    # A step is not repeated as a finding.
    assert html.count("The file of the database “default” does not exist") == 1


def test_three_steps_at_most_and_the_rest_below(client, scanned, trusted):
    project = scanned(discovered=trusted, settings=EMPTY)
    scan = project.scans.get()
    scan.findings = [
        Finding(f"kind{n}", "warning", f"Title {n}", "", "").as_dict() for n in range(5)
    ]
    scan.save()
    text, html = overview(client, project)
    assert html.count('<li id="step-') == 3 and "2 further steps are below" in text
    below = text[text.index("What is risky") :]
    assert "Title 3" in below and "Title 4" in below and "Title 2" not in below


def test_a_clean_project_has_nothing_to_do(client, scanned, trusted):
    database = data.database(["shop.0001_initial"], [])
    project = weighed(scanned(discovered=trusted, settings=EMPTY, databases=database))
    text, _ = overview(client, project)
    assert "Nothing to do." in text and "What is risky" not in text


def test_an_interpreter_that_is_not_trusted_is_something_to_do(client, scanned, trusted):
    project = scanned(discovered=trusted, settings=EMPTY)
    project.trust("/another/python")
    project.save()
    text, _ = overview(client, project)
    assert "Choose and trust an interpreter again" in text and "Nothing to do" not in text


def test_a_project_that_does_not_load_says_first_what_to_do_about_it(client, scanned, trusted):
    project = scanned(discovered=trusted, source="static", settings=EMPTY)
    diagnosis = {"kind": "missing-variable", "text": "SHOP_KEY is not set.", "names": ["SHOP_KEY"]}
    error = {"type": "KeyError", "message": "SHOP_KEY", "trace": [], "diagnosis": diagnosis}
    project.scans.get().sections.create(name="runtime", source="live", ok=False, error=error)
    text, html = overview(client, project)
    assert "Give the project SHOP_KEY SHOP_KEY is not set." in text
    assert html.index('id="step-load"') < html.index('id="not-loaded"')


def test_a_scan_without_an_end_is_to_be_made_again(client, project):
    Scan.objects.create(project=project, status="interrupted")
    text, _ = overview(client, project)
    assert "Scan this folder" in text and "Nothing to do" not in text


def test_what_trusting_has_brought_is_said_once(client, scanned, trusted):
    project = scanned(source="static", discovered=trusted, urls=data.urls())
    first = project.scans.get()
    second = Scan.objects.create(
        project=project,
        status="complete",
        trusted=True,
        compared_with=first,
        discovered=trusted,
    )
    found = data.urls(data.route("a/"), data.route("b/"))
    second.sections.create(name="urls", source="live", ok=True, data=found)
    second.sections.create(name="settings", source="live", ok=True, data=EMPTY)
    second.summary = facts.summarize(snapshot_of(second))
    second.save()
    text, _ = overview(client, project)
    assert "because the project ran: 2 more URLs, computed settings." in text
    third = Scan.objects.create(
        project=project,
        status="complete",
        trusted=True,
        compared_with=second,
        discovered=trusted,
    )
    assert third.compared_with.trusted
    assert "because the project ran" not in overview(client, project)[0]


def test_a_cancelled_scan_that_was_to_run_the_project_has_not_run_it(client, scanned):
    project = scanned(source="static", status="cancelled", models=data.models())
    Scan.objects.update(trusted=True)
    for page in (project.get_absolute_url(), f"{project.get_absolute_url()}runs/"):
        html = client.get(page).content.decode()
        assert "static and live" not in html
    project.scans.get().sections.create(name="urls", source="live", ok=True, data=data.urls())
    assert "static and live" in client.get(project.get_absolute_url()).content.decode()
