"""The live child that waits while the source is read: taken, not needed after all, and dropped."""

import os
import sys
from contextlib import closing

import pytest
from projects import events, make

from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect, inspection, stages
from inspector.engine.live_child import HeadStart, LiveChild
from inspector.engine.repair import Plan
from inspector.run import Child, Scratch, fingerprint, private_copy
from inspector.run.sandbox import Sandbox
from inspector.run.scratch import finish_removing

WAITS = [sys.executable, "-c", "import sys; sys.stdin.read()"]


@pytest.fixture
def begin(tmp_path):
    """Starts one for a plan with these values; its project is a folder with one file."""
    (tmp_path / "shop.py").write_text("")
    started = []

    def begin(argv=WAITS, **values):
        plan = plan_of(**values)

        def make(stop, plan):
            scratch = Scratch()
            child = Child(argv, cwd=tmp_path, env={})
            return LiveChild(scratch, tmp_path, None, Sandbox(), child)

        started.append(HeadStart(tmp_path, lambda before: plan, make))
        return started[-1]

    yield begin
    for one in started:
        one.drop()
    finish_removing()


def plan_of(**values):
    return Plan(None, **values)


def gone(made):
    finish_removing()
    return not made.child.waits and not made.scratch.path.exists()


def test_it_waits_for_its_plan(tmp_path, begin):
    ahead = begin(env={"COLOUR": "red"})
    taken = ahead.take(plan_of(env={"COLOUR": "red"}), fingerprint(tmp_path))
    assert taken is not None and taken.child.waits
    ahead.drop()
    assert taken.child.waits and taken.scratch.path.exists(), "it belongs to the one who took it"
    taken.child.drop()
    taken.scratch.remove_later()
    assert gone(taken)


@pytest.mark.parametrize(
    "wanted",
    [{"env": {"COLOUR": "blue"}}, {"copy": True}, {"folders": ["data"]}],
    ids=lambda one: next(iter(one)),
)
def test_another_plan_has_another_child(tmp_path, begin, wanted):
    ahead = begin()
    ahead._thread.join()
    made = ahead._made[0]
    assert made.child.waits
    assert ahead.take(plan_of(**wanted), fingerprint(tmp_path)) is None and gone(made)


@pytest.mark.parametrize("copy", [True, False])
def test_a_copy_is_not_used_when_the_files_have_changed_since(tmp_path, begin, copy):
    ahead = begin(copy=copy)
    ahead._thread.join()
    made = ahead._made[0]
    (tmp_path / "shop.py").write_text("changed = True")
    taken = ahead.take(plan_of(copy=copy), fingerprint(tmp_path))
    assert taken is (None if copy else made)
    assert gone(made) == copy
    if not copy:
        made.child.drop()
        made.scratch.remove_later()


def test_what_cannot_be_started_is_made_again_when_it_is_wanted(tmp_path, begin):
    ahead = begin([str(tmp_path / "none")])
    assert ahead.take(plan_of(), fingerprint(tmp_path)) is None


def test_the_scan_makes_one_child_and_leaves_nothing(tmp_path, monkeypatch):
    made = recorded(monkeypatch)
    found = events(make(tmp_path), trust=True)
    assert found[-1]["status"] == "complete"
    assert len(made) == 1 and gone(made[0])


def test_a_scan_that_is_left_while_the_source_is_read_ends_the_child(tmp_path, monkeypatch):
    made = recorded(monkeypatch)
    heads = []
    start = inspection.HeadStart
    monkeypatch.setattr(
        inspection, "HeadStart", lambda *args: heads.append(start(*args)) or heads[-1]
    )
    scan = inspect(find_project(make(tmp_path), python=sys.executable), Options(trust=True))
    with closing(scan):
        assert next(scan)["event"] == "project"
        heads[0]._thread.join()
        assert made[0].child.waits
    assert gone(made[0])


def recorded(monkeypatch):
    made, original = [], stages.live_child

    def watched(*args):
        made.append(original(*args))
        return made[-1]

    monkeypatch.setattr(stages, "live_child", watched)
    return made


def test_a_private_copy_has_the_contents_modes_and_dates(tmp_path):
    source = tmp_path / "shop/media/large.bin"
    source.parent.mkdir(parents=True)
    source.write_bytes(b"x" * (private_copy.PIECE + 1))
    source.chmod(0o555)
    os.utime(source, ns=(10**18, 10**18 + 1))
    assert private_copy.copy(tmp_path / "shop", tmp_path / "copy", lambda: False)
    made = tmp_path / "copy/media/large.bin"
    assert made.read_bytes() == source.read_bytes()
    assert made.stat().st_mtime_ns == source.stat().st_mtime_ns
    assert made.stat().st_mode == source.stat().st_mode
