"""Job objects of Windows: their processes end with the last handle.

Facts from Microsoft's documentation of job objects. The calls work on Windows only.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
KILL_ON_CLOSE = 0x2000
BREAKAWAY_OK = 0x800
JOB_MEMORY = 0x200
DIE_ON_EXCEPTION = 0x400  # no crash dialog


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


def limits(flags: int, memory: int = 0) -> ExtendedLimits:
    """``memory``: bytes for all processes of the job together; 0 for no limit."""
    found = ExtendedLimits()
    found.BasicLimitInformation.LimitFlags = flags | (JOB_MEMORY if memory else 0)
    # On 32-bit Python, cap the size at the largest that fits.
    found.JobMemoryLimit = min(memory, 2 ** (8 * ctypes.sizeof(ctypes.c_size_t)) - 1)
    return found


def create(wanted: ExtendedLimits) -> int:
    """A handle to a new job object, which lives as long as the handle. Raises OSError."""
    library = kernel32()
    job = library.CreateJobObjectW(None, None)
    check(job)
    size = ctypes.sizeof(wanted)
    check(library.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(wanted), size))
    return job


def put(job: int, process: int) -> None:
    """Assign the process with that handle to the job. Raises OSError.

    Job objects nest since Windows 8, so the process may already be in another one.
    """
    check(kernel32().AssignProcessToJobObject(job, process))


def close(job: int) -> None:
    kernel32().CloseHandle(job)


def kernel32() -> Any:
    if sys.platform != "win32":
        raise NotImplementedError
    library = ctypes.WinDLL("kernel32", use_last_error=True)
    library.CreateJobObjectW.restype = ctypes.c_void_p
    library.CreateJobObjectW.argtypes = [ctypes.c_void_p, ctypes.c_wchar_p]
    library.GetCurrentProcess.restype = ctypes.c_void_p
    for information in (library.SetInformationJobObject, library.SetProcessInformation):
        information.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32]
    library.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.CloseHandle.argtypes = [ctypes.c_void_p]
    return library


def check(result: object) -> None:
    """Raise the OSError of the last call if its ``result`` says that it failed."""
    if sys.platform != "win32":
        raise NotImplementedError
    if not result:
        raise ctypes.WinError(ctypes.get_last_error())
