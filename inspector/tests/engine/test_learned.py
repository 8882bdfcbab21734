"""The next scan uses what a scan learned about loading a project, unless something changed."""

import pytest
from projects import make, scan

from inspector.engine import extra_runs, stages
from inspector.engine.learned import Learned
from tests.long import LONG

NEEDS = """
import os
COLOUR = os.environ["SHOP_COLOUR"]
TOKEN = os.environ["SHOP_TOKEN"]
"""


def runtime(root, **options):
    section = scan(root, trust=True, **options)["sections"]["runtime"]
    assert section["ok"], section
    return section["data"]


def told(data):
    return {key: data[key] for key in ("assumed", "repairs", "settings_module")}


def kept():
    return "".join(file.read_text("utf-8") for file in stages.static_cache().glob("*.loading.json"))


def test_the_next_scan_starts_once_and_says_the_same(tmp_path):
    root = make(tmp_path, settings=NEEDS)
    first, second = runtime(root), runtime(root)
    assert first["attempts"] == 3 and second["attempts"] == 1
    assert told(first) == told(second)
    assert [one["names"] for one in second["repairs"]]


def test_a_copy_and_its_folders_are_made_at_once(tmp_path):
    write = "from pathlib import Path\n(Path(__file__).parent / 'data/seen.txt').write_text('x')\n"
    root = make(tmp_path, {"catalog/models.py": write})
    first, second = runtime(root), runtime(root)
    assert first["attempts"] > 1 and second["attempts"] == 1
    assert told(first) == told(second)
    assert not (root / "catalog/data").exists()


@LONG
@pytest.mark.parametrize(
    ("file", "text", "names"),
    [
        ("shop/settings.py", None, set()),
        (".env.example", "SHOP_COLOUR=red\nSHOP_TOKEN=abc\n", {"env-example"}),
    ],
    ids=["settings", "an example"],
)
def test_what_decides_it_has_changed(tmp_path, file, text, names):
    root = make(tmp_path, settings=NEEDS)
    assert {one["kind"] for one in runtime(root)["repairs"]} - names
    changed = root / file
    changed.write_text(text or changed.read_text("utf-8").replace(NEEDS, ""), "utf-8")
    assert {one["kind"] for one in runtime(root)["repairs"]} == names


@LONG
def test_where_it_does_not_help_any_more_the_scan_begins_anew(tmp_path):
    root = make(tmp_path, settings=NEEDS)
    runtime(root)
    # An app's own code does not affect how the project loads.
    more = "import os\nassert os.environ['SHOP_SIZE']\n"
    models = root / "catalog/models.py"
    models.write_text(more + models.read_text("utf-8"), "utf-8")
    data = runtime(root)
    names = {name for one in data["repairs"] for name in one["names"]}
    assert names == {"SHOP_COLOUR", "SHOP_TOKEN", "SHOP_SIZE"} and data["attempts"] == 4
    assert runtime(root)["attempts"] == 1


def test_what_the_user_gave_is_not_kept(tmp_path):
    root = make(tmp_path, settings=NEEDS)
    data = runtime(root, env={"SHOP_TOKEN": "open-sesame-17"})
    assert data["attempts"] == 2
    assert "SHOP_COLOUR" in kept() and "open-sesame-17" not in kept()
    assert runtime(root, env={"SHOP_TOKEN": "another"})["attempts"] == 1


@LONG
@pytest.mark.parametrize("damage", ["", "{", '{"key": 1}', "[" * 10_000])
def test_a_damaged_file_is_a_missing_one(tmp_path, damage):
    root = make(tmp_path, settings=NEEDS)
    first = runtime(root)
    for file in stages.static_cache().glob("*.loading.json"):
        file.write_text(damage, "utf-8")
    assert told(runtime(root)) == told(first)


@LONG
def test_nothing_reserved_is_taken_from_the_file(tmp_path, monkeypatch):
    root = make(tmp_path, settings=NEEDS)
    runtime(root)
    read = Learned._read

    def changed(self):
        rows = read(self)
        for row in rows.values():
            row["placed"]["PYTHONPATH"] = str(tmp_path)
        return rows

    monkeypatch.setattr(Learned, "_read", changed)
    assert runtime(root)["attempts"] == 3


@pytest.fixture
def started(monkeypatch):
    """The settings modules loaded in addition to the chosen one."""
    seen = []
    live = extra_runs.live

    def watched(project, options, cancelled, plan, extra_run=None):
        seen.append(extra_run.settings)
        return live(project, options, cancelled, plan, extra_run)

    monkeypatch.setattr(extra_runs, "live", watched)
    return seen


PRODUCTION = "from shop.settings import *\nDEBUG = False\n"


def deploy(root, **options):
    data = scan(root, trust=True, **options)["sections"]["deploy"]["data"]
    return {
        one["module"]: [message["id"] for message in one["messages"]] for one in data["modules"]
    }


@LONG
def test_other_settings_are_checked_again_only_when_what_they_read_has_changed(tmp_path, started):
    root = make(tmp_path, {"shop/production.py": PRODUCTION, "notes/plain.py": ""})
    first = deploy(root)
    assert started == ["shop.production"] and first["shop.production"]
    assert deploy(root) == first and started == ["shop.production"]
    (root / "notes/plain.py").write_text("x = 1\n")  # not read by the project
    assert deploy(root) == first and len(started) == 1
    models = root / "catalog/models.py"
    models.write_text(models.read_text("utf-8") + "\n\nX = 1\n", "utf-8")
    assert deploy(root) == first and len(started) == 2
    production = root / "shop/production.py"
    production.write_text(PRODUCTION.replace("False", "True"), "utf-8")
    assert set(deploy(root)["shop.production"]) - set(first["shop.production"]) == {"security.W018"}
    assert len(started) == 3


def test_with_values_of_the_user_other_settings_are_always_checked(tmp_path, started):
    root = make(tmp_path, {"shop/production.py": PRODUCTION})
    for _ in range(2):
        deploy(root, env={"SHOP_COLOUR": "red"})
    assert len(started) == 2


@LONG
def test_settings_that_do_not_load_are_tried_once_the_next_time(tmp_path, started):
    broken = "import os\nos.environ['A']\nos.environ['B']\nraise RuntimeError('never')\n"
    root = make(tmp_path, {"shop/production.py": PRODUCTION + broken})
    scan(root, trust=True)
    tries = len(started)
    data = scan(root, trust=True)["sections"]["deploy"]["data"]
    assert tries > 2 and len(started) == tries + 1
    (row,) = [one for one in data["modules"] if one["module"] == "shop.production"]
    assert row["error"]["message"] == "never" and "A, B" in row["assumed"][0]
