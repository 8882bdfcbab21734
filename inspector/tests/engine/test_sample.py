"""The bundled sample, scanned on every system with the Python that runs the tests."""

import os
import sys
from pathlib import Path

import pytest
from projects import scan

import inspector
from djdesk.projects.discovery.project import find_project
from inspector.engine import Options, inspect
from inspector.facts import snapshot

SAMPLE = Path(inspector.__file__).parent / "sample" / "spokes"


@pytest.mark.parametrize("trust", [False, True])
def test_every_section_is_read(trust):
    found = scan(SAMPLE, trust=trust)
    failed = {name: one.get("error") for name, one in found["sections"].items() if not one["ok"]}
    assert failed == {} and found.get("error") is None
    # Without trust, parts of a project stay unknown, and the scan says so.
    assert found["status"] == "complete" or (not trust and found["status"] == "partial")
    assert ("runtime" in found["sections"]) is trust


def venv_on_windows(place: Path) -> Path:
    """The result of an installer's venv module, whose launcher is next to the library on disk."""
    base = Path(sys.base_prefix)
    scripts = place / "Scripts"
    scripts.mkdir(parents=True)
    for name in ("python.exe", "python313.dll", "vcruntime140.dll", "vcruntime140_1.dll"):
        (scripts / name).write_bytes((base / name).read_bytes())
    (place / "pyvenv.cfg").write_text(f"home = {base}\nversion = 3.13.2\n", "utf-8")
    packages = place / "Lib" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "base.pth").write_text(str(base / "Lib" / "site-packages"), "utf-8")
    return scripts / "python.exe"


@pytest.mark.skipif(os.name != "nt", reason="a layout of Windows")
def test_with_a_venv_on_windows(tmp_path):
    python = venv_on_windows(tmp_path / "vénv")
    project = find_project(SAMPLE, python=python)
    found = snapshot(list(inspect(project, Options(trust=True))))
    assert found["status"] == "complete"
    assert all(one["ok"] for one in found["sections"].values())
