"""The comparison with Django itself: equal if we are right, and every difference is listed."""

import copy
import json
import subprocess
import sys

import pytest

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot
from inspector.sample import sample_path
from scripts.coverage.compare import compare, facts
from scripts.coverage.measure import ORACLE
from scripts.coverage.page import differences, page


@pytest.fixture(scope="module")
def both():
    """Our facts about the bundled sample, and Django's."""
    project = find_project(sample_path(), python=sys.executable)
    options = Options(trust=True, python=sys.executable)
    ours = snapshot(inspect(project, options, cancelled=lambda: False))
    settings = ours["sections"]["runtime"]["data"]["settings_module"]
    argv = [sys.executable, "-B", str(ORACLE), str(project.base), settings]
    told = subprocess.run(argv, capture_output=True, check=True, timeout=120).stdout
    return ours, json.loads(told)


def test_the_sample_is_as_django_says(both):
    ours, told = both
    found = facts(ours)
    assert compare(found, told) == ({}, {})
    assert all(found[kind] for kind in ("models", "relations", "migrations", "routes", "settings"))


def test_each_kind_of_difference_is_told(both):
    ours, told = both
    changed = copy.deepcopy(told)
    label = next(iter(changed["models"]))
    field = next(iter(changed["models"][label]["fields"].values()))
    field["null"] = not field["null"]
    changed["migrations"]["all"].append("shop.0099_more")
    changed["routes"].pop()
    changed["admin"] = {"error": "KeyError: 'x'"}
    different, failed = compare(facts(ours), changed)
    assert set(different) == {"details", "migrations", "routes"}
    assert different["migrations"] == {"missing": ["shop.0099_more"], "extra": []}
    assert failed == {"admin": "KeyError: 'x'"}
    row = {"loaded": True, "different": different, "failed": failed}
    assert differences(row) == (
        "details: 1 missing, 1 more; migrations: 1 missing; routes: 1 more; admin not compared"
    )


def test_the_page_says_what_did_not_work():
    text = page([{"name": "ada/shop", "kind": "", "not_installed": "no such package"}])
    assert "- ada/shop is not installed, because: no such package" in text
