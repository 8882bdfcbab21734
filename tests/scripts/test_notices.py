"""Licences and bill of materials: complete and reproducible."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from djdesk.tools.notices import __main__ as collect_notices
from djdesk.tools.notices import parts
from djdesk.tools.notices.parts import Part
from djdesk.tools.notices.sbom import bill

MANIFEST = {"version": "1.0.0", "commit": "c", "platform": "linux", "source_date_epoch": 1}
APP = {"name": "Bookshelf", "id": "org.example.bookshelf"}


def test_the_bill_is_repeatable_and_speaks_of_every_part() -> None:
    parts = [
        Part("Django", "6.1", "BSD-3-Clause", "pkg:pypi/django@6.1", ["text"]),
        Part("odd", "1", "Some License v2", "pkg:pypi/odd@1", ["text"]),
        Part("both", "1", "MIT OR Apache-2.0", "pkg:npm/both@1", ["t"], hashes=["sha512-AAEC"]),
    ]
    made = bill(parts, MANIFEST, APP)
    assert made == bill(parts, MANIFEST, APP)
    assert [part["name"] for part in made["components"]] == ["Django", "odd", "both"]
    assert made["components"][0]["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert made["components"][1]["licenses"] == [{"license": {"name": "Some License v2"}}]
    assert made["components"][2]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert made["components"][2]["hashes"] == [{"alg": "SHA-512", "content": "000102"}]
    assert made["metadata"]["timestamp"] == "1970-01-01T00:00:01Z"


def test_a_part_without_a_licence_text_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "app.json").write_text(json.dumps(APP))
    silent = Part("silent", "1", "MIT", "pkg:pypi/silent@1")
    monkeypatch.setattr(collect_notices, "everything", lambda stage, modules: [silent])
    assert collect_notices.main(["--stage", str(tmp_path), "--modules", str(tmp_path)]) == 1
    assert "silent" in capsys.readouterr().err
    assert not (tmp_path / "LICENSES.txt").exists()
    silent.texts.append("Permission is granted …")
    assert collect_notices.main(["--stage", str(tmp_path), "--modules", str(tmp_path)]) == 0
    text = (tmp_path / "LICENSES.txt").read_text("utf-8")
    assert "Permission is granted" in text
    assert text.startswith("What Bookshelf contains, and under which licences. Built with DJDesk.")


@pytest.mark.parametrize(
    "author", ["Ada Lovelace", "Ada Lovelace <ada@example.org>", {"name": "Ada Lovelace"}]
)
def test_a_package_that_only_says_mit_gets_its_text(author) -> None:
    (text,) = parts._mit({"license": "MIT", "author": author})
    assert "Copyright (c) Ada Lovelace\n" in text and "Permission is hereby granted" in text
    assert "DJDesk" not in text


@pytest.mark.parametrize("package", [{"license": "MIT"}, {"license": "ISC", "author": "Ada"}, {}])
def test_nobody_and_no_other_licence_is_made_up(package) -> None:
    assert parts._mit(package) == []


def test_a_package_that_only_names_its_licence_is_told_and_may_be_given_its_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = SimpleNamespace(packages=tmp_path / "packages", app=tmp_path / "app")
    info = backend.packages / "Old.thing-1.0.dist-info"
    info.mkdir(parents=True)
    head = "Name: Old.thing\nVersion: 1.0\nAuthor: Ada\n"
    (info / "METADATA").write_text(head + "Classifier: License :: OSI Approved :: BSD License\n")
    (part,) = parts._packages(backend)
    assert part.texts == [] and "Its metadata says: BSD License" in part.beside
    assert "Author: Ada" in part.beside and part.purl == "pkg:pypi/old-thing@1.0"
    (backend.app / "licences").mkdir(parents=True)
    (backend.app / "licences" / "old-thing.txt").write_text("Redistribution and use …")
    assert parts._packages(backend)[0].texts == ["Redistribution and use …"]
    (backend.app / "licences" / "old-thing.txt").unlink()
    (info / "METADATA").write_text(head)
    assert parts._packages(backend)[0].beside == "", "nothing is made up"
    # Staging keeps this file for packages that only depend on others, such as cuda-toolkit.
    (info / "RECORD").write_text("Old.thing-1.0.dist-info/METADATA,,\n")
    assert "has no files of its own" in parts._packages(backend)[0].beside
    (info / "RECORD").unlink()

    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "app.json").write_text(json.dumps(APP))
    monkeypatch.setattr(collect_notices, "everything", lambda stage, modules: [part])
    assert collect_notices.main(["--stage", str(tmp_path), "--modules", str(tmp_path)]) == 0
    assert "The licence is named, but its text is missing: Old.thing (BSD License)" in (
        capsys.readouterr().err
    )
    assert "Its metadata says: BSD License" in (tmp_path / "LICENSES.txt").read_text("utf-8")
