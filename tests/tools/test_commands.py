"""The developer's commands: what they find, print and refuse."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from djdesk import __version__, cli
from djdesk.app import load
from djdesk.tools import nodejs, plan
from djdesk.tools.commands import upgrade
from djdesk.tools.commands.test import uses_pytest
from djdesk.tools.new import make_app
from djdesk.tools.problem import ToolProblem
from tests.long import LONG
from tests.tools.init_projects import make, state


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_app("shelf", tmp_path)
    monkeypatch.chdir(folder)
    return folder


def test_new_says_what_to_do_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "shelf"]) == 0
    assert "cd shelf\n  djdesk start" in capsys.readouterr().out
    assert cli.main(["new", "shelf"]) == 1
    assert "already exists" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["start", "test", "manage", "package", "upgrade", "eject"])
def test_outside_of_an_app_every_command_says_the_way(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main([command]) == 1
    assert "djdesk new" in capsys.readouterr().err


def test_an_upgrade_is_one_line(app, capsys):
    file = app / "pyproject.toml"
    old = file.read_text().replace(f"djdesk>={__version__}", "djdesk>=0.0.1")
    file.write_text(old)
    assert cli.main(["upgrade", "--check"]) == 1
    said = capsys.readouterr().out
    assert "made for djdesk 0.0.1" in said
    assert f'+ "djdesk>={__version__}"' in said
    assert file.read_text() == old
    assert cli.main(["upgrade"]) == 0
    lines = zip(old.splitlines(), file.read_text().splitlines(), strict=True)
    assert [(a, b) for a, b in lines if a != b] == [
        ('    "djdesk>=0.0.1",', f'    "djdesk>={__version__}",')
    ]
    assert cli.main(["upgrade", "--check"]) == 0


def test_an_upgrade_needs_a_line_to_change(app, capsys):
    file = app / "pyproject.toml"
    file.write_text(file.read_text().replace(f"djdesk>={__version__}", "djdesk"))
    assert cli.main(["upgrade"]) == 1
    assert "does not say which djdesk" in capsys.readouterr().err


def test_changes_since_a_version():
    text = "# Changelog\n\n## Unreleased\n\n- c\n\n## 0.2.0\n\n- b\n\n## 0.1.0\n\n- a\n"
    assert upgrade.changes_since(text, "0.2.0") == "## Unreleased\n\n- c\n"
    assert "- b" in upgrade.changes_since(text, "0.1.0")
    assert "- a" not in upgrade.changes_since(text, "0.1.0")


def test_an_app_may_own_its_shell(app, capsys):
    from djdesk.app import load

    assert not plan.ejected(load(app))
    assert cli.main(["eject"]) == 0
    assert (app / "electron" / "main.js").is_file()
    assert (app / "electron" / "VERSION").read_text() == f"{__version__}\n"
    assert plan.shell_folder(load(app)) == app
    assert cli.main(["eject"]) == 1
    assert "already exists" in capsys.readouterr().err


def test_pytest_is_used_where_it_is_configured(app):
    assert not uses_pytest(app)
    with (app / "pyproject.toml").open("a") as file:
        file.write("\n[tool.pytest.ini_options]\n")
    assert uses_pytest(app)


def test_a_project_for_pytest_without_pytest_is_told(app, monkeypatch):
    """Django's own runner would find no tests and report success."""
    with (app / "pyproject.toml").open("a") as file:
        file.write("\n[tool.pytest.ini_options]\n")
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pytest_django" else find(name)
    )
    with pytest.raises(ToolProblem, match="pytest_django is not installed"):
        uses_pytest(app)


TESTS = """
    from pathlib import Path
    from django.conf import settings
    from django.test import SimpleTestCase
    class Here(SimpleTestCase):
        def test_files_are_named_by_the_folder_of_manage_py(self):
            self.assertTrue(Path("manage.py").is_file())
            self.assertEqual(settings.DESKTOP_MODE, "test")
"""
COMMAND = """
    from pathlib import Path
    from django.core.management.base import BaseCommand
    class Command(BaseCommand):
        def handle(self, **options):
            print(Path("shop/names.csv").read_text())
"""


@LONG
def test_a_project_beside_its_table_is_run_where_it_lies_and_not_written_to(tmp_path):
    names = {"shop/names.csv": "a name", "shop/management/commands/names.py": COMMAND,
             "shop/tests.py": TESTS}  # fmt: skip
    root, app = make(tmp_path / "shop", names), tmp_path / "app"
    app.mkdir()
    (app / "pyproject.toml").write_text(
        '[project]\nname = "shop"\nversion = "1"\n[tool.djdesk]\nproject = "../shop"\n'
        'settings = "shop.settings"\n'
    )
    before = state(root)
    kept = {name: value for name, value in os.environ.items() if name != "DJDESK_DATA_DIR"}
    for words in (["manage", "--data-dir", tmp_path / "data", "names"], ["test"]):
        done = subprocess.run(
            [sys.executable, "-m", "djdesk.cli", *words],
            cwd=app, capture_output=True, text=True, check=False, env=kept,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "a name" in done.stdout or "Ran 1 test" in done.stderr
    assert state(root) == before


def test_a_node_is_found_or_the_way_to_one_is_told(tmp_path, monkeypatch):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.3.0\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nodejs.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ToolProblem, match=r"is version 18\.3"):
        nodejs.find_node()
    new = tmp_path / "new"
    new.write_text("#!/bin/sh\necho v22.1.0\n")
    new.chmod(0o755)
    monkeypatch.setenv("DJDESK_NODE", str(new))
    assert nodejs.find_node() == str(new)


def test_a_release_has_a_key_of_its_own_and_says_what_is_missing(app, capfd):
    assert cli.main(["release", "key", str(app / "update.pem")]) == 0
    line = re.search(r'^keys = \["[A-Za-z0-9+/]{43}="\]$', capfd.readouterr().out, re.M)
    assert line
    assert cli.main(["release", "key", str(app / "update.pem")]) == 1
    assert "already" in capfd.readouterr().err
    (app / "dist").mkdir()
    assert cli.main(["release", "feed"]) == 1
    assert "no artefact of version" in capfd.readouterr().err
    (app / "dist" / "Shelf-0.1.0-linux-amd64.deb").write_bytes(b"deb")
    assert cli.main(["release", "feed", "--key", str(app / "update.pem")]) == 1
    assert "does not trust this key" in capfd.readouterr().err
    file = app / "pyproject.toml"
    file.write_text(f"{file.read_text()}\n[tool.djdesk.update]\n{line[0]}\n")
    load.cache_clear()
    assert cli.main(["release", "feed", "--key", str(app / "update.pem"), "--rollout", "5"]) == 0
    assert (app / "dist" / "latest-linux.yml.sig").is_file()
    assert cli.main(["release", "announce", "--hold", "It loses tags."]) == 0
    assert "not signed" in capfd.readouterr().out
    assert not (app / "dist" / "latest-linux.yml.sig").exists()
