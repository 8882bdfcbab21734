"""A project that does not load: what is refused, what is stored, and what never is."""

from __future__ import annotations

import os
import sys
import time

import pytest
from django.db import connection
from django.urls import reverse

from inspector import engine, tasks
from inspector.engine import stages
from inspector.models import Project
from inspector.pages.repair import diagnosis, install_command
from inspector.run import sandbox
from inspector.scans import secret_handoff
from inspector.tasks import queue_scan, queue_scan_again
from tests.long import LONG

from . import data

pytestmark = pytest.mark.django_db

DIAGNOSIS = {
    "kind": "missing-variable",
    "text": "config/settings.py needs the environment variables SHOP_REGION and SHOP_DB_PASSWORD.",
    "file": "config/settings.py",
    "line": 12,
    "names": ["SHOP_REGION", "SHOP_DB_PASSWORD"],
    "remedies": [
        {"action": "env-example", "text": "Use the 3 variables of .env.example", "names": []}
        | {"file": ".env.example"},
        {
            "action": "values",
            "text": "Give values for SHOP_REGION, SHOP_DB_PASSWORD",
            "names": ["SHOP_REGION", "SHOP_DB_PASSWORD"],
            "secret": ["SHOP_DB_PASSWORD"],
        },
        {"action": "settings", "text": "Choose another settings module", "modules": ["shop.dev"]},
        {
            "action": "python",
            "text": "Install psycopg, or choose another interpreter",
            "interpreters": [sys.executable],
            "wanted": None,
            "packages": ["psycopg"],
        },
        {"action": "copy", "text": "Load a private copy that can be written to"},
        {"action": "static", "text": "Continue without running the code"},
    ],
}
REMEDY_EVIL = {
    "action": "python",
    "text": "Install",
    "packages": ["psycopg", "x; rm -rf ~", "$(id)", "-r https://example.org/x"],
}
ERROR = {
    "type": "KeyError",
    "message": "'SHOP_REGION'",
    "trace": ["settings.py line 12"],
    "hint": DIAGNOSIS["text"],
    "file": "config/settings.py",
    "line": 12,
    "diagnosis": DIAGNOSIS,
    "assumed": ["SECRET_KEY was empty: a placeholder was used."],
    "attempts": 2,
}


@pytest.fixture
def broken(scanned):
    project = scanned(source="static", urls=data.urls())
    project.trust(sys.executable)
    project.save()
    project.scans.get().sections.create(name="runtime", source="live", ok=False, error=ERROR)
    return project


@pytest.fixture(autouse=True)
def no_secret_left(settings):
    yield
    for path in (settings.DATA_DIR / secret_handoff.FOLDER).glob("*.json"):
        path.unlink()


def post(client, project, action, **values):
    url = reverse("inspector:repair", args=[project.pk])
    response = client.post(url, {"action": action} | values)
    project.refresh_from_db()
    return response


def test_an_unknown_remedy_is_refused(client, broken):
    assert post(client, broken, "run-this").status_code == 400
    assert post(client, broken, "settings", settings_module="a; b").status_code == 400
    assert broken.scans.count() == 1


def test_only_names_that_the_project_asked_for_are_taken(client, broken):
    post(client, broken, "values", **{"value-SHOP_REGION": "eu", "value-OTHER": "x"})
    assert broken.env == {"SHOP_REGION": "eu"}


def test_variables_that_the_settings_read_may_be_given_too(client, broken):
    env = [{"name": n} for n in ("SHOP_MODE", "PYTHONPATH", "not a name", "SHOP_MODE")]
    broken.scans.get().sections.create(name="settings", source="static", ok=True, data={"env": env})
    html = client.get(broken.get_absolute_url()).content.decode()
    assert html.count('name="value-SHOP_MODE"') == 1 and "value-PYTHONPATH" not in html
    post(client, broken, "values", **{"value-SHOP_MODE": "full", "value-PYTHONPATH": "/tmp"})
    assert broken.env == {"SHOP_MODE": "full"}


def test_names_that_decide_how_programs_start_are_refused(client, broken):
    section = broken.scans.get().sections.get(name="runtime")
    section.error["diagnosis"]["remedies"][1]["names"] = ["LD_PRELOAD", "PYTHONPATH"]
    section.save()
    response = post(client, broken, "values", **{"value-LD_PRELOAD": "/tmp/x.so"})
    assert response.status_code == 200 and b"cannot be set here" in response.content
    assert broken.env == {} and broken.scans.count() == 1


def test_nothing_given_is_said(client, broken):
    response = post(client, broken, "values", **{"value-SHOP_REGION": ""})
    assert b"Enter at least one value" in response.content
    assert broken.scans.count() == 1


def test_a_remedy_gives_no_trust(client, broken):
    broken.distrust()
    broken.save()
    for action in ("env-example", "copy"):
        post(client, broken, action)
    assert not broken.is_trusted
    assert not broken.scans.first().trusted


def test_a_secret_is_never_in_the_database(client, broken):
    secret = "correct-horse-battery"
    values = {"value-SHOP_REGION": "eu", "value-SHOP_DB_PASSWORD": secret}
    post(client, broken, "values", **values)
    assert broken.env == {"SHOP_REGION": "eu"}
    assert broken.asked_names == ["SHOP_DB_PASSWORD"]
    dump = "\n".join(connection.connection.iterdump())
    assert "SHOP_REGION" in dump and secret not in dump
    page = client.get(broken.get_absolute_url()).content.decode()
    assert secret not in page and "not stored" in page


def test_a_value_with_a_password_in_it_is_a_secret_whatever_its_name(client, broken):
    post(client, broken, "values", **{"value-SHOP_REGION": "postgres://ada:horse@db/shop"})
    assert broken.env == {} and broken.asked_names == ["SHOP_REGION"]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_file_of_secrets_is_for_this_user_only_and_read_once(broken, settings):
    secret_handoff.give(broken, {"A_TOKEN": "x"})
    (path,) = (settings.DATA_DIR / secret_handoff.FOLDER).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert secret_handoff.take(broken) == {"A_TOKEN": "x"}
    assert secret_handoff.take(broken) == {} and not path.exists()


def test_a_file_of_secrets_that_nobody_fetched_is_removed(broken, settings):
    secret_handoff.give(broken, {"A_TOKEN": "x"})
    (path,) = (settings.DATA_DIR / secret_handoff.FOLDER).iterdir()
    old = time.time() - secret_handoff.LIFETIME - 5
    os.utime(path, (old, old))
    assert secret_handoff.take(broken) == {} and not path.exists()


def test_the_scan_gets_the_choices_and_the_secret_once(client, project_folder, monkeypatch):
    given = []

    def inspect(discovered, options, cancelled):
        given.append(options)
        yield {"event": "end", "status": "complete", "seconds": 0, "error": None, "changed": []}

    monkeypatch.setattr(engine, "inspect", inspect)
    project = Project.objects.create(path=str(project_folder), name="shop")
    project.env = {"SHOP_REGION": "eu"}
    project.use_env_example = True
    project.private_copy = True
    project.save()
    secret_handoff.give(project, {"SHOP_TOKEN": "x"})
    for _ in range(2):
        tasks.run_scan.call(queue_scan(project).pk)
    first, second = given
    assert first.env == {"SHOP_REGION": "eu", "SHOP_TOKEN": "x"}
    assert first.use_env_example is True and first.private_copy is True
    assert second.env == {"SHOP_REGION": "eu"}


def test_each_remedy_is_kept_and_scans(client, broken):
    post(client, broken, "env-example")
    assert broken.use_env_example is True
    post(client, broken, "copy")
    assert broken.private_copy is True
    post(client, broken, "settings", settings_module="shop.dev")
    assert broken.settings_module == "shop.dev"
    assert broken.scans.active().count() == 1


def test_staying_static_withdraws_trust(client, broken):
    post(client, broken, "static")
    assert not broken.is_trusted
    assert not broken.scans.first().trusted


def test_forgetting_forgets_all_of_it(client, broken):
    post(client, broken, "values", **{"value-SHOP_REGION": "eu", "value-SHOP_DB_PASSWORD": "pw"})
    post(client, broken, "env-example")
    post(client, broken, "forget")
    assert not broken.has_repairs
    assert secret_handoff.take(broken) == {}


def test_the_overview_says_cause_place_and_ways_out(client, broken):
    html = client.get(broken.get_absolute_url()).content.decode()
    assert "An environment variable is missing".lower() in html
    assert "config/<wbr>settings.py:12" in html
    assert "a placeholder was used" in html and "in 2 attempts" in html
    assert 'name="value-SHOP_REGION"' in html
    assert 'id="value-SHOP_DB_PASSWORD" maxlength="8192" spellcheck="false" type="password"' in html
    assert "pip install psycopg" in html
    for action in ("env-example", "settings", "copy", "static"):
        assert f'name="action" value="{action}"' in html


def test_hostile_names_are_text(client, broken):
    section = broken.scans.get().sections.get(name="runtime")
    evil = "<script>alert(1)</script>"
    section.error["diagnosis"]["text"] = evil
    section.error["diagnosis"]["remedies"][1]["names"] = [evil]
    section.error["diagnosis"]["remedies"][3]["packages"] = [evil]
    section.save()
    assert evil not in client.get(broken.get_absolute_url()).content.decode()


def test_what_is_copied_to_a_terminal_holds_only_names():
    found = diagnosis({"diagnosis": DIAGNOSIS | {"remedies": [REMEDY_EVIL]}}, "/x/$(id)/python")
    (remedy,) = found["remedies"]
    assert remedy["command"] == "pip install psycopg"
    assert install_command("/home/ada/.venv/bin/python", ["a"]).startswith('"/home/ada/.venv')
    assert install_command("/home/ada/.venv/bin/python", []) == ""


@LONG
def test_a_real_project_that_needs_a_variable(client, project_folder):
    """With the real engine: broken settings, a value that fixes them, and its traces."""
    source = project_folder / "config" / "settings.py"
    source.write_text(
        'import os\nif os.environ["SHOP_MODE"] != "full":\n'
        '    raise RuntimeError("SHOP_MODE must be full")\n' + source.read_text()
    )
    project = Project.objects.create(path=str(project_folder), name="shop", python=sys.executable)
    project.trust(sys.executable)
    project.save()
    tasks.run_scan.call(queue_scan(project).pk)
    assert not project.scans.first().sections.get(name="runtime", source="live").ok
    assert b"did not load" in client.get(project.get_absolute_url()).content
    project.env = {"SHOP_MODE": "full"}
    project.save()
    tasks.run_scan.call(queue_scan(project).pk)
    runtime = project.scans.first().sections.get(name="runtime", source="live")
    assert runtime.ok, runtime.error
    assert b"You gave SHOP_MODE" in client.get(project.get_absolute_url()).content


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap")
def test_a_sandbox_that_does_not_start_is_left_out_for_one_scan_only(
    client, project_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        stages, "detect", lambda: sandbox.Sandbox("guard + bubblewrap", str(tmp_path / "none"))
    )
    project = Project.objects.open_folder({"root": str(project_folder), "name": "shop"})
    project.python = sys.executable
    project.trust(sys.executable)
    project.save()

    def scan():
        made = project.scans.first()
        tasks.run_scan.call(made.pk)
        return made.sections.get(name="runtime", source="live")

    queue_scan(project)
    first = scan()
    assert not first.ok and first.error["type"] == "NoSandbox"
    page = client.get(project.get_absolute_url()).content.decode()
    assert "its sandbox did not start" in page
    assert "Run it once without the sandbox" in page and 'value="without-sandbox"' in page

    post(client, project, "without-sandbox")
    second = scan()
    assert second.ok, second.error
    assert second.data["safety"] == "guard"
    page = client.get(reverse("inspector:effects", args=[project.pk])).content.decode()
    assert "this once without bubblewrap" in page

    queue_scan_again(project)
    assert scan().error["type"] == "NoSandbox"
