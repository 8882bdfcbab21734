"""How each kind of installation is replaced and rolled back; other systems' APIs are stubbed."""

import ctypes
import errno
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from djdesk.desktop import guardian_files as files
from djdesk.desktop import guardian_kinds as kinds


def about(root, version, inside="resources"):
    (root / inside).mkdir(parents=True, exist_ok=True)
    (root / inside / "app.json").write_text(json.dumps({"id": "a", "version": version}))
    return root


def version(root, inside="resources"):
    return json.loads((root / inside / "app.json").read_text())["version"]


def journal(target, **more):
    return {"target": str(target), "to": "2", "product": "a", "program": "app", **more}


@pytest.fixture
def folder(tmp_path):
    kind = kinds.Folder(journal(about(tmp_path / "App", "1")))
    about(kind.new, "2")
    return kind


@pytest.fixture
def without_exchange(monkeypatch):
    def no_library(*args, **kwargs):
        raise AttributeError("renameat2")

    monkeypatch.setattr(ctypes, "CDLL", no_library)


def test_a_folder_is_exchanged_and_exchanged_back(folder):
    folder.swap()
    assert (version(folder.target), version(folder.previous)) == ("2", "1")
    assert not folder.new.exists()
    assert folder.is_new(folder.target)
    folder.undo()
    assert (version(folder.target), version(folder.previous)) == ("1", "2")


def test_a_file_system_without_exchange_gets_renames(folder, without_exchange):
    folder.swap()
    assert (version(folder.target), version(folder.previous)) == ("2", "1")
    folder.undo()
    assert version(folder.target) == "1"
    assert not files.aside_of(folder.target).exists()


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_kill_between_the_renames_is_mended(folder, without_exchange, monkeypatch, done):
    rename = Path.rename
    left = [done]

    def killed(self, target):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(KeyboardInterrupt):
        folder.swap()
    monkeypatch.undo()
    folder.mend()
    assert version(folder.target) == ("2" if done == 2 else "1")
    if folder.is_new(folder.target):
        folder.finish()
        assert version(folder.previous) == "1"
        folder.undo()
    assert version(folder.target) == "1"


def test_portable_data_stays_with_the_app(folder):
    data = folder.target / "Parity Data"
    (data / "updates").mkdir(parents=True)
    (data / "app.sqlite3").write_text("rows")
    folder.swap()
    assert (folder.target / "Parity Data" / "app.sqlite3").read_text() == "rows"
    folder.undo()
    assert (folder.target / "Parity Data" / "app.sqlite3").read_text() == "rows"
    assert not (folder.previous / "Parity Data").exists()


def test_a_file_is_linked_or_copied(tmp_path, monkeypatch):
    target = tmp_path / "App.AppImage"
    target.write_text("old")
    new = tmp_path / ".App.AppImage.new"
    new.write_text("new")
    artefact = {"size": 3, "sha512": files.hash_of(new)}
    kind = kinds.OneFile(journal(target, artefact=artefact))
    assert kind.is_new(kind.new)

    def no_links(*args, **kwargs):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    kind.swap()
    assert (target.read_text(), kind.previous.read_text()) == ("new", "old")
    assert kind.is_new(target)
    kind.undo()
    assert target.read_text() == "old"


def test_a_bundle_of_macos(tmp_path, monkeypatch):
    inside = "Contents/Resources"
    target = about(tmp_path / "Parity.app", "1", inside)
    kind = kinds.Bundle(journal(target))
    about(kind.new, "2", inside)
    kind.swap()
    assert kind.is_new(target)
    started = []
    monkeypatch.setattr(subprocess, "Popen", lambda words, **how: started.append(words))
    program = str(target / "Contents/MacOS/Parity")
    kind.start([program, "--data-dir=/d", "--update=1"], {}, tmp_path)
    words = ["/usr/bin/open", "-n", "-W", str(target), "--args", "--data-dir=/d", "--update=1"]
    assert started == [words]
    kind.undo()
    assert version(target, inside) == "1"


@pytest.mark.parametrize("fails", [False, True])
def test_an_installer_of_windows(tmp_path, monkeypatch, fails):
    target = about(tmp_path / "Parity", "1")
    (target / "Parity.exe").write_text("old")
    kind = kinds.Installed(journal(target))
    kind.new.write_text("setup")
    asked = []

    def setup(command, **how):
        asked.append(command)
        (target / "Parity.exe").unlink()
        if not fails:
            (target / "Parity.exe").write_text("new")
            (target / "resources" / "app.json").unlink()
            about(target, "2")
        return types.SimpleNamespace(returncode=2 if fails else 0)

    monkeypatch.setattr(subprocess, "run", setup)
    if fails:
        with pytest.raises(OSError, match="installer"):
            kind.swap()
    else:
        kind.swap()
        assert kind.is_new(target)
    # NSIS requires the folder as the last argument, without quotes.
    assert asked == [f'"{kind.new}" /S --updated /D={target}']
    if not fails:
        assert (kind.previous / "Parity.exe").read_text() == "old"
        kind.undo()
    assert (target / "Parity.exe").read_text() == "old"
    assert version(target) == "1"


def test_an_installer_of_windows_that_was_killed(tmp_path, monkeypatch):
    target = about(tmp_path / "Parity", "1")
    kind = kinds.Installed(journal(target))
    kind.new.write_text("setup")

    def setup(command, **how):
        (target / "resources" / "app.json").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", setup)
    with pytest.raises(KeyboardInterrupt):
        kind.swap()
    kind.mend()
    assert version(target) == "1"


def test_a_file_that_is_open_on_windows_is_waited_for(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("new")
    replace, refusals = Path.replace, [32, 5]

    def held(self, target):
        if refusals:
            error = PermissionError("in use")
            error.winerror = refusals.pop()
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    files.replace(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "new"


def test_a_right_that_is_missing_is_not_waited_for(tmp_path, monkeypatch):
    def refused(self, target):
        raise PermissionError("no right")

    (tmp_path / "a").write_text("new")
    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(PermissionError):
        files.replace(tmp_path / "a", tmp_path / "b")


def test_the_journal_has_a_reserve_for_a_full_disk(tmp_path, monkeypatch):
    (tmp_path / "reserve").write_bytes(b"x" * 1000)
    write = files._write

    def full(path, data):
        if (tmp_path / "reserve").exists():
            raise OSError(errno.ENOSPC, "full")
        write(path, data)

    monkeypatch.setattr(files, "_write", full)
    files.write_json(tmp_path / "update.json", {"state": "rolling_back"})
    assert files.read_json(tmp_path / "update.json") == {"state": "rolling_back"}


@pytest.mark.skipif(sys.platform != "linux", reason="zombies are looked for in /proc")
def test_a_process_that_only_waits_to_be_forgotten_has_ended():
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not files.alive(process.pid)
    process.wait()
    assert not files.alive(process.pid)
    assert files.alive(os.getpid())
    assert not files.alive("no pid")
    assert not files.alive(0)
