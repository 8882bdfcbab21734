"""Snapshots match the schema, and the schema can refuse."""

import re
import sys
from pathlib import Path

import pytest
from projects import make, scan
from schema import SCHEMA, faults, unknown

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.engine.stages import LIVE, STATIC
from inspector.events import EndEvent, ProjectEvent, StageEvent
from inspector.facts import snapshot
from inspector.facts.snapshot import SCHEMA as VERSION
from inspector.sample import sample_path
from inspector.sections.common import EventOf


@pytest.fixture(scope="module")
def sample():
    project = find_project(sample_path(), python=sys.executable)
    return list(inspect(project, Options(trust=True)))


def test_the_sample_fits_static_and_live(sample):
    assert list(faults(snapshot(sample))) == []
    static = [one for one in sample if one.get("source") != "live"]
    assert list(faults(snapshot(static))) == []
    for events in (sample, static):
        assert set(unknown(snapshot(events))) == set()


def test_a_key_that_no_class_has_is_noticed(sample):
    whole = snapshot(sample)
    row = whole["sections"]["apps"]["data"]["apps"][0]
    whole = {"sections": {"apps": {"data": {"apps": [{**row, "colour": "red"}]}}}}
    assert list(unknown(whole)) == ["$.sections.apps.data.apps[].colour"]


def test_a_project_with_everything_fits(tmp_path):
    from test_more_sections import APPS, FILES, MIDDLEWARE, TEMPLATES

    make(tmp_path, FILES, settings=APPS + TEMPLATES + MIDDLEWARE)
    found = scan(tmp_path, trust=True)
    assert (list(faults(found)), set(unknown(found))) == ([], set())


def test_a_project_that_does_not_load_fits(tmp_path):
    make(tmp_path, settings="import rest_framework\n")
    assert list(faults(scan(tmp_path, trust=True))) == []


DOCS = Path(__file__).resolve().parents[2] / "docs"
EVENTS = {
    "project": ProjectEvent,
    "stage": StageEvent,
    "section": EventOf,
    "end": EndEvent,
}


def test_events_have_the_keys_that_they_are_declared_with(sample):
    assert {one["event"] for one in sample} == set(EVENTS)
    for one in sample:
        kind = EVENTS[one["event"]]
        assert kind.__required_keys__ <= set(one)
        assert set(one) <= kind.__required_keys__ | kind.__optional_keys__
        if one["event"] == "section":
            assert ("data" in one, "error" in one) == (one["ok"], not one["ok"])


def test_the_table_of_events_names_them_and_their_keys():
    text = (DOCS / "engine.md").read_text("utf-8")
    lines = text.partition("| event | keys |\n")[2].partition("\n\n")[0].splitlines()[1:]
    told = {line.split("`")[1]: set(re.findall(r"`(\w+)`", line)) for line in lines}
    assert set(told) == set(EVENTS)
    for name, kind in EVENTS.items():
        assert set(kind.__annotations__) - {"event"} <= told[name]


def test_every_section_is_described():
    assert set(SCHEMA["properties"]["sections"]["properties"]) == set(STATIC) | set(LIVE)
    assert SCHEMA["properties"]["schema"]["const"] == VERSION


def test_the_schema_refuses_what_is_wrong(sample):
    good = snapshot(sample)
    assert list(faults({**good, "schema": 2}))
    assert list(faults({**good, "status": "fine"}))
    rows = {**good["sections"]["apps"], "data": {"apps": [{"label": 1}]}}
    assert list(faults({**good, "sections": {"apps": rows}}))
