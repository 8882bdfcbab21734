"""Replacing a file that another program has open for a moment: refused on Windows only."""

import sys
import threading
import time
from pathlib import Path

import pytest

from djdesk.desktop import held_files


class Refusal(PermissionError):
    """Windows' exception; other systems have no winerror attribute."""

    winerror = 5


def refusing(monkeypatch, times, error=Refusal):
    calls = []
    original = Path.replace

    def replace(self, target):
        calls.append(self)
        if len(calls) <= times:
            raise error(13, "Access is denied")
        return original(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    return calls


@pytest.fixture
def files(tmp_path):
    source, target = tmp_path / "nëw", tmp_path / "old"
    source.write_text("new")
    target.write_text("old")
    return source, target


def test_it_waits_until_the_other_program_lets_go(files, monkeypatch):
    source, target = files
    calls = refusing(monkeypatch, 3)
    held_files.replace(source, target)
    assert target.read_text() == "new" and len(calls) == 4


def test_a_program_that_keeps_the_file_is_an_error_and_nothing_is_lost(files, monkeypatch):
    source, target = files
    refusing(monkeypatch, 10**6)
    with pytest.raises(PermissionError):
        held_files.replace(source, target, timeout=0.1)
    assert (source.read_text(), target.read_text()) == ("new", "old")


def test_a_matter_of_rights_is_not_waited_for(files, monkeypatch):
    calls = refusing(monkeypatch, 10**6, error=PermissionError)
    with pytest.raises(PermissionError):
        held_files.replace(*files)
    assert len(calls) == 1


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere an open file can be replaced")
def test_a_file_that_is_really_open_for_a_moment(files):
    source, target = files
    holder = target.open("rb")
    threading.Timer(0.3, holder.close).start()
    begun = time.monotonic()
    held_files.replace(source, target)
    assert target.read_text() == "new" and time.monotonic() - begun >= 0.25
