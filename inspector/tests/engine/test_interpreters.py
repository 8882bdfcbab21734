# ruff: noqa: E501 - source texts of projects stand in long lines
import json
import sys
from pathlib import Path

import pytest
from projects import make, write

from djdesk.projects.discovery.project import find_project


def environment(place: Path, packages=("django-5.2.1",), version="3.12.4", windows=False) -> Path:
    """An environment that can only be read; starting its python would fail the test."""
    binary = place / ("Scripts/python.exe" if windows else "bin/python")
    site = place / ("Lib/site-packages" if windows else "lib/python3.12/site-packages")
    write(place, {"pyvenv.cfg": f"home = /nowhere\nversion = {version}\n"})
    binary.parent.mkdir(parents=True)
    binary.write_text("#!/bin/sh\ntouch STARTED\nexit 1\n")
    binary.chmod(0o755)
    for name in packages:
        (site / f"{name}.dist-info").mkdir(parents=True)
    return binary


def found(root: Path):
    return {one.source: one for one in find_project(root).interpreters}


@pytest.mark.parametrize("name", [".venv", "venv", "env", ".env", "virtualenv"])
@pytest.mark.parametrize("windows", [False, True])
def test_environment_folders(tmp_path, name, windows):
    make(tmp_path)
    binary = environment(tmp_path / name, windows=windows)
    one = found(tmp_path)[f"{name} in the project"]
    assert (one.path, one.python, one.django) == (binary, "3.12.4", "5.2.1")
    assert one.chosen
    assert not (tmp_path / "STARTED").exists()


def test_a_file_that_holds_the_path(tmp_path):
    make(tmp_path / "p")
    binary = environment(tmp_path / "kept" / "elsewhere")
    write(tmp_path / "p", {".venv": "../kept/elsewhere\n"})
    one = found(tmp_path / "p")["the path in .venv in the project"]
    assert one.path.resolve() == binary


def test_any_child_that_is_an_environment_and_the_parent(tmp_path):
    make(tmp_path / "p")
    environment(tmp_path / "p" / "py312")
    environment(tmp_path / ".venv")
    sources = found(tmp_path / "p")
    assert {"py312 in the project", ".venv beside the project"} <= sources.keys()


def test_missing_packages_are_told_and_the_best_is_chosen(tmp_path):
    make(tmp_path, {"requirements.txt": "Django>=5\npsycopg[binary]==3.2\n"})
    environment(tmp_path / ".venv")
    environment(tmp_path / "venv", ("django-5.2.1", "psycopg-3.2"))
    sources = found(tmp_path)
    assert sources[".venv in the project"].missing == ["psycopg"]
    assert not sources[".venv in the project"].chosen
    assert sources["venv in the project"].chosen


def test_no_django_or_too_old_is_listed_but_not_usable(tmp_path):
    make(tmp_path)
    environment(tmp_path / ".venv", ())
    environment(tmp_path / "venv", version="3.7.9")
    sources = found(tmp_path)
    assert sources[".venv in the project"].note == "Django is not installed here."
    assert "too old" in sources["venv in the project"].note
    assert not any(one.usable or one.chosen for one in sources.values())


def test_uv_vscode_idea_and_pdm(tmp_path, monkeypatch):
    root = make(tmp_path / "p")
    for name in ("uv", "code", "idea", "pdm"):
        environment(tmp_path / name)
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", str(tmp_path / "uv"))
    settings = {"python.defaultInterpreterPath": "${workspaceFolder}/../code/bin/python"}
    write(
        root,
        {
            ".vscode/settings.json": "// comment\n" + json.dumps(settings),
            ".idea/misc.xml": f'<x project-jdk-name="Python 3.12 ({tmp_path}/idea/bin/python)"/>',
            ".pdm-python": f"{tmp_path}/pdm/bin/python\n",
        },
    )
    assert {
        "UV_PROJECT_ENVIRONMENT",
        ".vscode/settings.json",
        ".idea/misc.xml",
        ".pdm-python",
    } <= found(root).keys()


def test_pipenv_poetry_conda_pyenv(tmp_path, monkeypatch):
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for name in ("WORKON_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "PYENV_ROOT"):
        monkeypatch.delenv(name, raising=False)
    root = make(
        tmp_path / "p",
        {
            "Pipfile": "",
            "environment.yml": "name: shopenv\n",
            ".python-version": "shop-312\n",
            "pyproject.toml": '[tool.poetry]\nname = "My-Shop"\n[tool.poetry.dependencies]\nDjango = "^5"\n',
        },
    )
    environment(home / ".local/share/virtualenvs/p-AbC12345")
    write(home, {".local/share/virtualenvs/p-AbC12345/.project": str(root)})
    environment(home / ".cache/pypoetry/virtualenvs/my-shop-Ab-_1234-py3.12")
    environment(home / "conda/envs/shopenv")
    write(home, {".conda/environments.txt": f"{home}/conda/envs/shopenv\n{home}/conda/other\n"})
    environment(home / ".pyenv/versions/shop-312")
    assert {"Pipenv", "Poetry", "conda", ".python-version"} <= found(root).keys()


def test_somebody_elses_poetry_environment_is_not_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    root = make(tmp_path / "p", {"pyproject.toml": '[tool.poetry]\nname = "shop"\n'})
    for name in ("shop-aaaaaaaa-py3.12", "shop-bbbbbbbb-py3.12"):
        environment(tmp_path / "home/.cache/pypoetry/virtualenvs" / name)
    assert "Poetry" not in found(root)


def test_an_explicit_choice_wins_and_may_be_wrong(tmp_path):
    make(tmp_path)
    environment(tmp_path / ".venv")
    own = find_project(tmp_path, python=sys.executable)
    assert own.interpreter.source == "this app's own Python"
    assert own.django_hint
    gone = find_project(tmp_path, python=tmp_path / "gone" / "python")
    assert gone.interpreter is None
    assert gone.interpreters[0].note == "There is no such file."


@pytest.fixture
def home(tmp_path, monkeypatch):
    place = tmp_path / "home"
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("USERPROFILE", str(place))
    for name in ("XDG_DATA_HOME", "ASDF_DATA_DIR", "MISE_DATA_DIR", "WORKON_HOME"):
        monkeypatch.delenv(name, raising=False)
    return place


def test_direnv(tmp_path):
    make(tmp_path)
    environment(tmp_path / ".direnv/python-3.12.4")
    (tmp_path / ".direnv/bin").mkdir()
    assert found(tmp_path)[".direnv"].usable


def test_hatch(tmp_path, home):
    root = make(
        tmp_path / "p",
        {
            "pyproject.toml": '[project]\nname = "My_Shop"\n[build-system]\nrequires = ["hatchling"]\n'
        },
    )
    place = home / ".local/share/hatch/env/virtual/my-shop/AbCdEf12/my-shop"
    environment(place)
    packages = next(place.glob("lib/python3*/site-packages"))
    (packages / "_my_shop.pth").write_text(str(root))
    other = home / ".local/share/hatch/env/virtual/my-shop/Zz999999/other"
    environment(other)
    assert found(root)["Hatch"].path.is_relative_to(place)


def test_asdf_and_mise_installs_by_version(tmp_path, home):
    for number, store in enumerate((".asdf", ".local/share/mise")):
        root = make(
            tmp_path / f"p{number}", {".tool-versions": f"nodejs 20\npython 3.12.{number} # why\n"}
        )
        environment(home / store / f"installs/python/3.12.{number}")
        assert found(root)[".tool-versions"].usable


def test_an_asdf_version_that_is_not_there_or_escapes_is_not_listed(tmp_path, home):
    environment(home / "elsewhere")
    root = make(tmp_path / "p", {".tool-versions": "python ../../../elsewhere 3.12.9\n"})
    assert ".tool-versions" not in found(root)


def test_mise_may_make_the_environment(tmp_path):
    make(tmp_path, {"mise.toml": '[env]\n_.python.venv = { path = "our-env", create = true }\n'})
    environment(tmp_path / "our-env")
    rows = found(tmp_path)
    assert any(
        one.path.is_relative_to(tmp_path / "our-env") and one.usable for one in rows.values()
    )


def test_a_broken_mise_file_is_passed_over(tmp_path):
    make(tmp_path, {"mise.toml": "[env\n"})
    assert "mise.toml" not in found(tmp_path)


def test_the_active_environment_only_where_it_is_this_projects(tmp_path, monkeypatch):
    make(tmp_path / "bookshop")
    binary = environment(tmp_path / "envs" / "bookshop")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "envs" / "bookshop"))
    assert found(tmp_path / "bookshop")["VIRTUAL_ENV"].path == binary
    environment(tmp_path / "envs" / "other")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "envs" / "other"))
    assert "VIRTUAL_ENV" not in found(tmp_path / "bookshop")


@pytest.mark.skipif(sys.platform == "win32", reason="links to interpreters")
def test_a_python_of_the_machine_only_with_django_and_only_where_nothing_else_can_be_used(
    tmp_path, monkeypatch
):
    root = make(tmp_path / "p", {"requirements.txt": "django\npsycopg==3.2\n"})
    machine = environment(tmp_path / "machine", ("django-5.2.1", "psycopg-3.2"))
    (tmp_path / "machine" / "pyvenv.cfg").unlink()
    machine.rename(machine.with_name("python3"))
    bare = environment(tmp_path / "bare", ())
    (tmp_path / "bare" / "pyvenv.cfg").unlink()
    shims = tmp_path / "shims"
    shims.mkdir()
    (shims / "python3").symlink_to(machine.with_name("python3"))
    monkeypatch.setenv("PATH", f"{shims}:{bare.parent}:{machine.parent}")
    rows = found(root)
    assert list(rows) == ["python3 of this machine"]
    one = rows["python3 of this machine"]
    assert one.chosen and one.path == machine.with_name("python3")
    assert one.note == "This is not the project's own environment; it also has packages of others."
    environment(root / ".venv")
    rows = found(root)
    assert rows[".venv in the project"].chosen and rows[".venv in the project"].missing
    assert not rows["python3 of this machine"].chosen
    assert not (root / "STARTED").exists()
