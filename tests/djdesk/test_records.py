"""Processes left by an earlier launch are ended; those not provably ours are left alone."""

import dataclasses
import json
import subprocess
import sys

import psutil
import pytest

from djdesk.desktop import records
from djdesk.desktop.records import Record

SLEEPER = "import sys; sys.stdin.read()"


@pytest.fixture
def process():
    with subprocess.Popen([sys.executable, "-c", SLEEPER], stdin=subprocess.PIPE) as started:
        yield started
        started.kill()


@pytest.fixture
def gone():
    """Pid and start time of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", SLEEPER], stdin=subprocess.PIPE) as started:
        born = psutil.Process(started.pid).create_time()
        started.kill()
    return started.pid, born


def write(folder, record):
    records.folder(folder).mkdir(exist_ok=True)
    path = records.folder(folder) / f"x-{record.pid}.json"
    path.write_text(json.dumps(dataclasses.asdict(record)))
    return path


def of(process, shell, **changes):
    born = psutil.Process(process.pid).create_time()
    values = {
        "pid": process.pid, "started": born, "kind": "server", "launch_id": "0",
        "shell_pid": shell[0], "shell_started": shell[1],
    }  # fmt: skip
    return Record(**values | changes)


def test_an_orphan_is_ended(tmp_path, process, gone):
    path = write(tmp_path, of(process, gone))
    assert [record.pid for record in records.sweep(tmp_path)] == [process.pid]
    assert process.wait(10) is not None
    assert not path.exists()


def test_a_process_whose_shell_lives_is_left_alone(tmp_path, process):
    me = psutil.Process()
    path = write(tmp_path, of(process, (me.pid, me.create_time())))
    assert records.sweep(tmp_path) == []
    assert process.poll() is None
    assert path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pid 1 is POSIX")
def test_a_process_that_init_has_taken_over_is_ended(tmp_path, process):
    """Its record names pid 1 as its shell, which always runs and never started anything of ours."""
    init = (1, psutil.Process(1).create_time())
    write(tmp_path, of(process, init))
    assert [record.pid for record in records.sweep(tmp_path)] == [process.pid]
    assert process.wait(10) is not None


def test_the_same_pid_with_another_start_time_is_somebody_else(tmp_path, process, gone):
    born = psutil.Process(process.pid).create_time()
    path = write(tmp_path, of(process, gone, started=born - 3600))
    assert records.sweep(tmp_path) == []
    assert process.poll() is None
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", '{"pid": null}', '{"pid": 0}', '{"pid": 1}', '{"pid": -1}'],
)
def test_a_record_that_proves_nothing_ends_nothing(tmp_path, text):
    records.folder(tmp_path).mkdir()
    fields = {"started": 0, "kind": "x", "launch_id": "", "shell_pid": 0, "shell_started": 0}
    if text.startswith('{"pid"'):
        text = json.dumps(json.loads(text) | fields)
    for find in (records.read, records.sweep):
        (records.folder(tmp_path) / "odd.json").write_text(text)
        assert find(tmp_path) == []


def test_our_own_record_names_this_process_and_its_parent(tmp_path):
    records.write(tmp_path, "server", "f" * 16)
    ((_, record),) = records.read(tmp_path)
    me = psutil.Process()
    assert (record.pid, record.shell_pid) == (me.pid, me.ppid())
    assert records.is_running(record.pid, record.started)
    assert records.sweep(tmp_path) == []
