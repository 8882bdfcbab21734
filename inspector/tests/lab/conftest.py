"""Snapshots of the bundled sample, read once, and one with hostile texts everywhere."""

from __future__ import annotations

import re
import sys

import pytest

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot
from inspector.sample import sample_path

from ..pages import data

SECRET = re.search(
    r'^SECRET_KEY = .*"(.{20,})"\)',
    (sample_path() / "config/settings.py").read_text(),
    re.MULTILINE,
)[1]
EVIL = "</script></style><img src=x onerror=alert(1)>'\"`\u202e\x00\x1b]0;"


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A live inspection of the sample project."""
    from inspector.engine import stages

    before = stages.bytecode_cache, stages.static_cache
    stages.bytecode_cache = lambda root: tmp_path_factory.mktemp("bytecode").resolve()
    facts = tmp_path_factory.mktemp("facts")
    stages.static_cache = lambda: facts
    project = find_project(sample_path(), python=sys.executable)
    found = snapshot(inspect(project, Options(trust=True), lambda: False))
    stages.bytecode_cache, stages.static_cache = before
    assert found["status"] == "complete", found["error"]
    return found


def of(**sections):
    """A snapshot with these live sections."""
    return {
        "schema": 1,
        "project": {"name": "shop", "root": "/shop", "interpreters": [], "settings_modules": []},
        "status": "complete",
        "seconds": 1.0,
        "error": None,
        "changed": [],
        "sections": {
            name: {"ok": True, "source": "live", "seconds": 0.1, "data": found}
            for name, found in sections.items()
        },
    }


@pytest.fixture
def hostile():
    """Every text that a project controls tries to break out."""
    model = data.model(
        f"a.{EVIL}", data.field(EVIL, EVIL), data.foreign_key(f"{EVIL}2", f"a.{EVIL}"), doc=EVIL
    )
    found = of(
        models=data.models(model, data.model("b.B", data.foreign_key("x", f"a.{EVIL}"))),
        urls=data.urls(data.route(EVIL, EVIL, view=EVIL)),
        checks=data.checks(data.message(msg=EVIL, hint=EVIL, obj=EVIL)),
        migrations=data.migrations(data.migration(EVIL, op_kinds={EVIL: 2}), app=EVIL),
        settings={
            "module": EVIL,
            "files": [],
            "variables": [{"name": EVIL, "value": EVIL, "file": EVIL, "line": 1}],
            "env": [{"name": EVIL, "default": EVIL, "required": True, "set": None}],
            "secret_key": None,
            "errors": [],
        },
    )
    found["project"]["name"] = EVIL
    return found
