"""The pages of the sections: states, facts, hostile names and costs."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspector.models import Scan
from inspector.tasks import queue_scan

from . import data

pytestmark = pytest.mark.django_db

PAGES = [
    "overview",
    "schema",
    "models",
    "migrations",
    "urls",
    "checks",
    "dependencies",
    "settings",
    "templates",
    "admin",
    "wiring",
    "translations",
    "effects",
    "code",
    "commands",
    "exports",
    "runs",
]
EVIL = "<script>alert(1)</script>"


def get(client, project, page, **query):
    response = client.get(reverse(f"inspector:{page}", args=[project.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_not_scanned_yet(client, project, page):
    assert "</html>" in get(client, project, page)


@pytest.mark.parametrize("page", PAGES)
def test_while_the_first_scan_runs(client, project, page):
    scan = queue_scan(project)
    scan.begin()
    scan.change(stage="Reading the models", progress=0.25)
    html = get(client, project, page)
    assert "Reading the models" in html and 'value="0.25"' in html and "Cancel" in html


def test_a_section_that_failed_says_why(client, project):
    scan = Scan.objects.create(project=project, status="partial")
    scan.sections.create(
        name="urls",
        source="live",
        ok=False,
        error={"type": "ImportError", "message": "no psycopg", "trace": [], "hint": "Install it"},
    )
    html = get(client, project, "urls")
    assert "URLs could not be read" in html and "no psycopg" in html and "Install it" in html


def test_live_sections_ask_for_trust(client, scanned):
    html = get(client, scanned(source="static", models=data.models()), "checks")
    assert "need the project to run" in html and "#trust" in html


def test_static_facts_beside_a_live_failure(client, scanned):
    project = scanned(source="static", urls=data.urls(data.route("books/", "books")))
    project.scans.get().sections.create(
        name="urls", source="live", ok=False, error={"type": "E", "message": "did not load"}
    )
    html = get(client, project, "urls")
    assert "books/" in html.replace("<wbr>", "")
    assert "did not load" in html and "Shown from the files only" in html


def test_a_project_that_does_not_load_says_so_where_live_facts_are_missing(client, scanned):
    project = scanned(source="static", urls=data.urls(data.route("books/", "books")))
    error = {"type": "ImportError", "message": "no psycopg", "trace": [], "hint": "Install it"}
    project.scans.get().sections.create(name="runtime", source="live", ok=False, error=error)
    html = get(client, project, "checks")
    assert "did not load" in html and "no psycopg" in html and "Install it" in html
    html = get(client, project, "urls")
    assert "this is what its files say" in html and "#not-loaded" in html
    assert "no psycopg" not in html
    html = get(client, project, "overview")
    assert 'id="not-loaded"' in html and "Install it" in html


def test_what_the_last_scan_found_stays_while_the_next_one_runs(client, scanned):
    project = scanned(models=data.models(data.model("shop.Book")))
    queue_scan(project).begin()
    html = get(client, project, "models")
    assert "Book" in html and "From the scan of" in html


def test_live_facts_are_not_replaced_by_static_ones_while_a_trusted_scan_runs(client, scanned):
    project = scanned(models=data.models(data.model("shop.Book")))
    scan = Scan.objects.create(project=project, status="running", trusted=True)
    found = data.models(data.model("shop.OnlyStatic"))
    scan.sections.create(name="models", source="static", ok=True, data=found)
    html = get(client, project, "models")
    assert "Book" in html and "OnlyStatic" not in html
    found = data.models(data.model("shop.NewLive"))
    scan.sections.create(name="models", source="live", ok=True, data=found)
    assert "NewLive" in get(client, project, "models")


def test_static_facts_replace_older_ones_when_nothing_live_will_come(client, scanned):
    project = scanned(models=data.models(data.model("shop.Book")))
    scan = Scan.objects.create(project=project, status="running", trusted=False)
    found = data.models(data.model("shop.OnlyStatic"))
    scan.sections.create(name="models", source="static", ok=True, data=found)
    assert "OnlyStatic" in get(client, project, "models")


def test_models_by_app_with_both_directions(client, scanned):
    author = data.model("people.Author")
    book = data.model(
        "shop.Book", data.foreign_key("author", "people.Author", related_name="books")
    )
    project = scanned(models=data.models(author, book))
    html = get(client, project, "models", model="shop.book")
    assert "?model=people.Author" in html and "PROTECT" in html and "shop/<wbr>models.py:7" in html
    html = get(client, project, "models", model="people.Author")
    assert "?model=shop.Book" in html and ".books" in html


def test_a_model_that_is_gone(client, scanned):
    html = get(client, scanned(models=data.models()), "models", model="shop.Gone")
    assert "There is no model shop.Gone" in html


def test_migration_states(client, scanned):
    found = data.migrations(
        data.migration("0001_initial"),
        data.migration("0002_more"),
        data.migration("0001_squashed", replaces=["shop.0001_initial"]),
        conflicts={"shop": ["0002_a", "0002_b"]},
    )
    ghost = data.database(["shop.0001_initial"], ["shop.0002_more"], ghosts=["shop.0003_lost"])
    html = get(client, scanned(migrations=found, databases=ghost), "migrations")
    rows = dict(split_rows(html, "mig-shop-"))
    assert "applied" in rows["0001_initial"]
    assert "pending" in rows["0002_more"]
    assert "applied" in rows["0001_squashed"]
    assert "conflict: 0002_a and 0002_b" in html
    assert "shop.0003_lost" in html


def test_migration_state_is_unknown_without_a_database(client, scanned):
    project = scanned(source="static", migrations=data.migrations(data.migration("0001_initial")))
    html = get(client, project, "migrations")
    assert "unknown" in html and "applied</span>" not in html


def split_rows(html, prefix):
    for part in html.split(f'id="{prefix}')[1:]:
        yield part.split('"')[0], part.split("</tr>")[0]


def test_urls_and_the_unresolved_ones(client, scanned):
    project = scanned(
        source="static",
        urls=data.urls(
            data.route("books/<int:pk>/", "detail"),
            unresolved=[
                {"text": "router.urls", "pattern": "api/", "reason": "", "file": "u.py", "line": 3}
            ],
        ),
    )
    html = get(client, project, "urls")
    assert "&lt;int:" in html and "router.urls" in html and "GET" in html


def test_checks_are_set_apart(client, scanned):
    project = scanned(
        checks=data.checks(
            data.message("error", msg="Ours"),
            data.message(msg="Theirs", origin="third-party"),
            data.message(msg="Deploying", deploy=True),
            data.message(msg="Hushed", silenced=True),
        )
    )
    html = get(client, project, "checks")
    order = [html.index(word) for word in ("Ours", "Theirs", "Deploying", "Hushed")]
    assert order == sorted(order)
    assert "Third-party apps" in html and "Before deployment" in html


def test_no_findings_is_worth_showing(client, scanned):
    assert "31 checks passed" in get(client, scanned(checks=data.checks()), "checks")


def test_changed_files_are_an_alarm(client, scanned):
    project = scanned(models=data.models())
    assert "Nothing was written to this project" in get(client, project, "overview")
    project.scans.update(changed=["db.sqlite3"])
    html = get(client, project, "overview")
    assert "db.sqlite3" in html and "Nothing was written" not in html


def hostile():
    return {
        "models": data.models(
            data.model(
                f"shop.{EVIL}",
                data.field(EVIL, help=EVIL, default=EVIL, choices=1, choice_values=[[EVIL, EVIL]]),
                data.foreign_key("x", EVIL),
                doc=EVIL,
                file=f'"{EVIL}',
                methods=[EVIL],
            )
        ),
        "urls": data.urls(data.route(EVIL, EVIL, file=EVIL), duplicate_names={EVIL: 2}),
        "checks": data.checks(data.message(msg=EVIL, hint=EVIL, obj=EVIL)),
        "migrations": data.migrations(data.migration(EVIL, op_kinds={EVIL: 1}, deps=[EVIL])),
        "databases": data.database([], [], note=EVIL, ghosts=[EVIL]),
        "settings": {
            "module": EVIL,
            "files": [EVIL],
            "variables": [{"name": EVIL, "value": EVIL, "default": EVIL, "file": EVIL, "line": 1}],
            "env": [{"name": EVIL, "default": EVIL, "required": True, "set": False}],
            "secret_key": None,
            "errors": [{"text": EVIL, "file": EVIL, "line": 1}],
        },
        "dependencies": {
            "declared": [{"name": EVIL, "specifier": EVIL, "summary": EVIL, "license": EVIL}],
            "installed": [{"name": EVIL, "version": EVIL}],
            "missing": [EVIL],
            "files": [EVIL],
            "errors": [],
        },
        "code": {
            "files": 1,
            "lines": 1,
            "tests": {"files": 0, "lines": 0},
            "per_app": {EVIL: {"files": 1, "lines": 1}},
            "unparsable": [{"file": EVIL, "line": 1, "text": EVIL, "hint": EVIL}],
            "skipped": [EVIL],
            "errors": [],
        },
    }


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_stay_text(client, scanned, page):
    project = scanned(**hostile())
    project.name = EVIL
    project.save()
    project.scans.update(error={"message": EVIL, "hint": EVIL, "trace": [EVIL]}, stage=EVIL)
    html = get(client, project, page, model=f"shop.{EVIL}")
    assert EVIL not in html
    assert "&lt;script&gt;" in html or page in ("schema",)


@pytest.mark.parametrize("page", PAGES)
def test_no_inline_script_or_style(client, scanned, page):
    html = get(client, scanned(**hostile()), page)
    assert " style=" not in html and "<style" not in html and " onclick=" not in html
    files = re.findall(
        r'<script (?:type="module" )?src="/(?:static|messages)/[^"]+"></script>', html
    )
    assert html.count("<script") == len(files) > 2


@pytest.mark.parametrize("page", PAGES)
def test_bounded_queries_with_many_models(client, scanned, page, django_assert_max_num_queries):
    project = scanned(
        models=data.many_models(),
        urls=data.urls(*[data.route(f"a/{n}/", f"n{n}") for n in range(300)]),
        checks=data.checks(*[data.message() for _ in range(100)]),
    )
    get(client, project, page)  # compile templates first
    with django_assert_max_num_queries(10):
        get(client, project, page, model="app03.Model04")


def test_home_costs_the_same_for_any_number_of_projects(client, project):
    from inspector.models import Project

    Scan.objects.create(project=project, status="complete")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for n in range(30):
        other = Project.objects.create(path=f"/p/{n}", name=f"p{n}")
        Scan.objects.create(project=other, status="complete")
    with CaptureQueriesContext(connection) as many:
        html = client.get("/").content.decode()
    assert html.count("project-row") == 31
    assert len(many) <= len(few) <= 7


def test_fragments_are_parts_of_the_same_page(client, scanned):
    project = scanned(models=data.models(data.model("shop.Book")))
    html = get(client, project, "models", fragment="rail,main")
    assert "<html" not in html
    assert 'data-fragment="rail"' in html and 'data-fragment="main"' in html and "Book" in html


def test_an_unknown_fragment_is_refused(client, project):
    for name in ("detail", "base.html#x", "../base", "main#main"):
        assert client.get(project.get_absolute_url(), {"fragment": name}).status_code == 400
    assert client.get("/", {"fragment": "rail"}).status_code == 400


def test_schema_json(client, scanned):
    project = scanned(models=data.models(data.model("shop.Book")))
    response = client.get(reverse("inspector:schema-json", args=[project.pk]))
    answer = response.json()
    assert answer["state"] == "ready" and answer["models"]["models"][0]["label"] == "shop.Book"


def test_snapshot_is_a_download_with_the_documented_shape(client, scanned):
    project = scanned(models=data.models(data.model("shop.Book")))
    response = client.get(reverse("inspector:snapshot-json", args=[project.pk]))
    assert 'filename="shop-snapshot.json"' in response["Content-Disposition"]
    found = json.loads(response.content)
    assert found["schema"] == 1 and found["status"] == "complete"
    assert found["sections"]["models"]["source"] == "live"


def test_a_snapshot_needs_a_finished_scan(client, project):
    url = reverse("inspector:snapshot-json", args=[project.pk])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_project_that_is_not_there(client, db, page):
    assert client.get(reverse(f"inspector:{page}", args=[99])).status_code == 404
