"""How jobs differ on other systems, whose APIs are stubbed."""

import io
import os
import signal
import subprocess
import sys
import types
import uuid

import psutil
import pytest

from djdesk.desktop.jobs import child, leftover_processes, machine, process
from djdesk.desktop.jobs.marks import Needs
from djdesk.desktop.jobs.process import JobProcess, how_it_died

NEEDS = Needs(2**29, cores=3)


class Popen:
    """Ends when told to; records how it was started and ended."""

    def __init__(self, words, **options):
        self.words, self.options = words, options
        self.pid = 2**22 + 5  # above Linux's maximum pid
        self.stdin, self.stdout = io.BytesIO(), io.BytesIO(b"")
        self.calls = []

    def terminate(self):
        self.calls.append("terminate")

    def wait(self):
        return 1


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Start a job as on ``platform``; returns it and the stub process."""

    def start(platform):
        monkeypatch.setattr(process, "sys", types.SimpleNamespace(
            platform=platform, executable=sys.executable, flags=sys.flags,
        ))  # fmt: skip
        for number, name in enumerate(("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP")):
            monkeypatch.setattr(subprocess, name, 1 << number, raising=False)
        monkeypatch.setattr(subprocess, "Popen", Popen)
        monkeypatch.setattr(leftover_processes, "end", lambda *_: 0)
        job = JobProcess(str(uuid.uuid4()), NEEDS, tmp_path)
        job.start({"contract": 1})
        stand_in = job._process
        return job, stand_in

    return start


def test_on_windows_a_job_has_no_window_and_a_group_of_its_own(started):
    job, stand_in = started("win32")
    assert stand_in.options["creationflags"] == 3
    assert "process_group" not in stand_in.options
    assert job.over.wait(10)
    assert job.code == 1


def test_on_windows_the_process_is_ended_and_its_job_object_ends_the_rest(started, monkeypatch):
    monkeypatch.setattr(JobProcess, "_wait", lambda *_: None)  # it does not exit by itself
    job, stand_in = started("win32")
    job.kill()
    assert stand_in.calls == ["terminate"]


def test_on_macos_the_group_is_ended_after_its_leader(started, monkeypatch):
    ended = []
    monkeypatch.setattr(os, "killpg", lambda group, number: ended.append((group, number)))
    job, stand_in = started("darwin")
    assert stand_in.options["process_group"] == 0
    assert job.over.wait(10)
    assert ended == [(stand_in.pid, 9)]
    job.kill()
    assert len(ended) == 1, "the number of a group that is gone may be somebody else's"


def test_a_job_is_marked_and_kept_to_its_cores(started):
    job, stand_in = started("win32")
    environment = stand_in.options["env"]
    assert environment[leftover_processes.MARK] == str(job.folder)
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "3"
    assert stand_in.words[-3:] == ["djdesk.desktop", "job", job.key]


def test_on_windows_a_job_gives_way_to_everything_else(monkeypatch):
    asked = []
    monkeypatch.setattr(machine.sys, "platform", "win32")
    monkeypatch.setattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 16384, raising=False)
    monkeypatch.setattr(psutil.Process, "nice", lambda self, value: asked.append(value))
    machine.be_modest()
    assert asked == [16384]


def test_where_nothing_of_it_can_be_had_a_job_runs_all_the_same(monkeypatch):
    def refused(*_):
        raise PermissionError

    monkeypatch.setattr(machine.sys, "platform", "darwin")
    monkeypatch.setattr(os, "nice", refused, raising=False)
    machine.be_modest()


@pytest.mark.skipif(os.name != "posix", reason="process groups of POSIX")
def test_a_job_whose_worker_is_gone_has_a_moment_and_then_takes_its_group_along(monkeypatch):
    ended = []
    monkeypatch.setattr(child, "ALONE", 0.01)
    monkeypatch.setattr(os, "getpgid", lambda _: os.getpid())
    monkeypatch.setattr(os, "killpg", lambda group, number: ended.append((group, number)))
    monkeypatch.setattr(os, "_exit", lambda code: ended.append(code))
    monkeypatch.setattr(child.job, "stop", lambda: ended.append("asked"))
    child._alone()
    assert ended == ["asked", (0, signal.SIGKILL), 1]


def test_the_end_of_a_process_in_words():
    assert how_it_died(3) == "exit code 3"
    if os.name == "posix":
        assert how_it_died(-11) == "signal 11 (SIGSEGV)"
        assert how_it_died(-200) == "signal 200"
