"""How ``djdesk init`` uses uv's answers; one long test runs uv itself."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.app import load
from djdesk.tools.init.dependencies import install, resolve, uv
from djdesk.tools.init.dependencies.installed import Installed
from djdesk.tools.init.inside import load as load_inside
from djdesk.tools.problem import ToolProblem
from djdesk.tools.stage.interpreter import find_uv
from djdesk.tools.stage.places import StageProblem
from tests.long import LONG
from tests.tools.init_projects import find, make, state

TEXT = "django==5.2 \\\n    --hash=sha256:11\nold==1.0 \\\n    --hash=sha256:22\n"


def answers(monkeypatch, *said: tuple[int, str]):
    """Fakes uv's answers in order; returns the commands that it was given."""
    asked: list[list[str]] = []
    left = list(said)

    def run(command, *, cwd, stdin=None):
        asked.append([str(word) for word in command] + ([stdin] if stdin else []))
        code, text = left.pop(0)
        return SimpleNamespace(returncode=code, stderr=text, stdout=text)

    monkeypatch.setattr(uv, "run", run)
    return asked


def test_what_does_not_build_is_left_out_and_told(tmp_path, monkeypatch):
    failed = "error: Failed to build `old==1.0`\n  fatal error: lber.h: No such file or directory\n"
    asked = answers(monkeypatch, (0, ""), (1, failed), (0, ""), (0, ""))
    text, (told,) = install.make(tmp_path, "3.13", TEXT, lambda name: "")
    assert "old==" not in text and (tmp_path / "requirements.txt").read_text() == text
    assert told.rule == "DEP3" and told.level == "B" and "lber.h" in told.why
    assert asked[-1][-1] != "-r"  # djdesk itself came last


def test_a_failure_of_another_kind_ends_it(tmp_path, monkeypatch):
    answers(monkeypatch, (0, ""), (1, "error: dns error"))
    with pytest.raises(ToolProblem, match="could not be installed"):
        install.make(tmp_path, "3.13", TEXT, lambda name: "")
    answers(monkeypatch, (1, "No interpreter found for Python 3.99"))
    with pytest.raises(ToolProblem, match=r"no Python 3\.99"):
        install.make(tmp_path, "3.99", TEXT, lambda name: "")


def test_packages_without_a_wheel_are_named_for_each_system(tmp_path, monkeypatch):
    no = "Because old==1.0 has no wheels with a matching platform tag and you require"
    asked = answers(monkeypatch, (0, ""), (1, no), (0, ""), (1, no), (0, ""))
    found = install.missing_wheels(tmp_path, TEXT, "3.13")
    assert found == {"macOS": ["old"], "Windows": ["old"]}
    assert "--hash" not in asked[1][-1] and "old" not in asked[2][-1]


def test_a_package_that_a_marker_keeps_from_windows_is_named_too(tmp_path, monkeypatch):
    """As paperless-ngx locks langdetect, which exists only as source."""
    marker = "sys_platform == 'darwin' or sys_platform == 'linux'"
    text = f"old==1.0 ; {marker} \\\n    --hash=sha256:aa\nfast==1.0\n"
    no = f"Because old{{{marker}}}==1.0 has no usable wheels and you require"
    answers(monkeypatch, (1, no), (0, ""), (1, no), (0, ""), (0, ""))
    found = install.missing_wheels(tmp_path, text, "3.13")
    assert found == {"Linux": ["old"], "macOS": ["old"]}
    assert install.systems_of(text, "old") == {"Linux", "macOS"}
    assert install.systems_of(text, "fast") == {"Linux", "macOS", "Windows"}
    assert install.systems_of("a==1 ; sys_platform != 'win32'\n", "a") == {"Linux", "macOS"}


def test_a_version_that_does_not_fit_is_asked_for_again_without_it(tmp_path, monkeypatch):
    root = make(tmp_path / "shop")
    (root / "requirements.txt").write_text("Django==4.2.1\nold==1.0\n")
    project = find(root, settings=None, manage=None)

    def run(command, *, cwd, stdin=None):
        out = next((one for one in command if str(one).endswith(("near.txt", "exact.txt"))), None)
        if str(out).endswith("exact.txt"):
            return SimpleNamespace(returncode=1, stderr="no solution", stdout="")
        # The lock's versions are in the output file: uv prefers them.
        assert "old==1.0" in out.read_text() and "django>=5.2,<6" in stdin
        out.write_text("django==5.2.3\nold==1.0\n")
        return SimpleNamespace(returncode=0, stderr="", stdout="")

    monkeypatch.setattr(uv, "run", run)
    found = resolve.resolve(project, "3.13", [])
    assert found.problem == "" and found.versions == {"django": "5.2.3", "old": "1.0"}
    assert any("Django 5.2.3 instead of 4.2.1" in one.what for one in found.decisions)


def test_an_older_setuptools_is_tried_before_another_version(tmp_path, monkeypatch):
    root = make(tmp_path / "shop")
    (root / "requirements.txt").write_text("Django==5.2.1\nold==1.0\n")
    project = find(root, settings=None, manage=None)
    constraints = []

    def run(command, *, cwd, stdin=None):
        constraints.append((cwd / "build.txt").read_text())
        if len(constraints) == 1:
            return SimpleNamespace(returncode=1, stderr="Failed to build `old==1.0`", stdout="")
        out = command[command.index("--output-file") + 1]
        out.write_text("django==5.2.1\nold==1.0\n")
        return SimpleNamespace(returncode=0, stderr="", stdout="")

    monkeypatch.setattr(uv, "run", run)
    found = resolve.resolve(project, "3.13", [])
    assert constraints == ["", "setuptools<72\n"] and found.older_setuptools
    assert [one.rule for one in found.decisions] == ["DEP1"], "the lock is kept"


def test_without_uv_it_is_said_how_to_get_it(tmp_path, monkeypatch):
    def gone():
        raise StageProblem("uv was not found.", "pip install uv")

    monkeypatch.setattr(uv, "find_uv", gone)
    with pytest.raises(ToolProblem, match="pip install uv"):
        uv.run(["--version"], cwd=tmp_path)


# The one that set-up downloaded for this checkout.
UV = str(Path(__file__).parents[2] / ".tools" / "uv" / "bin" / "uv")


@LONG
def test_a_whole_app_with_an_environment_of_its_own(tmp_path):
    """The app's own command works on it, and the project is unchanged."""
    import sys

    root = make(tmp_path / "shop", settings="import os\nKEY = os.environ['SHOP_KEY']\n")
    (root / "requirements.txt").write_text("Django>=5.2,<5.3\n")
    before, out = state(root), tmp_path / "shop-desktop"
    done = subprocess.run(
        [sys.executable, "-m", "djdesk.cli", "init", root, "--out", out, "--format", "json"],
        capture_output=True, text=True, check=False, env=os.environ | {"UV": find_uv(UV)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["level"] == "A"
    program = install.python_of(out).with_name("djdesk")
    migrated = subprocess.run(
        [program, "manage", "--data-dir", tmp_path / "data", "migrate", "-v", "0"],
        cwd=out, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert migrated.returncode == 0, migrated.stderr
    assert (tmp_path / "data" / "app.sqlite3").is_file() and state(root) == before
    load.cache_clear()
    assert load(out).environment == {"SHOP_KEY": "{secret}"}


def test_a_package_that_no_longer_has_what_the_project_uses_is_the_locks(tmp_path, monkeypatch):
    """It was upgraded because of a newer Django."""
    root = make(tmp_path / "shop", {"requirements.txt": "restful==3.13.1\n"})
    project = find(root, settings=None, manage=None)
    packages = Installed(project, tmp_path, "3.13", versions={"restful": "3.17"})
    monkeypatch.setattr(packages, "package_of", lambda file: "restful" if file else "")
    for fits, file, wanted in ((True, "", 0), (False, "docs.py", 0), (True, "docs.py", 1)):
        packages.kept.clear()
        monkeypatch.setattr(packages, "_again", lambda fits=fits: fits)
        assert packages.keep(file, "No module named restful.docs", "shop/urls.py:6") is bool(wanted)
        assert (len(packages.decisions), len(packages.added)) == (wanted, wanted)
    assert packages.added == ["restful==3.13.1"]
    (told,) = packages.decisions
    assert told.what == "restful 3.13.1 instead of 3.17."
    assert "At shop/urls.py:6, the project uses something that 3.17 does" in told.why
    packages.kept.clear()
    packages.versions["restful"] = "3.13.1"
    assert not packages.keep("docs.py", "it", "shop/urls.py:6"), "it is the lock's already"


@pytest.mark.parametrize(
    ("code", "lacking"),
    [
        ("import django_tasks_db.nothing", "django_tasks_db"),
        ("from django_tasks_db.models import Nothing", "django_tasks_db"),
        ("import no_such_package.nothing", ""),
        ("from django.utils.timezone import nothing", ""),
        ("import django_tasks_db; django_tasks_db.nothing()", "django_tasks_db"),
        ("import django; django.nothing()", ""),
        ("'text'.nothing()", ""),
    ],
)
def test_which_package_lacks_what_the_project_uses(tmp_path, monkeypatch, code, lacking):
    monkeypatch.setattr(load_inside, "PROJECT", f"{tmp_path}{os.sep}")
    with pytest.raises((ImportError, AttributeError)) as failure:
        exec(compile(code, str(tmp_path / "urls.py"), "exec"), {})
    told = load_inside._failure(failure.value)
    assert lacking in told["lacking"] and bool(told["lacking"]) == bool(lacking)
    assert told["place"] == "urls.py:1"
