"""The developer's commands without an app, or with an invalid one."""

import os
import subprocess
import sys

import pytest

SETTINGS = """
SECRET_KEY = "x"
ROOT_URLCONF = "shop"
INSTALLED_APPS = ["django.contrib.contenttypes", "shelves"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
urlpatterns = []
"""
TABLE = '[project]\nname = "shop"\n[tool.djdesk]\nsettings = "shop"\n'
COMMANDS = ["start", "test", "package", "manage", "data list", "icons"]


def djdesk(folder, command):
    """Exit code and output of a command run in the folder."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DJDESK_", "PYTEST"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "djdesk.cli", *command.split()], cwd=folder, text=True, timeout=60,
        env=kept | {"XDG_DATA_HOME": str(folder / "data")}, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("table", [None, '[project]\nname = "shop"\n'])
def test_outside_of_any_app(tmp_path, command, table):
    if table:
        (tmp_path / "pyproject.toml").write_text(table)
    code, said = djdesk(tmp_path, command)
    assert code == 1 and "Traceback" not in said
    assert f"There is no app in {tmp_path} or above it" in said
    assert "djdesk new" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_typing_mistake_in_the_table(tmp_path, command):
    (tmp_path / "pyproject.toml").write_text(TABLE + 'nmae = "Shop"\n')
    code, said = djdesk(tmp_path, command)
    assert code == 1 and "Traceback" not in said
    assert "line 5: [tool.djdesk] has no key “nmae”. Did you mean “name”?" in said


LOADING = ["manage check", "test", "start --shell browser --no-open"]


@pytest.mark.parametrize("command", LOADING)
def test_settings_that_cannot_be_loaded_are_told_with_their_line(tmp_path, command):
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "shop.py").write_text("DEBUG = True\nimport nothing_here\n")
    code, said = djdesk(tmp_path, command)
    assert code == 1
    assert "No module named 'nothing_here'" in said
    assert "Correct the module shop." in said
    assert 'shop.py", line 2' in said
    assert "frozen importlib" not in said and "overlay" not in said


@pytest.mark.parametrize("command", LOADING)
def test_a_missing_package_is_named(tmp_path, command):
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "shop.py").write_text(SETTINGS)
    code, said = djdesk(tmp_path, command)
    assert code == 1 and "Traceback" not in said
    assert "A part of the app cannot be imported (No module named 'shelves')." in said
    assert "INSTALLED_APPS" in said


@pytest.mark.parametrize("command", LOADING)
def test_a_mistake_in_a_model_is_told_with_its_line(tmp_path, command):
    (tmp_path / "pyproject.toml").write_text(TABLE)
    (tmp_path / "shop.py").write_text(SETTINGS)
    (tmp_path / "shelves").mkdir()
    (tmp_path / "shelves" / "__init__.py").touch()
    (tmp_path / "shelves" / "models.py").write_text("from django.db import models\nmodel.Model\n")
    code, said = djdesk(tmp_path, command)
    assert code == 1 and "Traceback" not in said
    assert "The app cannot be loaded (NameError: name 'model' is not defined" in said
    assert 'models.py", line 2' in said and "site-packages" not in said
