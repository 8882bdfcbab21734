"""Structures whose size Windows checks; the calls themselves run on Windows only."""

import ctypes
import sys

import pytest

from djdesk.desktop import windows, windows_job


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of a 64-bit system")
def test_structures_have_the_documented_sizes():
    assert ctypes.sizeof(windows_job.BasicLimits) == 64
    assert ctypes.sizeof(windows_job.ExtendedLimits) == 144
    assert ctypes.sizeof(windows._Throttling) == 12


@pytest.mark.skipif(sys.platform == "win32", reason="elsewhere it must do nothing")
def test_elsewhere_it_does_nothing():
    windows.prepare()
    assert windows._job is None


@pytest.mark.skipif(sys.platform != "win32", reason="job objects are Windows'")
def test_a_child_dies_with_its_parent_on_windows():
    import subprocess

    import psutil

    program = (
        "import subprocess, sys, time; from djdesk.desktop import windows; windows.prepare();"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(5)


def test_the_switch_of_windows_11_is_not_asked_of_windows_10():
    assert windows._throttling(19045) == 0x1
    assert windows._throttling(22000) == 0x1 | 0x4
