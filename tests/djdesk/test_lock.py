"""A lock that is released when its process ends."""

import os
import signal
import subprocess
import sys

import pytest

from djdesk.desktop.lock import FileLock, is_held

HOLD = (
    "import sys, pathlib; from djdesk.desktop.lock import FileLock;"
    "lock = FileLock(pathlib.Path(sys.argv[1])); print(lock.acquire(), flush=True);"
    "sys.stdin.read()"
)


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path / "a.lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"True" + os.linesep.encode()
    yield process
    process.kill()
    process.communicate(timeout=60)


def test_a_second_process_does_not_get_it(tmp_path, holder):
    assert is_held(tmp_path / "a.lock")
    assert not FileLock(tmp_path / "a.lock").acquire(timeout=0.1)


def test_asking_does_not_wait_for_the_holder(tmp_path, holder, monkeypatch):
    def sleep(seconds):
        pytest.fail("it waits")

    with monkeypatch.context() as here:
        here.setattr("djdesk.desktop.lock.time.sleep", sleep)
        assert is_held(tmp_path / "a.lock")
        assert not FileLock(tmp_path / "a.lock").acquire()


def test_a_killed_holder_frees_it(tmp_path, holder):
    holder.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    holder.wait(10)
    lock = FileLock(tmp_path / "a.lock")
    assert lock.acquire(timeout=30)
    lock.release()
    assert not is_held(tmp_path / "a.lock")


def test_a_missing_file_is_held_by_nobody(tmp_path):
    assert not is_held(tmp_path / "none.lock")
    assert not (tmp_path / "none.lock").exists()
