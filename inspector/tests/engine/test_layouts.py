"""Where an interpreter's packages are, for the layout of each system. Nothing is started."""

import pytest
from projects import make, write

from djdesk.projects.discovery.interpreters import judge
from djdesk.projects.discovery.requirements import Declared
from djdesk.projects.discovery.walk import environment_of, program_folders

# name: interpreter, packages, other files that come with it, reported version
LAYOUTS = {
    "python.org on Windows": ("python.exe", "Lib/site-packages", ["python313.dll"], "3.13"),
    "python-build-standalone on Windows": (
        "python.exe", "Lib/site-packages", ["python3.dll", "python312.dll", "DLLs/_ctypes.pyd"],
        "3.12",
    ),
    "conda on Windows": (
        "python.exe", "Lib/site-packages", ["conda-meta/python-3.12.4-h.json", "python312.dll"],
        "3.12.4",
    ),
    "venv on Windows": ("Scripts/python.exe", "Lib/site-packages", ["pyvenv.cfg"], "3.12.4"),
    "MSYS2": ("bin/python.exe", "lib/python3.12/site-packages", ["pyvenv.cfg"], "3.12.4"),
    "venv on macOS": ("bin/python", "lib/python3.12/site-packages", ["pyvenv.cfg"], "3.12.4"),
    "framework on macOS": (
        "Versions/3.12/bin/python3.12", "Versions/3.12/lib/python3.12/site-packages", [], "3.12",
    ),
    "Homebrew": ("bin/python3.12", "lib/python3.12/site-packages", [], "3.12"),
    "conda on Linux": (
        "bin/python", "lib/python3.12/site-packages", ["conda-meta/python-3.12.4-h.json"], "3.12.4",
    ),
    "python-build-standalone on Linux": (
        "bin/python3.12", "lib/python3.12/site-packages", ["lib/libpython3.12.so"], "3.12",
    ),
    "Debian": ("bin/python3.11", "lib/python3/dist-packages", [], "3.11"),
}  # fmt: skip


@pytest.fixture(params=LAYOUTS)
def installed(request, tmp_path):
    """(interpreter, version) of one layout, with Django installed."""
    python, packages, beside, version = LAYOUTS[request.param]
    place = tmp_path / "Pythön 3"
    write(place, dict.fromkeys((python, *beside), "version = 3.12.4\nhome = C:\\Python\n"))
    (place / python).chmod(0o755)
    (place / packages / "django-5.2.1.dist-info").mkdir(parents=True)
    return place / python, version


def test_django_is_found(installed):
    python, version = installed
    row = judge(python, "named", Declared())
    assert (row.usable, row.django, row.python, row.note) == (True, "5.2.1", version, "")


def test_without_django_it_says_so(installed):
    python, _ = installed
    for info in list(environment_of(python).rglob("django-*.dist-info")):
        info.rmdir()
    row = judge(python, "named", Declared())
    assert not row.usable and row.note == "Django is not installed here."


def test_packages_of_another_version_beside_it_are_not_its_own(tmp_path):
    write(tmp_path, {"bin/python3.12": "", "bin/python3.11": ""})
    for name in ("python3.11", "python3.12"):
        (tmp_path / "bin" / name).chmod(0o755)
        (tmp_path / "lib" / name / "site-packages").mkdir(parents=True)
    (tmp_path / "lib/python3.11/site-packages/django-5.2.1.dist-info").mkdir()
    assert judge(tmp_path / "bin/python3.11", "named", Declared()).usable
    assert not judge(tmp_path / "bin/python3.12", "named", Declared()).usable


def test_packages_of_the_base_of_a_venv_on_windows(tmp_path):
    """``home`` names the folder of python.exe there, which is the base itself."""
    base, venv = tmp_path / "base", tmp_path / "venv"
    config = f"home = {base}\ninclude-system-site-packages = true\nversion = 3.12.4\n"
    write(base, {"python.exe": "", "python312.dll": ""})
    (base / "Lib/site-packages/django-5.2.1.dist-info").mkdir(parents=True)
    write(venv, {"Scripts/python.exe": "", "pyvenv.cfg": config})
    (venv / "Scripts/python.exe").chmod(0o755)
    row = judge(venv / "Scripts" / "python.exe", "named", Declared())
    assert (row.usable, row.django) == (True, "5.2.1")


def test_conda_keeps_libraries_elsewhere(tmp_path):
    write(tmp_path, {"python.exe": "", "conda-meta/x.json": "", "Library/bin/sqlite3.dll": ""})
    assert program_folders(tmp_path / "python.exe") == [tmp_path, tmp_path / "Library" / "bin"]
    write(tmp_path, {"venv/Scripts/python.exe": "", "venv/pyvenv.cfg": ""})
    scripts = tmp_path / "venv" / "Scripts"
    assert program_folders(scripts / "python.exe") == [scripts]


def test_a_project_finds_such_an_interpreter_by_its_folder(tmp_path):
    from djdesk.projects.discovery.project import find_project

    make(tmp_path / "p")
    write(tmp_path / "base", {"python.exe": "", "python313.dll": ""})
    (tmp_path / "base" / "python.exe").chmod(0o755)
    (tmp_path / "base/Lib/site-packages/django-5.2.1.dist-info").mkdir(parents=True)
    project = find_project(tmp_path / "p", python=tmp_path / "base")
    assert project.interpreter and project.interpreter.path == tmp_path / "base" / "python.exe"


def test_lists_in_lists_under_a_condition_are_read(tmp_path):
    from djdesk.projects.code.settings import Reader
    from djdesk.projects.code.tree import Tree

    (tmp_path / "conf.py").write_text(
        "import sys\nPAIRS = [('a', 1)]\nif len(sys.argv) > 1:\n    PAIRS = [('b', 2), 'c']\n"
    )
    read = Reader(Tree(tmp_path, tmp_path, []), "conf").read()
    assert [value for value, *_ in read.names["PAIRS"].items if isinstance(value, str)] == ["c"]
