"""What ``djdesk init`` reads of a project's dependencies, and what it changes about them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from djdesk.tools.init import beside
from djdesk.tools.init.dependencies import install, locks, resolve, versions
from tests.tools.init_projects import find, look_at, make

POETRY = """
[[package]]
name = "Django"
version = "5.2.1"
groups = ["main"]
[[package]]
name = "pytest"
version = "8.0"
groups = ["dev"]
[[package]]
name = "colorama"
version = "0.4"
groups = ["main"]
markers = "sys_platform == 'win32'"
[[package]]
name = "mine"
version = "1.0"
groups = ["main"]
[package.source]
type = "git"
url = "https://user:pw@git.example.org/mine"
resolved_reference = "abc"
"""
OLD_POETRY = """
[[package]]
name = "django"
version = "5.2.1"
[package.dependencies]
sqlparse = ">=0.3"
[[package]]
name = "sqlparse"
version = "0.5"
[[package]]
name = "black"
version = "24.0"
"""
PIPFILE = {
    "_meta": {"sources": [{"url": "https://pypi.example.org/simple"}]},
    "default": {"django": {"version": "==5.2.1", "extras": ["argon2"]}},
    "develop": {"pytest": {"version": "==8.0"}},
}


def wanted(root: Path) -> locks.Wanted:
    project = find(make(root), settings=None, manage=None)
    return locks.read(project.root, project.base, project.declared)


def test_the_lock_of_poetry_without_what_is_for_development(tmp_path):
    (tmp_path / "poetry.lock").write_text(POETRY, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    found = wanted(tmp_path)
    assert found.source == "poetry.lock"
    assert found.pins == {"django": "5.2.1", "colorama": "0.4"}
    assert "colorama==0.4 ; sys_platform == 'win32'" in found.lines
    assert found.elsewhere == [("mine", "git+https://git.example.org/mine@abc")]


def test_an_old_lock_of_poetry_says_it_by_what_leads_to_what(tmp_path):
    (tmp_path / "poetry.lock").write_text(OLD_POETRY, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry.dependencies]\npython = "^3.12"\ndjango = "^5.2"\n'
        '[tool.poetry.group.dev.dependencies]\nblack = "*"\n',
        encoding="utf-8",
    )
    assert wanted(tmp_path).pins == {"django": "5.2.1", "sqlparse": "0.5"}


def test_other_locks_and_lists(tmp_path):
    pip = tmp_path / "pipfile"
    make(pip)
    (pip / "Pipfile.lock").write_text(json.dumps(PIPFILE), encoding="utf-8")
    found = wanted(pip)
    assert found.lines == ["django[argon2]==5.2.1"]
    assert found.indexes == [("https://pypi.example.org/simple", "Pipfile.lock")]

    pdm = make(tmp_path / "pdm")
    (pdm / "pdm.lock").write_text(
        '[[package]]\nname = "django"\nversion = "5.2"\ngroups = ["default"]\n'
        '[[package]]\nname = "x"\nversion = "1"\ngroups = ["dev"]\n'
    )
    assert wanted(pdm).pins == {"django": "5.2"}

    pylock = make(tmp_path / "pylock")
    (pylock / "pylock.toml").write_text(
        '[[packages]]\nname = "django"\nversion = "5.2"\n[[packages]]\nname = "x"\nversion = "1"\n'
        "marker = \"'dev' in dependency_groups\"\n"
    )
    assert wanted(pylock).pins == {"django": "5.2"}

    options = make(tmp_path / "options")
    (options / "requirements.txt").write_text(
        "pyyaml>=5.4 --only-binary=pyyaml\nx==1 --no-binary x  # why\n--no-binary y\nz==3.*\n"
    )
    found = wanted(options)
    assert found.lines == ["pyyaml>=5.4", "x==1", "z==3.*"], "uv refuses options there"
    assert found.pins == {"x": "1"}, "any version of z that begins with 3 will do"

    lists = make(tmp_path / "lists")
    (lists / "requirements").mkdir()
    (lists / "requirements.txt").write_text("-r requirements/base.txt\nDjango==5.2.1\n")
    (lists / "requirements" / "base.txt").write_text(
        "--extra-index-url https://u:p@wheels.example.org/simple\nmine @ git+https://x.example/m\n"
    )
    found = wanted(lists)
    assert found.pins == {"django": "5.2.1"} and found.lists == [lists / "requirements.txt"]
    assert found.indexes == [("https://wheels.example.org/simple", "requirements/base.txt:1")]
    assert found.elsewhere == [("mine", "git+https://x.example/m")]


def test_specifiers_of_poetry_are_read_as_pip_writes_them():
    pep440 = locks._pep440
    assert pep440("^1.2") == ">=1.2,<2" and pep440("^0.3.1") == ">=0.3.1,<0.4"
    assert pep440("~1.2") == ">=1.2,<1.3" and pep440("1.2") == "==1.2" and pep440(">=2") == ">=2"


def test_groups_that_a_server_installs_belong_to_running(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        "[dependency-groups]\nprod = []\ndev = []\n[project.optional-dependencies]\nlive = []\n"
    )
    assert resolve._for_running(tmp_path / "pyproject.toml") == [
        "--group", "prod", "--extra", "live",
    ]  # fmt: skip
    listed = {"requirements-dev.txt": "sorl-thumbnail==12.9\nsorlish==1\n"}
    look = look_at(make(tmp_path / "shop", listed))
    assert beside.declared(look, "psycopg2.extras") == "psycopg[binary]"
    assert beside.declared(look, "sorl.thumbnail") == "sorl-thumbnail==12.9"
    assert beside.declared(look, "thumb") == ""


def test_what_changes_about_the_lock_is_told():
    before = locks.Wanted("poetry.lock", pins={"django": "4.2.11", "idna": "3", "uwsgi": "2"})
    after = resolve.Resolved("", {"django": "5.2.3", "idna": "3.0"})
    found = resolve._changes(before, after, resolve.Trouble())
    assert [one.level for one in found] == ["B", ""]
    assert "Django 5.2.3 instead of 4.2.11" in found[0].what and "uwsgi" in found[1].what


# Put together, because no file of this repository names the host of a registry.
USUAL = ".".join(("https://pypi", "org/simple"))


@pytest.mark.parametrize("address", ["https://wheels.example.org/cpu", USUAL])
def test_another_index_of_a_uv_lock_is_told(tmp_path, address):
    """As PyTorch's: the usual index has the same version with the drivers of a graphics card."""
    lock = tmp_path / "uv.lock"
    row = '[[package]]\nname = "{}"\nversion = "2.13.0"\nsource = {{ registry = "{}" }}\n'
    lock.write_text(
        "version = 1\n" + row.format("torch", address) + row.format("other", "https://x")
    )
    found = resolve._indexes_of_uv(lock, {"torch"})
    assert found == [(address, "uv.lock:3")]
    told = resolve._said(locks.Wanted("uv.lock", indexes=found))[1:]
    if address == USUAL:
        assert told == []
    else:
        (one,) = told
        assert one.rule == "DEP2" and f"UV_INDEX={address}" in one.todo


def test_a_uv_lock_of_more_than_a_megabyte_is_read(tmp_path):
    """Locks list the files of every platform: paperless-ngx's has 1,048,013 bytes."""
    row = '[[package]]\nname = "{}"\nversion = "1"\nsource = {{ registry = "https://x" }}\n'
    lock = tmp_path / "uv.lock"
    lock.write_text("# A lock.\n" * 200_000 + row.format("torch"))
    assert resolve._indexes_of_uv(lock, {"torch"}) == [("https://x", "uv.lock:200002")]


def test_a_marker_stays_whole_when_its_version_goes():
    line = "yaenv==1.4.4; python_version=='3.8'"
    assert resolve._unpinned(line) == "yaenv; python_version=='3.8'"
    assert resolve._unpinned("yaenv[x]==1.4.4") == "yaenv[x]"


def test_what_does_not_build_is_tried_in_other_ways():
    trouble = resolve.Trouble()
    said = "error: Failed to build `django-allauth==0.45.0`"
    assert trouble.learn(said) and trouble.older and trouble.loose == []
    assert trouble.learn(said) and trouble.loose == ["django-allauth"]
    assert not trouble.learn(said) and not trouble.learn("no solution")
    assert resolve._loosened("django-allauth==0.45.0 ; x", trouble.loose).startswith(
        "django-allauth>=0.45.0"
    )
    before = locks.Wanted("poetry.lock", pins={"django-allauth": "0.45.0"})
    (told,) = trouble.told(before, resolve.Resolved("", {"django-allauth": "0.50"}))
    assert told.level == "B" and "0.50 instead of 0.45.0" in told.what


@pytest.mark.parametrize(
    ("specifier", "fits"),
    [(">=3.10", True), ("==3.14.*", False), (">=3.9,<3.13", False), ("^3.11", True),
     ("~3.13", True), ("3.12", False), (">=3", True), ("~=3.11", True)],
)  # fmt: skip
def test_a_python_that_the_project_does_not_ask_for_is_told(specifier, fits):
    assert versions.allows(specifier, "3.13") is fits


def test_a_package_leaves_a_list_with_its_hashes_and_a_wheel_joins_it():
    text = "a==1 \\\n    --hash=sha256:11\nb-c==2 \\\n    --hash=sha256:22\n"
    assert install.without(text, "B_c") == "a==1 \\\n    --hash=sha256:11\n"
    made = install.with_hash(text, "b.c", "33")
    assert made.endswith("b-c==2 \\\n    --hash=sha256:22 \\\n    --hash=sha256:33\n")
