# ruff: noqa: E501 - source texts of projects stand in long lines
import os
import sys
from pathlib import Path

import pytest
from projects import make, write

from djdesk.projects.discovery.project import DiscoveryError, find_project


def refused(path: Path) -> DiscoveryError:
    with pytest.raises(DiscoveryError) as caught:
        find_project(path)
    return caught.value


def test_refuses_what_does_not_exist(tmp_path):
    assert "does not exist" in refused(tmp_path / "gone").reason


def test_refuses_an_empty_folder(tmp_path):
    assert refused(tmp_path).reason == "This folder is empty."


posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX places and links")


@posix
def test_refuses_the_disk_and_system_folders():
    assert "whole disk" in refused(Path("/")).reason
    assert "belongs to the system" in refused(Path("/etc")).reason
    assert "belongs to the system" in refused(Path("/usr/lib")).reason


@posix
def test_refuses_a_device():
    assert "neither a folder nor a file" in refused(Path("/dev/null")).reason


def test_refuses_a_picture(tmp_path):
    (tmp_path / "photo.png").write_bytes(b"png")
    assert "is a file, not a project folder" in refused(tmp_path / "photo.png").reason


@pytest.mark.parametrize("name", ["shop.zip", "shop-1.0.tar.gz"])
def test_an_archive_is_to_be_unpacked(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK")
    assert (
        refused(tmp_path / name).reason
        == f"{name} is an archive. Unpack it, and open the folder that comes out."
    )


def test_refuses_the_home_folder_without_walking_it(tmp_path, monkeypatch):
    make(tmp_path / "code" / "shop")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert "all your files" in refused(tmp_path).reason
    make(tmp_path)
    assert find_project(tmp_path).manage_py == tmp_path / "manage.py"


def test_says_what_is_there_instead(tmp_path):
    write(tmp_path, {"requirements.txt": "flask==3.0\n", "app.py": "from flask import Flask\n"})
    error = refused(tmp_path)
    assert error.reason == "This looks like a Flask project, not a Django project."
    assert "requirements.txt without Django in it" in error.found
    assert any("manage.py" in one for one in error.looked_for)


def test_refuses_a_virtual_environment(tmp_path):
    write(tmp_path, {"pyvenv.cfg": "home = /usr\n", "lib/x/manage.py": "import django"})
    assert "virtual environment" in refused(tmp_path).reason


def test_other_names_are_not_manage_py(tmp_path):
    write(tmp_path, {"runmanage.py": "import django\n", "xmanage.py": "import django\n"})
    assert "not a Django project" in refused(tmp_path).reason


@pytest.mark.parametrize("inside", [".", "shop", "catalog/models.py", "manage.py"])
def test_finds_the_project_from_inside(tmp_path, inside):
    make(tmp_path)
    assert find_project(tmp_path / inside).manage_py == tmp_path / "manage.py"


def test_finds_a_backend_below_the_repository(tmp_path):
    make(tmp_path / "backend")
    write(tmp_path, {"node_modules/x/manage.py": "import django", "package.json": "{}"})
    project = find_project(tmp_path)
    assert (project.root, project.base) == (tmp_path, tmp_path / "backend")
    assert project.as_dict()["manage_py"] == "backend/manage.py"


def test_skips_environments_when_looking(tmp_path):
    write(tmp_path, {"old/pyvenv.cfg": "", "old/lib/manage.py": "import django", "a.py": ""})
    assert "not a Django project" in refused(tmp_path).reason


@posix
def test_follows_no_link_out_of_the_folder(tmp_path):
    make(tmp_path / "elsewhere")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere")
    refused(tmp_path / "here")


def test_a_project_without_manage_py(tmp_path):
    make(tmp_path)
    (tmp_path / "manage.py").unlink()
    line = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
    write(tmp_path, {"shop/wsgi.py": "import os\n" + line})
    project = find_project(tmp_path)
    assert project.manage_py is None
    assert project.settings.source == "shop/wsgi.py"


def test_all_settings_candidates_are_listed_and_one_is_chosen(tmp_path):
    make(
        tmp_path,
        {
            "shop/settings_test.py": "from .settings import *\nINSTALLED_APPS = []\n",
            "pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings_test\n",
        },
    )
    modules = {one.module: one for one in find_project(tmp_path).settings_modules}
    assert modules["shop.settings"].chosen
    assert modules["shop.settings_test"].source == "pytest.ini"
    chosen = find_project(tmp_path, settings="shop.settings_test").settings
    assert (chosen.module, chosen.source) == ("shop.settings_test", "chosen by you")


def test_the_settings_in_manage_py_may_be_computed_from_the_environment(tmp_path):
    text = 'import os\nfrom django import x\nos.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("S", "shop.settings")\n'
    make(tmp_path, {"manage.py": text})
    assert find_project(tmp_path).settings.module == "shop.settings"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything can be read"
)
def test_refuses_what_cannot_be_read(tmp_path):
    tmp_path.chmod(0)
    try:
        assert "permission denied" in refused(tmp_path).reason
    finally:
        tmp_path.chmod(0o700)


def two_projects(root):
    for name in ("shop", "back office"):
        folder = root / name
        (folder / "site_").mkdir(parents=True)
        (folder / "manage.py").write_text("import django\n", "utf-8")
        (folder / "site_" / "__init__.py").touch()
        (folder / "site_" / "settings.py").write_text("INSTALLED_APPS = []\n", "utf-8")


def test_a_second_project_in_the_folder_is_named(tmp_path):
    two_projects(tmp_path)
    project = find_project(tmp_path)
    assert project.root == tmp_path
    assert project.base == tmp_path / "back office"
    assert project.as_dict()["others"] == ["shop"]


def test_one_of_several_projects_of_a_repository_can_be_opened_alone(tmp_path):
    two_projects(tmp_path)
    (tmp_path / ".git").mkdir()
    for name in ("shop", "back office"):
        project = find_project(tmp_path / name)
        assert (project.root, project.base) == (tmp_path / name, tmp_path / name)
        assert project.others == []


def test_an_example_project_of_a_package_is_not_another_project(tmp_path):
    two_projects(tmp_path)
    (tmp_path / "shop").rename(tmp_path / "example")
    assert find_project(tmp_path).others == []


def test_a_manage_py_inside_the_package_starts_from_the_folder_around_it(tmp_path):
    manage = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\nfrom django.core.management import execute_from_command_line\n'
    write(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/manage.py": manage,
            "shop/celery.py": "from celery import Celery\n",
            "shop/settings.py": "INSTALLED_APPS = []\n",
        },
    )
    project = find_project(tmp_path)
    assert (project.base, project.settings.module) == (tmp_path, "shop.settings")
    assert project.as_dict()["manage_py"] == "shop/manage.py"
    assert project.others == []
    # The package itself may have been dropped.
    project = find_project(tmp_path / "shop")
    assert (project.root, project.base) == (tmp_path / "shop", tmp_path)
    # Settings found next to manage.py belong there.
    write(tmp_path, {"shop/manage.py": manage.replace("shop.settings", "settings")})
    project = find_project(tmp_path)
    assert (project.base, project.settings.module) == (tmp_path / "shop", "settings")
