"""Definitions that the probe need not parse or search again, with the same results."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState
from projects import make, scan

from inspector.probe import places
from inspector.probe.config import CONFIG
from inspector.probe.sections.autodetector import SwappableNames, linear
from inspector.sample import sample_path
from inspector.static_analysis.places import definitions

SOURCE = """\
import os
A = B = 1
C: int = 2
D: str
if A:
    E = 1
else:
    def late(): ...
try:
    F = 1
except ImportError:
    F = 2
finally:
    G = 3
with open(os.devnull) as handle:
    H = 1
for I in ():
    J = 1


@decorated
class K(
    object,
):
    x = field(
        y=1,
    )

    @property
    def z(self): ...

    class Meta:
        ordering = ["x"]

    async def w(self): ...


class K:
    again = 1
"""


@pytest.fixture(autouse=True)
def nothing_parsed(monkeypatch):
    monkeypatch.setattr(places, "_PARSED", {})


def test_both_halves_find_the_same_places(tmp_path):
    (tmp_path / "source.py").write_text(SOURCE)
    files = [tmp_path / "source.py", *sorted(Path(sample_path()).rglob("*.py"))]
    for file in files:
        found = definitions(ast.parse(file.read_text("utf-8")))
        assert found == places.definitions(str(file))
    found = definitions(ast.parse(SOURCE))
    assert found["K"] == 22
    assert found["K.Meta.ordering"] == 33
    assert set(found) >= {"A", "C", "E", "F", "late", "G", "H", "J", "K.z", "K.w"}
    assert not set(found) & {"D.x", "I", "K.x.y"}


def test_the_probe_takes_the_places_that_it_is_given(tmp_path, monkeypatch):
    file = tmp_path / "source.py"
    file.write_text(SOURCE)
    stat = file.stat()
    given = {str(file): [stat.st_size, stat.st_mtime_ns, {"K": 7}]}
    monkeypatch.setitem(CONFIG, "places", given)
    assert places.definitions(str(file)) == {"K": 7}


@pytest.mark.parametrize(("size", "time"), [(1, 0), (0, 1)])
def test_places_of_a_file_that_has_changed_since_are_not_taken(size, time, tmp_path, monkeypatch):
    file = tmp_path / "source.py"
    file.write_text(SOURCE)
    stat = file.stat()
    given = {str(file): [stat.st_size + size, stat.st_mtime_ns + time, {"K": 7}]}
    monkeypatch.setitem(CONFIG, "places", given)
    assert places.definitions(str(file))["K"] == 22


@pytest.mark.parametrize("copy", [False, True])
def test_a_live_scan_has_the_lines_of_the_source(copy, tmp_path):
    make(tmp_path)
    data = scan(tmp_path, trust=True, private_copy=copy)["sections"]["models"]
    assert data["source"] == "live"
    (book,) = [one for one in data["data"]["models"] if one["label"] == "catalog.Book"]
    assert (book["file"], book["line"]) == ("catalog/models.py", 4)
    (title,) = [one for one in book["fields"] if one["name"] == "title"]
    assert (title["file"], title["line"]) == ("catalog/models.py", 5)


def state(name, **options):
    options = {"indexes": [], "constraints": [], **options}
    fields = [("id", models.AutoField(primary_key=True)), ("x", models.IntegerField())]
    return ModelState("shop", name, fields, options)


def both_states():
    before, after = ProjectState(), ProjectState()
    index = models.Index(fields=["x"], name="old")
    for name in ("A", "B", "C", "D"):
        before.add_model(state(name, indexes=[index], index_together={("id", "x")}))
    after.add_model(state("A", indexes=[models.Index(fields=["x"], name="new")]))
    after.add_model(state("B", indexes=[index, models.Index(fields=["id", "x"], name="pair")]))
    after.add_model(state("C", unique_together={("id", "x")}))
    after.add_model(state("D", indexes=[index], index_together={("id", "x")}))
    return before, after


def operations(detector):
    asking = MigrationQuestioner(specified_apps={"shop"}, dry_run=True)
    changes = detector(*both_states(), asking).changes(graph=MigrationGraph())
    return [one.deconstruct() for step in changes["shop"] for one in step.operations]


def test_the_quicker_detector_finds_the_same_and_asks_once():
    asked = []

    class Counting(MigrationAutodetector):
        def _get_altered_foo_together_operations(self, option_name):
            asked.append(option_name)
            return super()._get_altered_foo_together_operations(option_name)

    expected = operations(Counting)
    before = asked.count("index_together")
    asked.clear()
    assert operations(linear(Counting)) == expected
    assert {one[0] for one in expected} >= {"RenameIndex", "RemoveIndex", "AlterUniqueTogether"}
    assert before == 4
    assert asked.count("index_together") == 1


@pytest.mark.parametrize("name", ["auth.User", "AUTH.USER", "contenttypes.ContentType", "no.One"])
def test_names_of_swappable_models_are_djangos(name):
    expected = apps.get_swappable_settings_name(name)
    with SwappableNames(apps):
        assert "get_swappable_settings_name" in vars(apps)
        assert apps.get_swappable_settings_name(name) == expected
    assert "get_swappable_settings_name" not in vars(apps)


def test_a_model_that_is_registered_meanwhile_brings_djangos_search_back():
    with SwappableNames(apps):
        apps.clear_cache()
        assert "get_swappable_settings_name" not in vars(apps)
