"""Snapshots are as the schema says, and the schema can refuse."""

import sys

import pytest
from projects import make, scan
from schema import SCHEMA, faults

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot
from inspector.facts.snapshot import SCHEMA as VERSION
from inspector.sample import sample_path
from inspector.stages import LIVE, STATIC


@pytest.fixture(scope="module")
def sample():
    project = find_project(sample_path(), python=sys.executable)
    return list(inspect(project, Options(trust=True)))


def test_the_sample_fits_static_and_live(sample):
    assert list(faults(snapshot(sample))) == []
    static = [one for one in sample if one.get("source") != "live"]
    assert list(faults(snapshot(static))) == []


def test_a_project_with_everything_fits(tmp_path):
    from test_more_sections import APPS, FILES, MIDDLEWARE, TEMPLATES

    make(tmp_path, FILES, settings=APPS + TEMPLATES + MIDDLEWARE)
    assert list(faults(scan(tmp_path, trust=True))) == []


def test_a_project_that_does_not_load_fits(tmp_path):
    make(tmp_path, settings="import rest_framework\n")
    assert list(faults(scan(tmp_path, trust=True))) == []


def test_every_section_is_described():
    assert set(SCHEMA["properties"]["sections"]["properties"]) == set(STATIC) | set(LIVE)
    assert SCHEMA["properties"]["schema"]["const"] == VERSION


def test_the_schema_refuses_what_is_wrong(sample):
    good = snapshot(sample)
    assert list(faults({**good, "schema": 2}))
    assert list(faults({**good, "status": "fine"}))
    rows = {**good["sections"]["apps"], "data": {"apps": [{"label": 1}]}}
    assert list(faults({**good, "sections": {"apps": rows}}))
