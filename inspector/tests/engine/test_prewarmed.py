"""A prewarmed static child: taken, replaced, dropped, and gone with its parent."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from projects import events, make

from inspector.engine import stages
from inspector.run import Child, Scratch
from inspector.run.prewarmed import PrewarmedChild

LIMIT = 30  # seconds
MAIN = Path(stages.__file__).parents[1]


def until(condition):
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def prewarmed(monkeypatch):
    prewarmed = PrewarmedChild(stages._static_child)
    monkeypatch.setattr(stages, "prewarmed", prewarmed)
    yield prewarmed
    prewarmed.drop()


def process_of(prewarmed):
    return prewarmed._waiting[1]._process


def test_the_one_that_waits_does_the_scan(tmp_path, prewarmed, monkeypatch):
    root = make(tmp_path)
    without = [one["name"] for one in events(root) if one["event"] == "section"]
    prewarmed.prepare()
    process, scratch = process_of(prewarmed), prewarmed._waiting[0]
    prewarmed.prepare()
    assert process_of(prewarmed) is process, "one is enough"
    monkeypatch.setattr(Child, "_start", lambda self: pytest.fail("it has been started"))
    found = events(root)
    assert [one["name"] for one in found if one["event"] == "section"] == without
    assert found[-1]["status"] == "complete"
    assert process.poll() is not None and not scratch.path.exists() and prewarmed._waiting is None


def test_a_scan_that_is_cancelled_ends_the_one_that_waited(tmp_path, prewarmed):
    root = make(tmp_path)
    prewarmed.prepare()
    process = process_of(prewarmed)
    found = events(root, cancelled=lambda: True)
    assert found[-1]["status"] == "cancelled" and process.poll() is not None


def test_one_that_has_died_is_not_taken(tmp_path, prewarmed):
    root = make(tmp_path)
    prewarmed.prepare()
    scratch, dead = prewarmed._waiting[0], process_of(prewarmed)
    dead.kill()
    dead.wait()
    assert events(root)[-1]["status"] == "complete"
    assert not scratch.path.exists()
    prewarmed.prepare()
    assert process_of(prewarmed).pid != dead.pid


def test_nobody_wants_it(prewarmed):
    prewarmed._idle = 0.01
    prewarmed.prepare()
    until(lambda: prewarmed._waiting is None)
    prewarmed.drop()
    assert prewarmed.take()[1].waits is False


def test_it_cannot_be_started(tmp_path):
    made = []

    def nothing():
        scratch = Scratch()
        made.append(scratch)
        return scratch, Child([str(tmp_path / "none")], cwd=tmp_path, env={})

    prewarmed = PrewarmedChild(nothing)
    prewarmed.prepare()
    assert prewarmed._waiting is None and not made[0].path.exists()
    scratch, child = prewarmed.take()
    with scratch:
        assert list(child.lines()) == [] and child.outcome.why == "not-started"


def test_it_goes_with_a_parent_that_is_killed(tmp_path):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from inspector.engine.stages import prewarmed\n"
        "prewarmed.prepare()\n"
        "print(prewarmed._waiting[1]._process.pid, flush=True); time.sleep(600)"
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
