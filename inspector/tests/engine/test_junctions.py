"""Windows junctions look like folders and may lead back up: nothing follows one.

If none can be created, a folder imitates one through its directory entry.
"""

import os
import sys

import pytest
from projects import make, write

from djdesk.projects.code import tree
from djdesk.projects.discovery.walk import folders
from inspector.run import private_copy
from inspector.run.fingerprint import fingerprint

NAME = "link back"


class Entry:
    """An os.DirEntry of a junction, as described by Python 3.12 and later."""

    def __init__(self, entry: os.DirEntry) -> None:
        self._entry = entry

    def __getattr__(self, name):
        return getattr(self._entry, name)

    def is_junction(self) -> bool:
        return self._entry.name == NAME


@pytest.fixture
def project(tmp_path, monkeypatch):
    root = make(tmp_path / "p")
    if sys.platform == "win32":
        import _winapi

        try:
            _winapi.CreateJunction(str(root), str(root / NAME))
        except OSError:
            pass  # wine has none
        else:
            return root
    write(root, {f"{NAME}/again/models.py": "X = 1\n", f"{NAME}/again/manage.py": ""})
    scandir = os.scandir

    class Scan:
        def __init__(self, place="."):
            self.found = scandir(place)

        def __iter__(self):
            return (Entry(one) for one in self.found)

        def __enter__(self):
            return self

        def __exit__(self, *exc):
            self.found.close()

        close = __exit__

    monkeypatch.setattr(os, "scandir", Scan)
    return root


def names(paths) -> set[str]:
    return {part for path in paths for part in path.parts}


def test_discovery_does_not_follow_it(project):
    found = [folder for folder, _ in folders(project, 5)]
    assert project in found and NAME not in names(found)


def test_the_static_reader_does_not_follow_it(project):
    found = tree.Tree(project, project, []).project_files()
    assert found and NAME not in names(found)


def test_a_private_copy_leaves_it_out(project, tmp_path):
    assert private_copy.copy(project, tmp_path / "copy", lambda: False)
    assert (tmp_path / "copy" / "manage.py").is_file()
    assert not (tmp_path / "copy" / NAME).exists()


def test_the_fingerprint_takes_it_for_one_entry(project):
    seen = fingerprint(project)
    assert any(name.startswith("manage.py") for name in seen)
    assert not any(
        name.startswith(f"{NAME}{os.sep}") and len(name) > len(NAME) + 1 for name in seen
    )
