"""Which declared packages are reported as missing, and which are not."""

import pytest
from projects import make, write

from djdesk.projects.discovery.project import find_project

PINNED = "click==8.1\ncolorama==0.4.6\ndjango==5.2.1\npsycopg2==2.9\ntzdata==2026.1\nredis==5.0\n"


def lacking(root, requires="", wanted=PINNED, modules=()):
    """The missing packages of a project whose environment has Django and click."""
    make(root, {"requirements.txt": wanted})
    site = root / ".venv" / "lib" / "python3.12" / "site-packages"
    files = {
        "django-5.2.1.dist-info/METADATA": "Name: Django\nVersion: 5.2.1\n",
        "click-8.1.dist-info/METADATA": f"Name: click\nVersion: 8.1\n{requires}\n",
    }
    write(site, files | dict.fromkeys(modules, ""))
    write(root / ".venv", {"pyvenv.cfg": "home = /nowhere\nversion = 3.12.4\n"})
    python = root / ".venv" / "bin" / "python"
    write(root / ".venv", {"bin/python": "#!/bin/sh\nexit 1\n"})
    python.chmod(0o755)
    (chosen,) = (one for one in find_project(root).interpreters if one.path == python)
    return chosen.missing


def test_what_another_distribution_brings_is_there(tmp_path):
    assert "psycopg2" not in lacking(tmp_path, modules=["psycopg2/__init__.py"])


def test_a_folder_of_that_name_without_a_module_brings_nothing(tmp_path):
    assert "psycopg2" in lacking(tmp_path, modules=["psycopg2/notes.txt"])


def test_a_compiled_line_for_another_system_is_not_missed(tmp_path):
    found = lacking(
        tmp_path,
        'Requires-Dist: colorama; platform_system == "Windows-CE"\n'
        'Requires-Dist: tzdata (>=2024); python_version < "3.9"',
    )
    assert found == ["psycopg2", "redis"]


def test_what_is_wanted_here_by_anything_is_missed(tmp_path):
    found = lacking(
        tmp_path, 'Requires-Dist: tzdata; python_version < "3.9"\nRequires-Dist: tzdata>=2024'
    )
    assert "tzdata" in found


def test_a_marker_about_an_extra_proves_nothing(tmp_path):
    found = lacking(
        tmp_path,
        "Requires-Dist: redis; extra == 'redis'\n"
        "Requires-Dist: tzdata; extra == 'zones' and python_version < '3.9'\n"
        "Requires-Dist: colorama; extra == 'colours'\n"
        "Requires-Dist: colorama; platform_system == 'Windows-CE'",
    )
    assert "redis" in found
    assert not {"colorama", "tzdata"} & {*found}


def test_what_the_project_asks_for_by_itself_is_missed(tmp_path):
    """A compiled file has no ranges: a developer wrote this one for a reason."""
    wanted = "click\ndjango\ntzdata>=2024\n"
    assert lacking(tmp_path, 'Requires-Dist: tzdata; python_version < "3.9"', wanted) == ["tzdata"]


@pytest.mark.parametrize(
    ("development", "told"), [("-r base.txt\nclick\n", False), ("click\nipdb\n", True)]
)
def test_what_only_production_has_is_not_missed_in_a_developers_environment(
    tmp_path, development, told
):
    """A developer's environment has the packages of the development list."""
    write(
        tmp_path,
        {
            "requirements/base.txt": "django\n",
            "requirements/development.txt": development,
            "requirements/production.txt": "-r base.txt\ngunicorn==22\n",
        },
    )
    assert ("gunicorn" in lacking(tmp_path, wanted="django\n")) is told


def test_production_alone_is_what_the_project_needs(tmp_path):
    write(tmp_path, {"requirements/production.txt": "django\ngunicorn==22\n"})
    assert "gunicorn" in lacking(tmp_path, wanted="django\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_lock_is_read_by_its_lines_and_otherwise_as_toml(tmp_path, end):
    quick = (
        '[[package]]\nname = "Redis_Py"\nversion = "5.0"\nfiles = []\n\n[[package]]\nname = "own"\n'
    )
    odd = "[[package]]\nversion = '4.1'\nname = 'odd'\n"
    make(tmp_path, {"uv.lock": quick.replace("\n", end), "poetry.lock": odd})
    assert find_project(tmp_path).declared.locked == {"redis-py": "5.0", "odd": "4.1"}


def test_a_lock_that_is_no_toml_is_told(tmp_path):
    make(tmp_path, {"uv.lock": "<<<<<<< HEAD\n[[package]\n"})
    assert "uv.lock" in find_project(tmp_path).declared.errors[0][0]
