"""``djdesk new``: it creates an ordinary Django project that works unchanged."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from djdesk.tools.new import check_name, examples, make_app, title
from djdesk.tools.problem import ToolProblem


def manage(app: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=app, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Path:
    return make_app("my-shelf", tmp_path_factory.mktemp("Über uns"))


def test_an_app_has_few_files_and_a_repository(app):
    files = [file for file in app.rglob("*") if file.is_file() and ".git" not in file.parts]
    assert len(files) <= 20
    assert (app / ".git").is_dir()
    assert "my_shelf.settings" in (app / "pyproject.toml").read_text()
    for file in files:
        text = file.read_text()
        assert not any(word in text for word in ("app_module", "app-slug", "App Title")), file


def test_its_own_tests_pass_and_its_migrations_are_complete(app):
    checked = manage(app, "check")
    assert checked.returncode == 0, checked.stderr
    tested = manage(app, "test")
    assert tested.returncode == 0, tested.stderr
    assert "Ran 4 tests" in tested.stderr
    assert manage(app, "makemigrations", "--check", "--dry-run").returncode == 0


@pytest.mark.parametrize("example", examples())
def test_an_example_is_an_app_that_works_as_it_stands(tmp_path, example):
    app = make_app("my-steel", tmp_path, example)
    files = [file for file in app.rglob("*") if file.is_file() and ".git" not in file.parts]
    assert len(files) <= 25
    for file in files:
        text = file.read_text()
        assert not any(word in text for word in ("app_module", "app-slug", "App Title")), file
    tested = manage(app, "test")
    assert tested.returncode == 0, tested.stderr
    assert int(re.search(r"Ran (\d+) test", tested.stderr)[1]) >= 6
    assert manage(app, "makemigrations", "--check", "--dry-run").returncode == 0


def test_an_example_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(ToolProblem, match=r"no example “pigs”[^§]*simulation"):
        make_app("shelf", tmp_path, "pigs")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Shelf", "cannot be the name"),
        ("1a", "cannot be the name"),
        ("a b", "cannot be the name"),
        ("../a", "cannot be the name"),
        ("", "cannot be the name"),
        ("class", "a Python keyword"),
        ("json", "already a Python package “json”"),
        ("django", "already a Python package “django”"),
    ],
)
def test_a_name_that_cannot_be_a_package_is_refused(name, reason):
    with pytest.raises(ToolProblem, match=reason):
        check_name(name)


def test_a_folder_that_exists_is_left_alone(tmp_path):
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "mine.txt").write_text("mine")
    with pytest.raises(ToolProblem, match="already exists"):
        make_app("shelf", tmp_path)
    assert [file.name for file in tmp_path.rglob("*")] == ["shelf", "mine.txt"]


def test_names_for_people():
    assert title("my-shelf") == "My Shelf"
    assert check_name("my-shelf") == "my_shelf"


@pytest.mark.parametrize(("version", "tasks"), [((5, 2), "django_tasks"), ((6, 1), "django.tasks")])
def test_an_app_is_for_the_django_that_is_there(tmp_path, monkeypatch, version, tasks):
    monkeypatch.setattr("djdesk.tools.new.VERSION", version)
    app = make_app("shelf", tmp_path)
    assert f"from {tasks} import task" in (app / "shelf" / "tasks.py").read_text()
    project = tomllib.loads((app / "pyproject.toml").read_text())["project"]
    named = Requirement(project["dependencies"][0])
    assert named.specifier.contains(f"{version[0]}.{version[1]}.1")
    lts = "djdesk[lts]>=" in (app / "pyproject.toml").read_text()
    assert lts == (version < (6, 0))
