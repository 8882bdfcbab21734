"""The next steps: most urgent first, and none for a project in order."""

from __future__ import annotations

import pytest

from inspector.facts import about, next_steps
from inspector.facts.finding import Finding, fact

PROJECT = {"interpreters": [{"path": "/p/.venv/bin/python", "chosen": True}]}


def finding(kind, severity="warning", *facts, **more):
    rows = [fact(text, "x", {"file": "a.py", "line": 3}) for text in facts or ("something",)]
    return Finding(kind, severity, "Title", "Text.", "Why.", rows, "x").as_dict() | more


def steps(*findings, error=None, **more):
    return [one["id"] for one in next_steps(list(findings), PROJECT, error, **more)]


def test_what_blocks_most_comes_first():
    found = [
        finding("checks.warning"),
        finding("migrations.pending"),
        finding("something.new", "error"),
        finding("packages.missing"),
        finding("databases.none"),
    ]
    assert steps(*found) == [
        "packages.missing",
        "databases.none",
        "migrations.pending",
        "checks.warning",
        "something.new",
    ]


def test_notes_are_nothing_to_do():
    assert steps(finding("apps.cycle", "info"), finding("drift", "info")) == []
    assert steps(finding("settings.environment", "info")) == ["settings.environment"]


def test_a_finding_that_is_not_listed_says_its_own_title():
    (step,) = next_steps([finding("something.new")], PROJECT)
    assert step["text"] == "Title" and step["finding"]["id"] == "something.new"


def test_only_django_is_worth_a_pin_of_its_own():
    assert steps(finding("packages.unpinned", "info", "whitenoise>=6", "django-filter")) == []
    (step,) = next_steps(
        [finding("packages.unpinned", "info", "Django>=5")], PROJECT, django="5.2.8"
    )
    assert step["text"] == "Pin Django: write Django==5.2.8 in a.py"
    (step,) = next_steps([finding("packages.unpinned", "info", "django")], PROJECT, django="5; rm")
    assert step["text"] == "Pin the version of Django"


MISSING = {
    "type": "ModuleNotFoundError",
    "message": "No module named 'psycopg'",
    "diagnosis": {
        "kind": "missing-package",
        "text": "Package psycopg is missing.",
        "names": [],
        "remedies": [{"action": "python", "packages": ["psycopg==3.2.1", "x; rm -rf ~"]}],
    },
}


def test_a_project_that_does_not_load_comes_before_all_else():
    found = [finding("runtime.not-loaded", "error"), finding("packages.missing")]
    first, *others = next_steps(found, PROJECT, MISSING)
    assert first["id"] == "load" and first["text"] == "Install psycopg==3.2.1"
    assert first["command"] == '"/p/.venv/bin/python" -m pip install psycopg==3.2.1'
    # This step already says what to install.
    assert others == []


@pytest.mark.parametrize(
    ("kind", "names", "text"),
    [
        ("missing-variable", ["SHOP_KEY"], "Give the project SHOP_KEY"),
        ("wrong-python", [], "Choose a Python that this project runs on"),
        ("other", [], "Make the project load"),
    ],
)
def test_what_to_do_follows_from_the_cause(kind, names, text):
    error = {"message": "x", "diagnosis": {"kind": kind, "text": "Because.", "names": names}}
    (step,) = next_steps([], PROJECT, error)
    assert (step["text"], step["why"], step["command"]) == (text, "Because.", "")


def snapshot(**sections):
    rows = {name: {"ok": True, "source": "static", "data": data} for name, data in sections.items()}
    return {"sections": rows}


def model(label, *targets, origin="project"):
    fields = [{"name": "x", "rel": {"to": target}} for target in targets]
    return {"label": label, "origin": origin, "fields": fields}


def test_the_models_that_others_refer_to_are_named_first():
    found = about(
        snapshot(
            models={
                "models": [
                    model("a.Book", "a.Author"),
                    model("a.Page", "a.book", "auth.User"),
                    model("a.Author"),
                    model("auth.User", origin="django"),
                    *(model(f"a.Z{n}") for n in range(4)),
                ]
            }
        )
    )
    assert found["models"][:2] == ["a.Book", "a.Author"]
    assert len(found["models"]) == 5 and found["more"] == 2


def test_a_database_is_named_as_far_as_it_is_known():
    assert about(snapshot())["databases"] == []
    value = "{'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': env('DB')}}"
    written = snapshot(settings={"variables": [{"name": "DATABASES", "value": value}]})
    assert [row["kind"] for row in about(written)["databases"]] == ["PostgreSQL"]
    engine = {"engine": "django.db.backends.sqlite3", "name": "db.sqlite3", "state": "missing"}
    (row,) = about(snapshot(databases={"databases": {"default": engine}}))["databases"]
    assert (row["kind"], row["name"], row["state"]) == ("SQLite", "db.sqlite3", "missing")
