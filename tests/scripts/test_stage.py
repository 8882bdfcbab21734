"""Staging: the same twice, and refused when something is not there."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

from djdesk.tools.stage import (
    application,
    bytecode,
    interpreter,
    manifest,
    places,
    prune,
    reach,
    sizes,
)
from djdesk.tools.stage.places import Backend, StageProblem

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the layout is POSIX's")


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    """A small tree in the layout of a staged backend, with files to prune."""
    made = Backend(tmp_path / "back end é")
    library = made.home / "lib" / "python3.13"
    for name, text in {
        "os.py": "x = {'b', 'a', 'c'}\n",
        "tkinter/__init__.py": "",
        "test/test_os.py": "",
        "json/tests/test_x.py": "",
        "site-packages/pip/__init__.py": "",
        "site-packages/django/__init__.py": "def f(a=1):\n    return {1, 2, a}\n",
        "site-packages/django/contrib/gis/__init__.py": "",
        "site-packages/django/conf/locale/en/LC_MESSAGES/django.mo": "en",
        "site-packages/django/conf/locale/de/LC_MESSAGES/django.mo": "de",
        "site-packages/django/conf/locale/fr/LC_MESSAGES/django.mo": "fr",
        "site-packages/django-6.1.dist-info/RECORD": "",
        "site-packages/django-6.1.dist-info/METADATA": "Name: Django\nVersion: 6.1\n",
    }.items():
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).write_text(text)
    (made.home / "include").mkdir()
    (made.home / "include" / "Python.h").write_text("")
    (made.home / "bin").mkdir()
    (made.home / "bin" / "python3").symlink_to(sys.executable)
    (made.home / "bin" / "pip3").write_text("")
    return made


@POSIX
def test_pruning_takes_what_is_listed_and_nothing_else(backend: Backend) -> None:
    packages = ("site-packages/django/contrib/gis", "site-packages/django-6.1.dist-info/RECORD")
    prune.prune_packages(backend)
    for name in (*packages, "site-packages/django/conf/locale/fr"):
        assert not (backend.library / name).exists(), name
    for language, _ in settings.LANGUAGES:
        assert (backend.library / f"site-packages/django/conf/locale/{language}").exists()
    prune.prune_interpreter(backend)
    for name in ("tkinter", "test", "json/tests", "site-packages/pip"):
        assert not (backend.library / name).exists(), name
    assert (backend.library / "os.py").exists()
    assert not (backend.home / "include").exists()
    assert [file.name for file in (backend.home / "bin").iterdir()] == ["python3"]


def test_the_handbook_is_staged_with_the_code(backend: Backend) -> None:
    application.copy_code(backend)
    for source, name in application.OURS:
        for file in (places.ROOT / source).rglob("help/*/*.md"):
            staged = backend.app / name / file.relative_to(places.ROOT / source)
            assert staged.read_bytes() == file.read_bytes()
    assert (backend.app / "djdesk/desktop/help/de/data.md").exists()


@POSIX
def test_the_same_tree_gives_the_same_manifest_anywhere(backend: Backend, tmp_path: Path) -> None:
    import shutil

    twin = Backend(tmp_path / "elsewhere" / "b")
    shutil.copytree(backend.root, twin.root, symlinks=True)
    made = []
    for one in (backend, twin):
        # What is compiled runs on the Python of the tests; its link is no part of the tree.
        bytecode.compile_all(one)
        (one.home / "bin" / "python3").unlink()
        manifest.settle_times(one.root, 1_700_000_000)
        made.append(manifest.make(one, python="3.13", epoch=1_700_000_000))
    assert made[0] == made[1]
    assert any(name.endswith(".pyc") for name in made[0]["files"])
    assert made[0]["packages"] == {"Django": "6.1"}


@POSIX
def test_byte_code_is_taken_as_it_is(backend: Backend) -> None:
    bytecode.compile_all(backend)
    (compiled,) = (backend.library / "__pycache__").glob("os.*.pyc")
    assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01, "hashed, not checked"


@POSIX
def test_a_file_that_does_not_compile_is_refused(backend: Backend) -> None:
    (backend.library / "broken.py").write_text("def f(:\n")
    with pytest.raises(StageProblem, match="do not compile") as refused:
        bytecode.compile_all(backend)
    assert "broken.py" in refused.value.detail


def test_a_manifest_notices_every_change(tmp_path: Path) -> None:
    root = Backend(tmp_path / "b").root
    (root / "app").mkdir(parents=True)
    (root / "app" / "a.py").write_bytes(b"a = 1\n")
    (root / "b.txt").write_bytes(b"b")
    files = {
        file.relative_to(root).as_posix(): [file.stat().st_size, manifest.digest(file)]
        for file in manifest.files(root)
    }
    manifest.write(Backend(root), {"files": files})
    assert manifest.differences(root) == []
    (root / "app" / "a.py").write_bytes(b"a = 2\n")
    assert manifest.differences(root) == ["app/a.py was changed"]
    assert manifest.differences(root, contents=False) == []
    (root / "app" / "a.py").write_bytes(b"a = 22\n")
    (root / "b.txt").unlink()
    (root / "c").write_bytes(b"")
    assert sorted(manifest.differences(root)) == [
        "app/a.py has another size",
        "b.txt is missing",
        "c was added",
    ]
    (root / "manifest.json").write_text("[]")
    assert "cannot be read" in manifest.differences(root)[0]


def test_an_archive_that_is_none_is_refused(tmp_path: Path) -> None:
    backend = Backend(tmp_path / "b")
    archive = tmp_path / "python.tar.gz"
    archive.write_bytes(b"no archive")
    with pytest.raises(StageProblem, match="could not be unpacked"):
        interpreter.place(backend, archive=archive, uv="uv", scratch=tmp_path / "s")
    with tarfile.open(archive, "w:gz"):
        pass
    (tmp_path / "s").mkdir(exist_ok=True)
    with pytest.raises(StageProblem, match="no folder python/"):
        interpreter.place(backend, archive=archive, uv="uv", scratch=tmp_path / "s")


@POSIX
def test_another_minor_version_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "python3"
    fake.write_text("#!/bin/sh\necho 3.9.1\n")
    fake.chmod(0o755)
    with pytest.raises(StageProblem, match=r"holds Python 3\.9\.1"):
        interpreter.version(fake)


def test_the_pin_is_a_full_version_and_new_enough() -> None:
    parts = [int(part) for part in places.pinned_python().split(".")]
    assert len(parts) == 3
    assert parts[:2] >= [3, 12]


def test_a_pruned_module_that_is_reached_for_is_named(tmp_path: Path) -> None:
    """reach.py in a process of its own, on a package that wants more than there is."""
    package = tmp_path / "wanting"
    package.mkdir()
    (package / "__init__.py").write_text("def f():\n    import json.nowhere\n")
    code = (
        "import json, sys; sys.path[:0] = sys.argv[1:]\n"
        "import reach, wanting\n"
        "print(json.dumps(reach.look_inside() + reach.load_all('wanting')))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", code, str(Path(reach.__file__).parent), str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    found = json.loads(said.stdout)
    assert "wanting reaches for json.nowhere, which is not there" in found


def test_runtime_lock_is_a_part_of_the_app_lock() -> None:
    """What is shipped is what is tested."""

    def pins(name: str) -> set[str]:
        lines = (places.ROOT / "requirements" / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if line[:1].isalpha()}

    assert pins("runtime.txt") < pins("app.txt")
    assert not {pin for pin in pins("runtime.txt") if pin.startswith(("hatchling", "editables"))}


def test_sizes_count_every_file_once(tmp_path: Path, backend: Backend) -> None:
    (backend.home / "bin" / "python3").unlink()
    (backend.root / "docs").mkdir()
    (backend.root / "docs" / "a.md").write_text("x" * 1000)
    backend.manifest.write_text("{}")
    *parts, whole = sizes.weigh(backend, each=True)
    assert sum(part.files for part in parts) == whole.files
    assert sum(part.size for part in parts) == whole.size
    assert 0 < whole.compressed < whole.size + 10_000


def test_the_code_is_copied_without_traces_of_running(tmp_path: Path) -> None:
    made = Backend(tmp_path / "b")
    (made.home / "lib" / "python3.13" / "site-packages").mkdir(parents=True)
    application.copy_code(made)
    assert (made.app / "djdesk" / "settings" / "base.py").is_file()
    assert not list(made.app.rglob("__pycache__"))
    pth = (made.packages / "djdesk.pth").read_text().strip()
    assert (made.packages / pth).resolve() == made.app.resolve()
    entries = next(made.packages.glob("djdesk-*.dist-info")) / "entry_points.txt"
    assert "djdesk.commands" in entries.read_text()


def test_documents_are_staged_without_pictures(tmp_path):
    backend = Backend(tmp_path)
    application.copy_documents(backend)
    assert (backend.root / "docs" / "security.md").is_file()
    assert list((backend.root / "docs").rglob("*.webp")) == []
