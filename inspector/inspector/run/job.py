"""A job object around a child on Windows: what it starts ends with it, and memory has a limit.

Facts from Microsoft's documentation of job objects and of `NtResumeProcess`. Not used elsewhere.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys

SUSPENDED = 0x4  # creation flag: nothing runs before the process is in the job
EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
KILL_ON_CLOSE = 0x2000
JOB_MEMORY = 0x200
DIE_ON_EXCEPTION = 0x400  # no dialog about a crash
MEMORY = 4 * 2**30  # bytes, of all processes of one inspection


class BasicLimits(ctypes.Structure):
    _fields_ = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    ]


class ExtendedLimits(ctypes.Structure):
    _fields_ = [
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


def limits(memory: int = MEMORY) -> ExtendedLimits:
    """Kill on close, no breakaway flag: nothing inside can leave the job."""
    found = ExtendedLimits()
    found.BasicLimitInformation.LimitFlags = KILL_ON_CLOSE | JOB_MEMORY | DIE_ON_EXCEPTION
    # A size that does not fit (32-bit Python) is the largest that does.
    found.JobMemoryLimit = min(memory, 2 ** (8 * ctypes.sizeof(ctypes.c_size_t)) - 1)
    return found


class Job:
    """``hold`` puts a suspended process in and lets it run; ``end`` kills all that is inside."""

    def __init__(self) -> None:
        self.handle: int | None = None

    def hold(self, process: subprocess.Popen[bytes]) -> None:
        """Raises OSError when the process cannot be put into the job; it does not run then."""
        if sys.platform != "win32":
            return
        kernel32 = _library("kernel32")
        child = int(process._handle)  # type: ignore[attr-defined,unused-ignore]
        self.handle = kernel32.CreateJobObjectW(None, None)
        _check(self.handle)
        wanted = limits()
        size = ctypes.sizeof(wanted)
        _check(
            kernel32.SetInformationJobObject(
                self.handle, EXTENDED_LIMITS, ctypes.byref(wanted), size
            )
        )
        # Jobs nest since Windows 8: the app's own job around this one is no obstacle.
        _check(kernel32.AssignProcessToJobObject(self.handle, child))
        if _library("ntdll").NtResumeProcess(child) < 0:
            raise OSError("the process could not be resumed")

    def end(self) -> None:
        if sys.platform != "win32" or self.handle is None:
            return
        # The last handle: closing it ends every process in the job.
        handle, self.handle = self.handle, None
        _library("kernel32").CloseHandle(handle)


def _library(name: str):
    if sys.platform != "win32":
        raise NotImplementedError
    library = ctypes.WinDLL(name, use_last_error=True)
    if name == "ntdll":
        library.NtResumeProcess.restype = ctypes.c_long
        library.NtResumeProcess.argtypes = [ctypes.c_void_p]
        return library
    library.CreateJobObjectW.restype = ctypes.c_void_p
    library.CreateJobObjectW.argtypes = [ctypes.c_void_p, ctypes.c_wchar_p]
    library.SetInformationJobObject.argtypes = [
        *(ctypes.c_void_p, ctypes.c_int),
        *(ctypes.c_void_p, ctypes.c_uint32),
    ]
    library.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.CloseHandle.argtypes = [ctypes.c_void_p]
    return library


def _check(result: object) -> None:
    if sys.platform != "win32":
        raise NotImplementedError
    if not result:
        raise ctypes.WinError(ctypes.get_last_error())
