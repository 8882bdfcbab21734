"""ENV1: the table's variables, and those generated for an installation."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading

import pytest

from djdesk.app import AppError, load
from djdesk.desktop.launch import LaunchFailure
from djdesk.overlay.environment import FILE, read, variables
from djdesk.tools.desktop import environment as desktop_environment

WANTED = {"ADMIN_URL": "admin/", "KEY": "{secret}", "FERNET": "{key}", "STORE": "{data}/store"}


def test_what_is_made_up_is_the_same_at_every_start(tmp_path):
    first = variables(WANTED, tmp_path)
    assert first["ADMIN_URL"] == "admin/" and first["STORE"] == f"{tmp_path}/store"
    assert len(first["KEY"]) == 50 and len(base64.urlsafe_b64decode(first["FERNET"])) == 32
    assert variables(WANTED, tmp_path) == first
    assert set(read(tmp_path / FILE)) == {"KEY", "FERNET"}, "nothing else is kept"
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    other = tmp_path / "other"
    other.mkdir()
    assert variables(WANTED, other)["KEY"] != first["KEY"]


def test_a_user_may_change_a_value_and_a_new_secret_is_added(tmp_path):
    variables({"KEY": "{secret}"}, tmp_path)
    with (tmp_path / FILE).open("a", encoding="utf-8") as file:
        file.write("ADMIN_URL=office/\nUNASKED=1\n")
    kept = read(tmp_path / FILE)["KEY"]
    later = variables(WANTED, tmp_path)
    assert later["ADMIN_URL"] == "office/" and later["KEY"] == kept and later["UNASKED"] == "1"
    assert set(read(tmp_path / FILE)) == {"KEY", "ADMIN_URL", "UNASKED", "FERNET"}


def test_nothing_is_written_for_nothing(tmp_path):
    assert variables({}, tmp_path) == {} and variables({"A": "b"}, tmp_path) == {"A": "b"}
    assert variables(WANTED, tmp_path, keep=False)["KEY"]
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_named_are_made(tmp_path):
    wanted = {
        "CONSUME_DIR": "{data}/consume", "MEDIA_ROOT": "{data}/files/media", "DB_PATH": "{data}/a",
        "DATA_DIR": "{data}", "LOG_DIR": "{data}/log.txt", "OTHER_DIR": "/nowhere/at/all",
    }  # fmt: skip
    (tmp_path / "files").mkdir()
    for _ in range(2):
        variables(wanted, tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {"consume", "files"}
    assert (tmp_path / "files" / "media").is_dir()
    (tmp_path / "file").write_text("x")
    variables({"X_DIR": "{data}/file"}, tmp_path)
    with pytest.raises(LaunchFailure):
        variables({"X_DIR": "{data}/file/below"}, tmp_path)


def test_processes_that_start_together_agree(tmp_path):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(variables(WANTED, tmp_path)["KEY"]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    with pytest.raises(LaunchFailure) as caught:
        variables(WANTED, tmp_path / "missing")
    assert "data folder" in caught.value.reason


def test_a_table_may_not_change_how_python_runs(tmp_path):
    table = '[project]\nname = "a"\n[tool.djdesk]\nsettings = "a"\n[tool.djdesk.environment]\n'
    for line in ('PYTHONPATH = "x"', 'PATH = "x"', 'DJDESK_MODE = "test"', "A = 1", '"a b" = ""'):
        (tmp_path / "pyproject.toml").write_text(table + line + "\n", encoding="utf-8")
        with pytest.raises(AppError, match="line 6"):
            load.__wrapped__(tmp_path)


def test_settings_of_a_project_that_lies_elsewhere_read_the_variables_of_the_table(tmp_path):
    """Whatever the machine's environment says."""
    shop, desktop = tmp_path / "shop", tmp_path / "shop-desktop"
    (shop / "lib").mkdir(parents=True)
    desktop.mkdir()
    (shop / "lib" / "helper.py").write_text("NAME = 'helper'\n", encoding="utf-8")
    (shop / "conf.py").write_text(
        "import os\nfrom helper import NAME\nKEY_LENGTH = len(os.environ['SHOP_KEY'])\n"
        "SHOWN = NAME + os.environ['SHOP_MODE']\nROOT_URLCONF = 'conf'\nurlpatterns = []\n"
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n",
        encoding="utf-8",
    )
    (desktop / "pyproject.toml").write_text(
        '[project]\nname = "shop-desktop"\n[tool.djdesk]\nproject = "../shop"\npath = ["lib"]\n'
        'settings = "conf"\n[tool.djdesk.data]\ndatabase = "sqlite"\n'
        '[tool.djdesk.environment]\nSHOP_KEY = "{secret}"\nSHOP_MODE = "desktop"\n',
        encoding="utf-8",
    )
    app = load(desktop)
    assert app.project == shop and app.import_folders == (shop, shop / "lib")
    code = "from django.conf import settings as s; print(s.KEY_LENGTH, s.SHOWN, s.DATABASES)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env=desktop_environment(app, "packaged", tmp_path / "data") | {"SHOP_MODE": "machine"},
    )  # fmt: skip
    assert done.stdout.startswith("50 helperdesktop"), done.stderr
    assert "sqlite3" in done.stdout and sorted(shop.iterdir()) == [shop / "conf.py", shop / "lib"]
    assert list(shop.rglob("__pycache__")) == []


def test_a_project_that_is_gone_is_an_error_with_its_line(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.djdesk]\nsettings = "a"\nproject = "../gone"\n', encoding="utf-8"
    )
    with pytest.raises(AppError, match=r"line 3: There is no folder .*gone"):
        load.__wrapped__(tmp_path)
