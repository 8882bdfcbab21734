"""A static child that is started ahead: taken, replaced, dropped, and gone with its parent."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from projects import events, make

from inspector import stages
from inspector.run import Child, Scratch
from inspector.run.spare import Spare

LIMIT = 30  # seconds
MAIN = Path(stages.__file__).parents[1]


def until(condition):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def spare(monkeypatch):
    spare = Spare(stages._static_child)
    monkeypatch.setattr(stages, "spare", spare)
    yield spare
    spare.drop()


def process_of(spare):
    return spare._waiting[1]._process


def test_the_one_that_waits_does_the_scan(tmp_path, spare, monkeypatch):
    root = make(tmp_path)
    without = [one["name"] for one in events(root) if one["event"] == "section"]
    spare.prepare()
    process, scratch = process_of(spare), spare._waiting[0]
    spare.prepare()
    assert process_of(spare) is process, "one is enough"
    monkeypatch.setattr(Child, "_start", lambda self: pytest.fail("it has been started"))
    found = events(root)
    assert [one["name"] for one in found if one["event"] == "section"] == without
    assert found[-1]["status"] == "complete"
    assert process.poll() is not None and not scratch.path.exists() and spare._waiting is None


def test_a_scan_that_is_cancelled_ends_the_one_that_waited(tmp_path, spare):
    root = make(tmp_path)
    spare.prepare()
    process = process_of(spare)
    found = events(root, cancelled=lambda: True)
    assert found[-1]["status"] == "cancelled" and process.poll() is not None


def test_one_that_has_died_is_not_taken(tmp_path, spare):
    root = make(tmp_path)
    spare.prepare()
    scratch, dead = spare._waiting[0], process_of(spare)
    dead.kill()
    dead.wait()
    assert events(root)[-1]["status"] == "complete"
    assert not scratch.path.exists()
    spare.prepare()
    assert process_of(spare).pid != dead.pid


def test_nobody_wants_it(spare):
    spare._idle = 0.01
    spare.prepare()
    until(lambda: spare._waiting is None)
    spare.drop()
    assert spare.take()[1].waits is False


def test_it_cannot_be_started(tmp_path):
    made = []

    def nothing():
        scratch = Scratch()
        made.append(scratch)
        return scratch, Child([str(tmp_path / "none")], cwd=tmp_path, env={})

    spare = Spare(nothing)
    spare.prepare()
    assert spare._waiting is None and not made[0].path.exists()
    scratch, child = spare.take()
    with scratch:
        assert list(child.lines()) == [] and child.outcome.why == "not-started"


def test_it_goes_with_a_parent_that_is_killed(tmp_path):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from inspector.stages import spare\n"
        "spare.prepare(); print(spare._waiting[1]._process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(MAIN)], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()

    def gone():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        return state == "Z"

    if sys.platform == "linux":
        until(gone)
