"""A vendored Django, and a project that queries while loading."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import django
import pytest
from projects import make, scan

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot
from tests.long import LONG

PACKAGES = ("django", "asgiref", "sqlparse")


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An interpreter without packages."""
    place = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    return place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


@pytest.fixture
def carrying(tmp_path):
    make(tmp_path, settings="USE_I18N = False\n")  # the copy below has no translations
    home = Path(django.__file__).parent.parent
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.po", "*.mo")
        shutil.copytree(home / name, tmp_path / "lib/dist" / name, ignore=ignored)
    return tmp_path


@LONG
def test_it_is_found_and_put_on_the_path(carrying, bare):
    project = find_project(carrying, python=bare)
    assert project.as_dict()["bundled"] == ["lib/dist"]
    chosen = project.interpreter
    assert chosen and chosen.usable and chosen.django == django.get_version()
    result = snapshot(inspect(project, Options(trust=True)))
    runtime = result["sections"]["runtime"]
    assert runtime["ok"], runtime
    assert runtime["data"]["django_path"].startswith(str(carrying / "lib/dist"))
    assert "lib/dist was put on the path" in runtime["data"]["assumed"][0]
    apps = {one["label"]: one["origin"] for one in result["sections"]["apps"]["data"]["apps"]}
    assert apps == {"contenttypes": "django", "auth": "django", "catalog": "project"}
    assert result["changed"] == []


def test_without_it_the_interpreter_is_still_refused(tmp_path, bare):
    make(tmp_path)
    project = find_project(tmp_path, python=bare)
    assert project.bundled == [] and project.interpreter is None


READY = """
from django.apps import AppConfig
class CatalogConfig(AppConfig):
    name = "catalog"
    def ready(self):
        from django.db import connection
        with connection.cursor() as cursor:
            cursor.execute({!r})
"""


def test_a_private_copy_answers_queries_while_loading(tmp_path):
    make(tmp_path, {"catalog/apps.py": READY.format("INSERT INTO notes VALUES ('x')")})
    with sqlite3.connect(tmp_path / "db.sqlite3") as connection:
        connection.execute("CREATE TABLE notes (text)")
    before = (tmp_path / "db.sqlite3").read_bytes()
    result = scan(tmp_path, trust=True)
    runtime = result["sections"]["runtime"]
    assert runtime["ok"], runtime
    assert [one["kind"] for one in runtime["data"]["repairs"]] == ["database"]
    assert result["changed"] == [] and (tmp_path / "db.sqlite3").read_bytes() == before
    events = result["sections"]["side_effects"]["data"]["events"]
    (event,) = [one for one in events if one["kind"] == "database"]
    assert event["file"] == "catalog/apps.py" and event["denied"] is False


def test_without_a_file_an_empty_one_answers(tmp_path):
    make(tmp_path, {"catalog/apps.py": READY.format("PRAGMA journal_mode")})
    result = scan(tmp_path, trust=True)
    assert result["sections"]["runtime"]["ok"] and not (tmp_path / "db.sqlite3").exists()


def test_tables_that_are_wanted_and_not_there_are_the_cause(tmp_path):
    make(tmp_path, {"catalog/apps.py": READY.format("SELECT * FROM notes")})
    error = scan(tmp_path, trust=True)["sections"]["runtime"]["error"]
    assert error["diagnosis"]["kind"] == "service" and "expects tables" in error["hint"]
