"""The app's caches stay small."""

import os
import stat
import subprocess
import sys

import pytest

from inspector.run import scratch
from inspector.run.scratch import DAY, MANY, PRUNED, Scratch, prune_bytecode, prune_bytecode_if_due


def test_the_oldest_bytecode_goes_first_and_the_current_stays(tmp_path):
    folders = []
    for number in range(4):
        folder = tmp_path / f"project{number}"
        (folder / "deep").mkdir(parents=True)
        (folder / "deep/module.pyc").write_bytes(b"x" * 100)
        os.utime(folder, (number, number))
        folders.append(folder)
    prune_bytecode(folders[0], 250)
    assert [folder.exists() for folder in folders] == [True, False, False, True]


def test_nothing_goes_while_it_fits(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one/module.pyc").write_bytes(b"x" * 100)
    (tmp_path / "two").mkdir()
    prune_bytecode(tmp_path / "two", 100)
    assert (tmp_path / "one").exists()


def test_a_cache_that_is_gone_is_no_error(tmp_path):
    prune_bytecode(tmp_path / "none" / "project")
    prune_bytecode_if_due(tmp_path / "none" / "project")


def test_it_is_looked_through_once_a_day(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch.prune_bytecode, "__defaults__", (50,))
    old, keep = tmp_path / "old", tmp_path / "keep"
    keep.mkdir()
    for hours, there in ((0, False), (0, True), (23, True), (25, False)):
        old.mkdir(exist_ok=True)
        (old / "module.pyc").write_bytes(b"x" * 100)
        mark = tmp_path / PRUNED
        if mark.exists():
            then = mark.stat().st_mtime - hours * DAY / 24
            os.utime(mark, (then, then))
        prune_bytecode_if_due(keep)
        assert old.exists() is there


@pytest.mark.parametrize("projects", [MANY - 2, MANY])
def test_it_is_looked_through_after_many_projects(tmp_path, monkeypatch, projects):
    """As on a day spent scanning one project after another."""
    monkeypatch.setattr(scratch.prune_bytecode, "__defaults__", (50,))
    keep, mark = tmp_path / "keep", tmp_path / PRUNED
    keep.mkdir()
    mark.touch()
    os.utime(mark, (mark.stat().st_mtime - 60,) * 2)
    for number in range(projects):
        (tmp_path / f"project{number}").mkdir()
        (tmp_path / f"project{number}" / "module.pyc").write_bytes(b"x" * 100)
    prune_bytecode_if_due(keep)
    left = len(list(tmp_path.glob("project*")))
    assert left == (0 if projects >= MANY else projects)


def test_what_a_killed_inspector_left_is_swept_on_every_system(tmp_path, monkeypatch):
    """Also on Windows, where read-only files cannot be deleted."""
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    left = tmp_path / f"{scratch.PREFIX}{gone.pid}-abc" / "home"
    alive = tmp_path / f"{scratch.PREFIX}{os.getpid()}-abc"
    monkeypatch.setattr(scratch, "IN_MEMORY", tmp_path / "shm")
    in_memory = tmp_path / "shm" / left.parent.name
    for folder in (left, alive, in_memory):
        folder.mkdir(parents=True)
    (left / "pack.idx").write_text("as git keeps it")
    (left / "pack.idx").chmod(stat.S_IREAD)
    with Scratch() as own:
        assert own.path.parent == tmp_path.resolve()
        assert not left.parent.exists() and alive.exists() and not in_memory.exists()
        (own.home / "pack.idx").write_text("")
        (own.home / "pack.idx").chmod(stat.S_IREAD)
    (tmp_path / "shm").rmdir()
    assert list(tmp_path.iterdir()) == [alive]


@pytest.mark.parametrize("name", ["USERNAME", "SYSTEMDRIVE", "PROGRAMDATA"])
def test_what_programs_on_windows_cannot_do_without(monkeypatch, name):
    monkeypatch.setenv(name, "value")
    monkeypatch.setenv("DJDESK_TOKEN_LIKE", "secret")
    with Scratch() as own:
        environment = own.environment()
    assert environment[name] == "value" and "DJDESK_TOKEN_LIKE" not in environment


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such a folder")
def test_a_scan_keeps_its_files_in_memory_where_there_is_much(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "IN_MEMORY", tmp_path / "shm")
    monkeypatch.setattr(scratch, "MEMORY_NEEDED", 0)
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    assert scratch.memory_folder() is None, "there is no such folder"
    (tmp_path / "shm").mkdir()
    known = os.statvfs(tmp_path)
    if known.f_flag & os.ST_NOEXEC:
        pytest.skip("the folder for temporary files runs no programs")
    with Scratch(in_memory=True) as own:
        assert own.path.parent == (tmp_path / "shm").resolve()
    with Scratch() as own:
        assert own.path.parent == tmp_path.resolve(), "commands may write more than fits"
    monkeypatch.setattr(scratch, "MEMORY_NEEDED", 2**60)
    with Scratch(in_memory=True) as own:
        assert own.path.parent == tmp_path.resolve(), "too little is free"
    monkeypatch.setattr(scratch, "MEMORY_NEEDED", 0)
    flags = list(known)
    flags[8] |= os.ST_NOEXEC
    monkeypatch.setattr(scratch.os, "statvfs", lambda place: os.statvfs_result(flags))
    assert scratch.memory_folder() is None, "a project's own libraries could not be loaded"
