"""The promise to those who clone this to ship their own app: ``inspector/`` can be deleted."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from .children import LIMIT, Child

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def starter(tmp_path):
    """A copy of the code from which the inspector was deleted as docs/starter.md says."""
    copy = tmp_path / "starter"
    shutil.copytree(
        ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    shutil.copy(ROOT / "inspector" / "manage.py", copy)
    remove_line(copy / "src/djdesk/settings/base.py", r'^    "inspector",$')
    remove_line(copy / "src/djdesk/urls.py", r'^    path\("", include\("inspector.urls"\)\),$')
    return copy


def remove_line(path, pattern):
    text = path.read_text()
    shorter, count = re.subn(pattern + r"\n", "", text, flags=re.MULTILINE)
    assert count == 1, f"{pattern} stands {count} times in {path.name}"
    path.write_text(shorter)


def manage(copy, *arguments):
    environment = os.environ | {
        "PYTHONPATH": str(copy / "src"),
        "DJDESK_DATA_DIR": str(copy / "data"),
        "DJANGO_SETTINGS_MODULE": "djdesk.settings.desktop",
    }
    result = subprocess.run(
        [sys.executable, copy / "manage.py", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT * 2,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_without_the_inspector_a_desktop_app_starts_and_welcomes(starter):
    manage(starter, "check", "--deploy", "--fail-level", "WARNING")
    manage(starter, "collectstatic", "--noinput", "-v0")
    with Child("serve", starter / "data", python_path=str(starter / "src")) as server:
        port = server.until("listening")["port"]
        status, page = server.get(port, "/")
        assert status == 200
        assert b"There is no app here yet" in page
        assert b"nspector" not in page
        status, page = server.get(port, "/desktop/help/")
        assert status == 200
        assert b"/desktop/help/data/" in page
        assert b"/desktop/help/models/" not in page
        with Child("worker", starter / "data", python_path=str(starter / "src")) as worker:
            worker.until("ready")
            assert worker.end_of_stdin() == 0
        assert server.end_of_stdin() == 0


def test_the_runtime_never_names_the_inspector():
    """Settings and URLs are the two places where the app is plugged in; nothing else knows it."""
    plugs = {"settings/base.py", "settings/server.py", "urls.py"}
    package = ROOT / "src/djdesk"
    named = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js"}
        and "tools" not in path.parts
        and "inspector" in path.read_text(encoding="utf-8").lower()
    }
    assert named <= plugs
