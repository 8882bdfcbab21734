"""What the probe does before its request arrives, and what it keeps between inspections."""

import ctypes.util
import json
import os
import sys
import types

import pytest
from projects import make, scan

from inspector.probe import places, preload, remembered
from inspector.probe.config import CONFIG
from inspector.probe.sections import tasks

EARLY = "\nimport sys\nEARLY = 'django.forms' in sys.modules\n"


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.setitem(CONFIG, "bytecode", str(tmp_path))
    for module, names in (
        (places, ("_PARSED", "_NAMED", "NEW", "REMEMBERED")),
        (remembered, ("_LIBRARIES", "_NEW_LIBRARIES", "NEW", "REMEMBERED")),
    ):
        for name in names:
            monkeypatch.setattr(module, name, {})
    monkeypatch.setattr(remembered, "NEW", places.NEW)
    monkeypatch.setattr(remembered, "REMEMBERED", places.REMEMBERED)


def variables(root):
    sections = scan(root, trust=True)["sections"]
    assert sections["runtime"]["ok"], sections["runtime"]
    assert sections["models"]["source"] == "live"
    return {one["name"]: one["value"] for one in sections["settings"]["data"]["variables"]}


def test_django_is_imported_before_the_project(tmp_path):
    assert variables(make(tmp_path, settings=EARLY))["EARLY"] == "True"


def test_a_module_of_the_project_still_replaces_one_of_the_standard_library(tmp_path):
    files = {
        "calendar.py": "MINE = 1\ntimegm = None\n",
        "catalog/models.py": "import calendar\nassert calendar.MINE\n"
        "from django.db import models\nclass Book(models.Model): pass\n",
    }
    assert variables(make(tmp_path, files, settings=EARLY))["EARLY"] == "False"


@pytest.mark.parametrize(
    ("files", "may"),
    [
        ({"manage.py": "import os\n", "shop/__init__.py": "", "readme.txt": ""}, True),
        ({"calendar/models.py": ""}, True),  # not a package: Python prefers the library's module
        ({"calendar/__init__.py": ""}, False),
        ({"sys.py": ""}, False),
        ({"django/__init__.py": ""}, False),
        ({"manage.py": "from gevent import monkey\nmonkey.patch_all()\n"}, False),
        ({"manage.py": "import eventlet\neventlet.monkey_patch()\n"}, False),
    ],
)
def test_what_must_be_imported_before_django_is_noticed(files, may, tmp_path):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert preload.may_come_first(str(tmp_path)) is may


def test_definitions_are_parsed_once_until_the_file_changes(tmp_path, monkeypatch):
    file = tmp_path / "package.py"
    file.write_text("class A:\n    x = 1\n")
    assert places.definitions(str(file)) == {"A": 1, "A.x": 2}
    remembered.keep()

    def again():
        monkeypatch.setattr(places, "_PARSED", {})
        places.NEW.clear()
        places.REMEMBERED.clear()
        remembered.remember()
        return places.definitions(str(file))

    parse = places.parsed
    monkeypatch.setattr(places, "parsed", None)
    assert again() == {"A": 1, "A.x": 2}
    monkeypatch.setattr(places, "parsed", parse)
    file.write_text("\nclass A:\n    x = 1\n")
    assert again() == {"A": 2, "A.x": 3}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"definitions": 1}', "\xff"])
def test_a_damaged_memory_counts_as_none(text, tmp_path):
    (tmp_path / "remembered.json").write_text(text, "latin-1")
    remembered.remember()
    assert places.REMEMBERED == {}


def test_definitions_by_text_are_those_of_the_parser(monkeypatch):
    monkeypatch.setattr(places, "origin", lambda path: "third-party")
    for module in (json, os, types, pytest, ctypes.util):
        known = {
            name: line
            for name, line in places.definitions(module.__file__).items()
            if "." not in name and callable(getattr(module, name, None))
        }
        monkeypatch.setattr(places, "_PARSED", {})
        for name, line in known.items():
            assert places.line_of(module.__file__, name) == line, name


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no programs are started")
def test_a_library_is_looked_for_once_until_libraries_are_installed(tmp_path, monkeypatch):
    asked = []

    def find(name):
        asked.append(name)
        return None if name == "gdal" else f"lib{name}.so"

    def again():
        monkeypatch.setattr(ctypes.util, "find_library", find)
        remembered.remember()
        return ctypes.util.find_library("gdal"), ctypes.util.find_library("geos")

    system = tmp_path / "ld.so.cache"
    system.touch()
    monkeypatch.setattr(remembered, "SYSTEM_LIBRARIES", str(system))
    assert again() == (None, "libgeos.so")
    remembered.keep()
    remembered._LIBRARIES.clear()
    assert again() == (None, "libgeos.so")
    assert asked == ["gdal", "geos"]
    os.utime(system, (1, 1))
    again()
    assert asked == ["gdal", "geos"] * 2
    system.unlink()  # where this cannot be seen, every answer is new
    again()
    again()
    assert asked == ["gdal", "geos"] * 4


@pytest.mark.parametrize("before", [None, "0"])
def test_celery_does_not_run_the_checks_once_more(before, monkeypatch):
    monkeypatch.delenv(tasks.SKIP_CHECKS, raising=False)
    if before is not None:
        monkeypatch.setenv(tasks.SKIP_CHECKS, before)
    seen = []
    loader = types.SimpleNamespace(
        import_default_modules=lambda: seen.append(os.environ.get("CELERY_SKIP_CHECKS"))
    )
    app = types.SimpleNamespace(loader=loader, tasks={}, conf=types.SimpleNamespace())
    monkeypatch.setitem(sys.modules, "celery", types.SimpleNamespace(current_app=app))
    assert tasks.celery_tasks([]) == ([], [])
    assert seen == ["1"]
    assert os.environ.get(tasks.SKIP_CHECKS) == before
