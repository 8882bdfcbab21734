"""A live scan while another program holds the database for longer than any single wait."""

import contextlib
import sqlite3
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from bench.campaigns import projects
from bench.campaigns.child import LIMIT, Child

from tests.long import LONG

from .test_full_disk import Visitor

HELD = 18.0  # seconds: longer than a page waits (10), and than a task waits for one statement (2)


@pytest.fixture
def visited(tmp_path):
    data = tmp_path / "data"
    with Child("serve", data) as server, Child("worker", data):
        yield data, Visitor(server.port)


def scans(data):
    with contextlib.closing(sqlite3.connect(data / "app.sqlite3", timeout=LIMIT)) as database:
        return database.execute("SELECT status, error FROM inspector_scan ORDER BY id").fetchall()


def wait_for(condition):
    deadline = time.monotonic() + 2 * LIMIT
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def live_scan(data, visitor, folder):
    """Start one; returns the URL of its project."""
    status, _, project_url = visitor.post("/open/", path=str(projects.make(folder)))
    assert status == 302
    wait_for(lambda: scans(data)[-1:] and scans(data)[-1][0] not in ("queued", "running"))
    visitor.post(f"{project_url}trust/", python=sys.executable, settings_module="", run="1")
    wait_for(lambda: len(scans(data)) == 2 and scans(data)[-1][0] == "running")
    return project_url


@contextlib.contextmanager
def locked(data):
    with contextlib.closing(
        sqlite3.connect(data / "app.sqlite3", timeout=LIMIT, isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@LONG
def test_a_scan_that_waits_for_a_lock_can_be_cancelled(visited, tmp_path):
    data, visitor = visited
    project_url = live_scan(data, visitor, tmp_path / "project")
    with locked(data) as other:
        status, text, _ = visitor.post(f"{project_url}cancel/")
        assert status == 503 and "The database is locked" in text
        other.execute("ROLLBACK")
    wait_for(lambda: scans(data)[-1][0] not in ("queued", "running"))
    assert scans(data)[-1] == ("cancelled", None)


@LONG
def test_a_live_scan_under_a_lock_completes_and_no_page_says_that_the_app_was_closed(
    visited, tmp_path
):
    data, visitor = visited
    project_url = live_scan(data, visitor, tmp_path / "project")
    with locked(data) as other:
        held = time.monotonic()
        page = visitor.send("GET", project_url)
        assert page[0] == 200 and "was closed" not in page[1]
        status, text, _ = visitor.post(f"{project_url}scan/")
        assert status == 503 and "The database is locked" in text
        wait_for(lambda: time.monotonic() - held > HELD)
        other.execute("ROLLBACK")
    wait_for(lambda: scans(data)[-1][0] not in ("queued", "running"))
    state, error = scans(data)[-1]
    assert state == "complete", error
    assert "was closed" not in visitor.send("GET", project_url)[1]
