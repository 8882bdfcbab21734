"""The probe is a folder of files for many Pythons: its imports, and running it in each."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import make, scan

from inspector.probe import probe_path, shared_files

FOLDER = Path(probe_path())
FILES = sorted(FOLDER.rglob("*.py"))
SHARED = [Path(file) for file in shared_files()]
# Used only by the inspector, or where djdesk can be imported.
HOST = {"sentences.py", *(file.name for file in SHARED)}
# The last two are used if a project has them.
THERE = {"djdesk_probe", "django", "configurations", "django_hosts"}
VERSIONS = [f"3.{minor}" for minor in range(8, 15)]


def python_of(version):
    """An interpreter of that version on this machine, or None."""
    places = [shutil.which(f"python{version}") or ""]
    places += map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for place in filter(None, places):
        code = "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2])"
        done = subprocess.run(
            [place, "-I", "-c", code], capture_output=True, text=True, check=False
        )
        path, _, found = done.stdout.strip().rpartition(" ")
        if done.returncode == 0 and found == version:
            return path
    return None


@pytest.mark.parametrize("file", [*FILES, *SHARED], ids=lambda file: "/".join(file.parts[-2:]))
def test_each_file_is_small_and_imports_only_what_is_there(file):
    text = file.read_text("utf-8")
    assert len(text.splitlines()) <= 450
    if file.name in HOST and file not in SHARED:
        return
    tree = ast.parse(text, feature_version=(3, 8))
    called_lazily = {"djdesk"} if file == FOLDER / "__init__.py" else set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            known = top in sys.stdlib_module_names or top in {
                "django",
                "djdesk_probe",
                *called_lazily,
            }
            # From projects that have it.
            assert known or top in {"configurations", "django_hosts"}, name


@pytest.mark.parametrize("version", VERSIONS)
def test_it_starts_and_ends_in_every_python(version, tmp_path):
    python = python_of(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    for name in ("scratch/tmp", "base", "bytecode"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "base/django.py").write_text("raise ImportError('no Django here')\n")
    request = {
        "root": str(tmp_path / "base"),
        "base": str(tmp_path / "base"),
        "scratch": str(tmp_path / "scratch"),
        "bytecode": str(tmp_path / "bytecode"),
    }
    cache = f"pycache_prefix={tmp_path / 'bytecode'}"
    before = {file: file.stat().st_mtime_ns for file in FOLDER.rglob("*")}
    done = subprocess.run(
        [python, "-I", "-X", "utf8", "-X", cache, str(FOLDER), *map(str, SHARED)],
        input=json.dumps(request).encode() + b"\n",
        capture_output=True,
        check=False,
        timeout=60,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert lines[0]["hello"]["python"].startswith(version + ".")
    assert lines[1]["section"] == "runtime"
    assert lines[1]["error"]["message"] == "no Django here"
    assert lines[-1]["end"]["status"] == "complete"
    # Bytecode goes where configured, and nothing is written next to the files.
    assert {file: file.stat().st_mtime_ns for file in FOLDER.rglob("*")} == before
    assert list((tmp_path / "bytecode").rglob("guard.*.pyc"))


def test_names_of_its_files_are_free_for_the_project(tmp_path):
    names = [file.stem for file in FILES if file.parent == FOLDER and file.stem[0] != "_"]
    mine = {f"{name}.py": "MINE = 1\n" for name in names}
    models = "".join(f"import {name}\nassert {name}.MINE\n" for name in names)
    root = make(tmp_path, {**mine, "catalog/models.py": models})
    found = scan(root, trust=True)
    assert found["sections"]["runtime"]["ok"], found["sections"]["runtime"]
    assert found["sections"]["models"]["source"] == "live"
    assert not found["changed"]


def test_what_prints_to_stdout_does_not_break_the_lines(tmp_path):
    said = "import os\nprint('{')\nos.write(1, b'{\\n')\n"
    found = scan(make(tmp_path, {"catalog/models.py": said}), trust=True)
    assert found["status"] == "complete"
    assert found["sections"]["runtime"]["ok"]


def test_traces_of_the_project_have_no_frames_of_the_probe(tmp_path):
    root = make(tmp_path, {"catalog/models.py": "def fail():\n    1 / 0\n\n\nfail()\n"})
    error = scan(root, trust=True)["sections"]["runtime"]["error"]
    assert (error["file"], error["line"]) == ("catalog/models.py", 2)
    assert error["trace"][-1] == "catalog/models.py:2 in fail"
    assert not [line for line in error["trace"] if line.startswith(str(FOLDER))]


def test_a_private_copy_has_the_byte_code_of_the_project(tmp_path):
    for name in ("scratch/tmp", "scratch/copy/base", "bytecode", "real"):
        (tmp_path / name).mkdir(parents=True)
    copy, real = tmp_path / "scratch/copy/base", tmp_path / "real"
    (copy / "django.py").write_text("raise ImportError(__file__)\n")
    request = {
        "root": str(copy),
        "real_root": str(real),
        "base": str(copy),
        "scratch": str(tmp_path / "scratch"),
        "bytecode": str(tmp_path / "bytecode"),
    }
    cache = f"pycache_prefix={tmp_path / 'bytecode'}"
    done = subprocess.run(
        [sys.executable, "-I", "-X", cache, str(FOLDER), *map(str, SHARED)],
        input=json.dumps(request).encode() + b"\n",
        capture_output=True,
        check=False,
        timeout=60,
    )
    # It runs in the copy, wherever its bytecode is cached.
    error = json.loads(done.stdout.splitlines()[1])["error"]
    assert error["message"] == str(copy / "django.py")
    (kept,) = (tmp_path / "bytecode").rglob("django.*.pyc")
    assert kept.is_relative_to(tmp_path / "bytecode" / real.relative_to(real.anchor))
