"""What a developer's command leaves behind when it is ended, interrupted or killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from djdesk.tools import scratch
from djdesk.tools.problem import ToolProblem

CODE = """
import subprocess, sys
from djdesk.tools.scratch import temporary_folder
with temporary_folder("test") as folder:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    print(folder, child.pid, flush=True)
    child.wait()
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def started(temporary: Path) -> tuple[subprocess.Popen[str], Path, psutil.Process]:
    """(command, its folder, its child process)."""
    command = subprocess.Popen(
        [sys.executable, "-c", CODE], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    )  # fmt: skip
    assert command.stdout is not None
    folder, pid = command.stdout.readline().rsplit(" ", 1)
    return command, Path(folder), psutil.Process(int(pid))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a signal")
def test_a_command_that_is_ended_takes_its_folder_and_its_tools_along(temporary):
    command, folder, child = started(temporary)
    assert folder.is_dir()
    command.terminate()
    assert command.wait(timeout=60) == 128 + signal.SIGTERM
    assert not folder.exists()
    child.wait(timeout=60)
    command.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="uses TMPDIR")
def test_the_next_command_removes_what_a_killed_one_left(temporary):
    command, folder, child = started(temporary)
    scratch.remove_left()
    assert folder.is_dir(), "it is still at work"
    command.kill()
    command.wait(timeout=60)
    child.kill()
    assert folder.is_dir()
    others = [temporary / "djdesk-notes", temporary / folder.name.replace("djdesk", "other")]
    for other in others:
        other.mkdir()
    with scratch.temporary_folder("test") as own:
        assert not folder.exists() and own.is_dir()
    assert not own.exists() and all(other.is_dir() for other in others)
    command.stdout.close()


def dead() -> int:
    """The number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def folder_of_results(tmp_path: Path) -> tuple[Path, Path]:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "earlier.deb").touch()
    os.utime(dist / "earlier.deb", (1, 1))
    return dist, tmp_path / "made" / "packaging.json"


def write(dist: Path) -> None:
    (dist / "half.AppImage").touch()
    (dist / "unpacked").mkdir()
    (dist / "unpacked" / "app").touch()


@pytest.mark.parametrize("how", [KeyboardInterrupt, SystemExit])
def test_unfinished_packages_are_removed(tmp_path, monkeypatch, how):
    dist, note = folder_of_results(tmp_path)
    # Without ctime, which cannot be set: the earlier one was made long ago.
    monkeypatch.setattr(scratch, "_moment", lambda path: path.lstat().st_mtime)
    with pytest.raises(how), scratch.results(dist, note):
        assert json.loads(note.read_text())["pid"] == os.getpid()
        write(dist)
        raise how
    assert [path.name for path in dist.iterdir()] == ["earlier.deb"] and not note.exists()


def test_finished_packages_stay(tmp_path):
    dist, note = folder_of_results(tmp_path)
    with scratch.results(dist, note):
        write(dist)
    assert len(list(dist.iterdir())) == 3 and not note.exists()


def test_the_next_packaging_removes_what_a_killed_one_left(tmp_path, monkeypatch):
    dist, note = folder_of_results(tmp_path)
    monkeypatch.setattr(scratch, "_moment", lambda path: path.lstat().st_mtime)
    write(dist)
    note.parent.mkdir()
    note.write_text(json.dumps({"pid": dead(), "since": 2.0}))
    with scratch.results(dist, note):
        assert [path.name for path in dist.iterdir()] == ["earlier.deb"]


def test_two_packagings_of_an_app_do_not_mix(tmp_path):
    dist, note = folder_of_results(tmp_path)
    note.parent.mkdir()
    note.write_text(json.dumps({"pid": os.getppid(), "since": 2.0}))
    with pytest.raises(ToolProblem, match=f"process {os.getppid()}"), scratch.results(dist, note):
        pytest.fail("it began")
    assert note.exists() and (dist / "earlier.deb").exists()
