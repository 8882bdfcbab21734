"""Deployment checks per settings module, background tasks, and disagreements on their pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from . import data

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


def get(client, project, page):
    response = client.get(reverse(f"inspector:{page}", args=[project.pk]))
    assert response.status_code == 200
    return response.content.decode().replace("<wbr>", "")


def module(name, kind, *messages, **more):
    row = {"module": name, "file": "shop/s.py", "source": "", "kind": kind, "chosen": False}
    row |= {"ok": True, "seconds": 0.1, "messages": list(messages), "failed": []}
    return row | {"assumed": [], "error": None} | more


def deploy(*modules, left_out=()):
    return {"modules": list(modules), "left_out": list(left_out)}


def test_production_settings_come_first_and_are_open(client, scanned):
    one = data.message(id="security.W004", deploy=True, msg=f"No HSTS {EVIL}")
    project = scanned(
        checks=data.checks(one),
        deploy=deploy(
            module("shop.dev", "development", one),
            module("shop.prod", "production", one, assumed=["KEY not set"]),
            left_out=["shop.tests"],
        ),
    )
    text = get(client, project, "checks")
    assert text.index("shop.prod") < text.index("shop.dev")
    assert "KEY not set" in text and "shop.tests" in text and EVIL not in text
    # The scan's own group is in the row of its settings module, not repeated.
    assert 'id="group-deploy"' not in text


def test_third_party_messages_are_split_off(client, scanned):
    messages = [
        data.message(id="security.W004", deploy=True, origin="project"),
        data.message(id="cors.W001", deploy=True, origin="third-party"),
    ]
    project = scanned(
        checks=data.checks(), deploy=deploy(module("shop.prod", "production", *messages))
    )
    text = get(client, project, "checks")
    assert "1 about installed packages" in text


def test_settings_that_do_not_load_say_why(client, scanned):
    error = {"hint": f"Package x is missing {EVIL}", "message": "", "file": "a.py", "line": 1}
    row = module("shop.prod", "production", ok=False, error=error)
    text = get(client, scanned(checks=data.checks(), deploy=deploy(row)), "checks")
    assert "could not be checked" in text and "Package x is missing" in text and EVIL not in text


def test_where_the_sandbox_did_not_start_for_one_a_scan_without_it_is_offered(client, scanned):
    error = {"type": "NoSandbox", "hint": "No sandbox.", "message": "", "file": None, "line": None}
    row = module("shop.prod", "production", ok=False, error=error)
    text = get(client, scanned(checks=data.checks(), deploy=deploy(row)), "checks")
    assert "No sandbox." in text and 'name="action" value="without-sandbox"' in text
    other = module("shop.prod", "production", ok=False, error=error | {"type": "Crash"})
    text = get(client, scanned(checks=data.checks(), deploy=deploy(other)), "checks")
    assert "without-sandbox" not in text


def test_without_the_section_the_deployment_group_is_shown(client, scanned):
    one = data.message(id="security.W004", deploy=True)
    assert 'id="group-deploy"' in get(client, scanned(checks=data.checks(one)), "checks")


def tasks(**more):
    row = {"name": "shop.send", "kind": "celery", "function": f"shop.tasks.send{EVIL}"}
    row |= {"queue": "mail", "origin": "project", "file": "shop/tasks.py", "line": 4}
    return {
        "tasks": [row],
        "schedule": [
            {"name": "nightly", "task": "shop.gone", "when": "60", "file": None, "line": None}
        ],
        "backends": [
            {"alias": "default", "backend": "x.Dummy", "queues": ["mail"], "file": None, "line": 1}
        ],
        "errors": [],
    } | more


def test_tasks_schedule_and_backends_are_on_the_wiring_page(client, scanned):
    text = get(client, scanned(tasks=tasks()), "wiring")
    for words in ("shop.send", "nightly", "no such task", "Dummy", "(mail)"):
        assert words in text
    assert EVIL not in text


def test_a_project_without_tasks_says_so(client, scanned):
    text = get(client, scanned(tasks=tasks(tasks=[], schedule=[], backends=[])), "wiring")
    assert "Neither Celery nor django.tasks" in text


def row(static, live, **more):
    found = {"key": f"shop.Book.title{EVIL}", "what": "null", "static": static, "live": live}
    return found | {"file": "shop/models.py", "line": 3} | more


@pytest.mark.parametrize("name", ["models", "migrations", "urls", "settings"])
def test_each_page_shows_both_sides(client, scanned, name):
    section = {
        "models": data.models(data.model("shop.Book")),
        "migrations": data.migrations(data.migration("0001_initial")),
        "urls": data.urls(data.route("a/")),
        "settings": {
            **{"module": "shop.settings", "files": [], "variables": [], "env": []},
            **{"secret_key": None, "env_examples": [], "errors": []},
        },
    }[name]
    rows = [row("said by the file", "said by Django"), row(None, "only live")]
    text = get(client, scanned(**{name: {**section, "disagreements": rows}}), name)
    for words in ("read 2 places in the source", "said by the file", "said by Django", "not there"):
        assert words in text
    assert EVIL not in text


def test_without_disagreements_there_is_nothing_to_see(client, scanned):
    text = get(client, scanned(models=data.models(data.model("shop.Book"))), "models")
    assert 'id="disagreements"' not in text
