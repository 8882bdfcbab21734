"""Staging: which files are pruned from interpreter and packages, and byte code."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from djdesk.tools.stage import (
    bytecode,
    prune,
)
from djdesk.tools.stage.inside import reach
from djdesk.tools.stage.places import Backend, StageProblem

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the layout is POSIX's")


@POSIX
def test_pruning_takes_what_is_listed_and_nothing_else(backend: Backend) -> None:
    packages = ("site-packages/django/contrib/gis", "site-packages/django-6.1.dist-info/RECORD")
    kept = backend.packages / "lib/templates/.gitkeep"
    kept.parent.mkdir(parents=True)
    kept.touch()
    packages += ("site-packages/lib/templates/.gitkeep",)
    assert prune.prune_packages(backend, [], ["en", "de"]) == []
    for name in (*packages, "site-packages/django/conf/locale/fr"):
        assert not (backend.library / name).exists(), name
    for language in ("en", "de"):
        assert (backend.library / f"site-packages/django/conf/locale/{language}").exists()
    prune.prune_interpreter(backend)
    for name in ("tkinter", "test", "json/tests", "site-packages/pip"):
        assert not (backend.library / name).exists(), name
    assert (backend.library / "os.py").exists()
    assert not (backend.home / "include").exists()
    assert [file.name for file in (backend.home / "bin").iterdir()] == ["python3"]


@POSIX
@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("kit-1.dist-info/METADATA,,\nkit-1.dist-info/RECORD,,\n", True),
        ("kit-1.dist-info/METADATA,,\nkit/__init__.py,,\n", False),
        ("kit-1.dist-info/METADATA,,\n../../bin/kit,,\n", False),
        ("", False),
    ],
)
def test_the_list_of_a_package_without_files_is_kept(backend: Backend, named, kept) -> None:
    """It shows that there is nothing to license: notices/parts.py."""
    record = backend.packages / "kit-1.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text(named)
    prune.prune_packages(backend, [], ["en"])
    assert record.is_file() == kept


@POSIX
@pytest.mark.parametrize(
    ("installed", "source"),
    [
        (["django.contrib.gis"], ""),
        ([], "from django.contrib.gis.geos import Point\n"),
        ([], "from django.contrib import gis\n"),
    ],
)
def test_what_the_app_names_is_kept(backend: Backend, installed: list[str], source: str) -> None:
    backend.app.mkdir()
    (backend.app / "models.py").write_text(source)
    assert prune.prune_packages(backend, installed, ["en"]) == ["django.contrib.gis"]
    assert (backend.packages / "django/contrib/gis/__init__.py").exists()


@POSIX
def test_a_text_that_speaks_of_a_module_keeps_nothing(backend: Backend) -> None:
    backend.app.mkdir()
    (backend.app / "facts.py").write_text('KNOWN = {"django.contrib.gis": "maps"}\n')
    assert prune.prune_packages(backend, [], ["en"]) == []


@POSIX
def test_tests_that_their_package_needs_are_kept(backend: Backend) -> None:
    for name, text in {
        "lib/tests/__init__.py": "",
        "lib/__init__.py": "from .tests import helper\n",
        "other/tests/__init__.py": "from other import x\n",
        "other/__init__.py": "",
    }.items():
        (backend.packages / name).parent.mkdir(parents=True, exist_ok=True)
        (backend.packages / name).write_text(text)
    assert prune.prune_packages(backend, [], ["en"]) == ["lib.tests"]
    assert not (backend.packages / "other/tests").exists()


@POSIX
@pytest.mark.parametrize("admin", [True, False])
def test_the_admins_static_files_stay_with_the_admin(backend: Backend, admin: bool) -> None:
    file = backend.packages / "django/contrib/admin/static/admin/css/base.css"
    file.parent.mkdir(parents=True)
    file.write_text("")
    prune.prune_packages(backend, ["django.contrib.admin"] if admin else [], ["en"])
    assert file.exists() is admin


@POSIX
def test_languages_with_a_region_or_a_script_are_kept(backend: Backend) -> None:
    locale = backend.packages / "lib" / "locale"
    for name in ("pt", "pt_BR", "zh_Hans", "fr"):
        (locale / name / "LC_MESSAGES").mkdir(parents=True)
    prune.prune_packages(backend, [], ["pt-br", "zh-hans"])
    assert sorted(folder.name for folder in locale.iterdir()) == ["pt", "pt_BR", "zh_Hans"]


@POSIX
def test_byte_code_is_taken_as_it_is(backend: Backend) -> None:
    bytecode.compile_all(backend)
    (compiled,) = (backend.library / "__pycache__").glob("os.*.pyc")
    assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01, "hashed, not checked"


@POSIX
def test_a_file_that_does_not_compile_costs_that_file_only(backend: Backend) -> None:
    """For example the app templates in django-tailwind and cookiecutter."""
    template = backend.library / "{{cookiecutter.app_name}}" / "apps.py"
    template.parent.mkdir()
    template.write_text("class {{ cookiecutter.app_name }}Config:\n")
    bytecode.compile_all(backend)
    assert list((backend.library / "__pycache__").glob("os.*.pyc"))
    assert not list(template.parent.rglob("*.pyc"))


@POSIX
def test_byte_code_that_cannot_be_written_is_refused(backend: Backend) -> None:
    (backend.library / "__pycache__").write_text("not a folder")
    with pytest.raises(StageProblem, match="could not be compiled") as refused:
        bytecode.compile_all(backend)
    assert "[Errno" in refused.value.detail


def test_a_pruned_module_that_is_reached_for_is_named(tmp_path: Path) -> None:
    """reach.py in a separate process, on a package that needs more than exists."""
    package = tmp_path / "wanting"
    package.mkdir()
    (package / "__init__.py").write_text(
        "def f():\n    import json.nowhere\n    import wanting.pruned\n    import wanting.never\n"
        "    from string.later import x\n"
    )
    code = (
        "import json, sys; sys.path[:0] = sys.argv[1:]\n"
        "import reach, wanting\n"
        "found = reach.look_inside('/nowhere', {'wanting.pruned', 'json.nowhere'})\n"
        "print(json.dumps(found + reach.load_all('wanting')))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", code, str(Path(reach.__file__).parent), str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = json.loads(said.stdout)
    assert "wanting imports json.nowhere, which is missing" in found
    assert "wanting imports wanting.pruned, which is missing" in found
    # From another version of the package, and from a later Python.
    assert not any("wanting.never" in one or "string.later" in one for one in found)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="pydoc has its own pager until then")
def test_pydoc_is_whole_which_packages_use(backend: Backend) -> None:
    library = Path(json.__file__).parents[1]
    shutil.copytree(library / "_pyrepl", backend.library / "_pyrepl")
    shutil.copyfile(library / "pydoc.py", backend.library / "pydoc.py")
    prune.prune_interpreter(backend)
    code = "import sys; sys.path.insert(0, sys.argv[1]); import pydoc; print(pydoc.__file__)"
    said = subprocess.run(
        [sys.executable, "-I", "-B", "-c", code, str(backend.library)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert Path(said.stdout.strip()) == backend.library / "pydoc.py"
    left = {file.name for file in (backend.library / "_pyrepl").glob("*.py")}
    assert "pager.py" in left and not {"main.py", "readline.py", "unix_console.py"} & left


def test_what_is_taken_from_the_standard_library_is_known(backend: Backend) -> None:
    (backend.library / "lib-dynload").mkdir()
    (backend.library / "lib-dynload" / "_tkinter.cpython-313-x.so").touch()
    before = prune.library(backend)
    assert {"os", "tkinter", "test.test_os", "_tkinter"} <= before
    assert not any(name.startswith("site-packages") for name in before)
    prune.prune_interpreter(backend)
    assert "os" in prune.library(backend) and "tkinter" in before - prune.library(backend)
