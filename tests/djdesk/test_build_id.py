"""Old and new code never work on one database: a child of another build refuses to start."""

import os
import time

import pytest
from django.conf import settings

from djdesk.desktop import build_id

from .children import Child

SETTINGS = "tests.djdesk.child_settings"
OTHER = "0" * 16


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "app"
    for name in ("shop/models.py", "manage.py", ".venv/lib/x.py", "env/pyvenv.cfg", "env/y.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


def test_it_changes_with_python_files_and_with_nothing_else(app):
    before = build_id.current(app)
    for name in ("shop/x.html", "shop/models.pyc", ".venv/lib/x.py", "env/y.py", "media"):
        (app / name).write_text("changed")
        assert build_id.current(app) == before, name
    for change in (
        lambda: (app / "shop/models.py").write_text("changed"),
        lambda: os.utime(app / "manage.py", ns=(1, 1)),
        lambda: (app / "shop/new.py").touch(),
        lambda: (app / "shop/new.py").unlink(),
        lambda: (app / "pyproject.toml").write_text("[tool.djdesk]"),
    ):
        before = build_id.current(app)
        change()
        assert build_id.current(app) != before


def test_in_a_package_it_is_the_manifest(tmp_path):
    (tmp_path / "python").mkdir()
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}")
    before = build_id.current(None, tmp_path)
    assert build_id.current(None, tmp_path) == before
    manifest.write_text("{ }")
    assert build_id.current(None, tmp_path) != before


def test_it_costs_next_to_nothing():
    root = settings.BASE_DIR / "src"
    build_id.current(root)
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        build_id.current(root)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.02, "measured in milliseconds; 3 ms on a quiet machine"


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_child_of_another_build_refuses_before_it_touches_the_data(command, tmp_path):
    data = tmp_path / "data"
    with Child(command, data, settings=SETTINGS, build=OTHER) as child:
        assert child.until("failed")["code"] == "files_changed"
        assert child.wait() == 1
    assert not (data / "app.sqlite3").exists()


def test_children_of_one_build_say_it_and_work_together(tmp_path):
    data = tmp_path / "data"
    with Child("serve", data, settings=SETTINGS) as server:
        build = server.until("listening")["build"]
        assert len(build) == 16
        with Child("worker", data, settings=SETTINGS, build=build) as worker:
            assert worker.until("ready")["build"] == build
            assert worker.end_of_stdin() == 0
        assert server.end_of_stdin() == 0
