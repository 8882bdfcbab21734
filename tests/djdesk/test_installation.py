"""A packaged app compares itself with its manifest and reports differences in words."""

import hashlib
import json
from pathlib import Path

import pytest

from djdesk.desktop import doctor, installation


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    files = {"app/djdesk/a.py": b"a = 1\n", "app/é b.txt": b"", "python/bin/python3": b"\x7fELF"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    listed = {name: [len(c), hashlib.sha256(c).hexdigest()] for name, c in files.items()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": listed}), "utf-8")
    return tmp_path


def test_whole(installed: Path) -> None:
    assert installation.is_packaged(installed)
    assert installation.damage(installed) == []


def test_a_changed_byte_a_missing_and_an_added_file_are_named(installed: Path) -> None:
    (installed / "app/djdesk/a.py").write_bytes(b"a = 2\n")
    (installed / "app/é b.txt").unlink()
    (installed / "app/evil.py").write_bytes(b"")
    assert sorted(installation.damage(installed)) == [
        "app/djdesk/a.py was changed",
        "app/evil.py was added",
        "app/é b.txt is missing",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": '])
def test_a_manifest_that_is_none_is_damage(installed: Path, text: str) -> None:
    (installed / "manifest.json").write_text(text)
    assert "manifest.json cannot be read" in installation.damage(installed)[0]


def test_a_checkout_is_not_packaged() -> None:
    assert not installation.is_packaged()


def test_doctor_tells(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "HERE", installed)
    monkeypatch.setattr(doctor.installation, "is_packaged", lambda: True)
    monkeypatch.setattr(doctor.installation, "damage", lambda: ["x is missing"] * 5)
    found = [f for f in doctor.examine(tmp_path / "data") if f.topic == "installation"]
    assert [f.verdict for f in found] == ["error"]
    assert "x is missing" in found[0].text and "2 more" in found[0].text
    assert "Install" in found[0].advice
