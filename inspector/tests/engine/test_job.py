"""Windows job objects: checks that work anywhere, and a real one where available."""

import ctypes
import subprocess
import sys

import pytest

from inspector.run import job


def test_limits_kill_on_close_and_cap_memory():
    found = job.limits(2**20)
    flags = found.BasicLimitInformation.LimitFlags
    assert flags == 0x2000 | 0x200 | 0x400 and found.JobMemoryLimit == 2**20
    assert not flags & (0x800 | 0x1000), "nothing may break away"


def test_a_size_that_does_not_fit_is_the_largest_that_does():
    largest = 2 ** (8 * ctypes.sizeof(ctypes.c_size_t)) - 1
    assert job.limits(2**80).JobMemoryLimit == largest


@pytest.mark.skipif(sys.platform == "win32", reason="elsewhere it must do nothing")
def test_elsewhere_it_does_nothing():
    held = job.Job()
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        held.add(process)
        held.end()
    assert held.handle is None and process.returncode == 0


@pytest.mark.skipif(sys.platform != "win32", reason="job objects are Windows'")
def test_what_a_child_starts_ends_with_its_job():
    program = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    argv = [sys.executable, "-c", program]
    held = job.Job()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, creationflags=job.SUSPENDED) as process:
        held.add(process)
        assert process.stdout is not None and process.stdout.readline().strip().isdigit()
        held.end()
        process.wait(5)
        # The grandchild held the pipe, too: the read ends only when both are gone.
        assert process.stdout.read() == b""
