"""The inspector is an ordinary app: nothing else names it, and everything else works without it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long import LONG

ROOT = Path(__file__).resolve().parents[2]
# The parts that other developers' apps use.
RUNTIME = ("src/djdesk", "electron", "packaging")


def tracked() -> list[str]:
    said = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [name for name in said.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def without(tmp_path_factory) -> Path:
    """A copy of this repository without ``inspector/``."""
    names = tracked()
    if not names:
        pytest.skip("not a git checkout")
    copy = tmp_path_factory.mktemp("without")
    for name in names:
        if not name.startswith("inspector/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK_"))}
    paths = os.pathsep.join([str(folder / "src"), str(folder)])
    return subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        cwd=folder,
        env=kept | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_runtime_names_no_app():
    named = [
        name
        for name in tracked()
        if name.startswith(RUNTIME)
        and name.endswith((".py", ".js", ".cjs", ".html", ".css", ".sh", ".nsh", ".desktop"))
        and "inspector" in (ROOT / name).read_text(encoding="utf-8").lower()
    ]
    assert set(named) <= {"src/djdesk/tools/node/setup/plan.js"}  # npm start in this checkout


@LONG
def test_tests_translations_and_types_need_no_inspector(without):
    collected = python(without, "-m", "pytest", "--collect-only", "-q", "tests")
    assert collected.returncode == 0, collected.stdout[-3000:] + collected.stderr[-2000:]
    assert "inspector/" not in collected.stdout
    checked = python(without, "-m", "scripts.messages", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_app_starts_without_it(without, tmp_path):
    from tests.djdesk.children import Child

    app = without / "tests" / "apps" / "parity"
    paths = os.pathsep.join([str(without / "src"), str(without)])
    options = {"app": str(app), "settings": "tests.djdesk.child_settings", "python_path": paths}
    with Child("serve", tmp_path / "data", **options) as server:
        port = server.until("listening")["port"]
        assert server.get(port, "/")[0] == 200
        assert server.end_of_stdin() == 0


def test_no_script_imports_from_it():
    for name in tracked():
        if name.endswith(".js") and not name.startswith("inspector/"):
            text = (ROOT / name).read_text("utf-8")
            assert re.search(r"""(from|import\() ?['"](\.\./)+inspector/""", text) is None, name
