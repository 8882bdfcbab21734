"""What Windows needs to be told about a process without a window. A no-op elsewhere.

Facts from Microsoft's documentation of job objects, SetProcessInformation and timeBeginPeriod.
"""

from __future__ import annotations

import ctypes
import logging
import sys

logger = logging.getLogger(__name__)

_JOB_EXTENDED_LIMIT = 9  # JobObjectExtendedLimitInformation
_KILL_ON_JOB_CLOSE = 0x2000
_BREAKAWAY_OK = 0x800
_POWER_THROTTLING = 4  # ProcessPowerThrottling
_EXECUTION_SPEED = 0x1
_IGNORE_TIMER_RESOLUTION = 0x4
# The first build of Windows 11. Earlier ones refuse the whole call when they are given that switch.
_WINDOWS_11 = 22_000

# The job ends with its last handle, and that is this one: it must live as long as the process.
_job: int | None = None


def prepare() -> None:
    """Put this process and whatever it starts into a job that dies with it, and opt out of the
    throttling that slows the timers of hidden processes. Failures are logged, never raised."""
    if sys.platform != "win32":
        return
    for step in (_join_job, _refuse_throttling):
        try:
            step()
        except (OSError, AttributeError) as error:
            logger.warning("%s: %s", step.__name__.strip("_"), error)


class _BasicLimits(ctypes.Structure):
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


class _ExtendedLimits(ctypes.Structure):
    _fields_ = [
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


class _Throttling(ctypes.Structure):
    _fields_ = [
        ("Version", ctypes.c_uint32),
        ("ControlMask", ctypes.c_uint32),
        ("StateMask", ctypes.c_uint32),
    ]


def _kernel32():
    if sys.platform != "win32":
        raise NotImplementedError
    kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel32.CreateJobObjectW.restype = ctypes.c_void_p
    kernel32.CreateJobObjectW.argtypes = [ctypes.c_void_p, ctypes.c_wchar_p]
    kernel32.GetCurrentProcess.restype = ctypes.c_void_p
    kernel32.SetInformationJobObject.argtypes = [
        ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32,
    ]  # fmt: skip
    kernel32.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    kernel32.SetProcessInformation.argtypes = [
        ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32,
    ]  # fmt: skip
    return kernel32


def _check(result: object) -> None:
    if sys.platform != "win32":
        raise NotImplementedError
    if not result:
        raise ctypes.WinError(ctypes.get_last_error())


def _join_job() -> None:
    """Kill on close. A child stays inside unless it is started with CREATE_BREAKAWAY_FROM_JOB, as
    the user's editor is, which must outlive the app."""
    global _job
    kernel32 = _kernel32()
    job = kernel32.CreateJobObjectW(None, None)
    _check(job)
    limits = _ExtendedLimits()
    limits.BasicLimitInformation.LimitFlags = _KILL_ON_JOB_CLOSE | _BREAKAWAY_OK
    size = ctypes.sizeof(limits)
    _check(kernel32.SetInformationJobObject(job, _JOB_EXTENDED_LIMIT, ctypes.byref(limits), size))
    # Jobs nest since Windows 8, so one that the launcher put us into is no obstacle.
    _check(kernel32.AssignProcessToJobObject(job, kernel32.GetCurrentProcess()))
    _job = job


def _throttling(build: int) -> int:
    """The kinds of throttling that this build of Windows can be asked to leave out."""
    return _EXECUTION_SPEED | (_IGNORE_TIMER_RESOLUTION if build >= _WINDOWS_11 else 0)


def _refuse_throttling() -> None:
    if sys.platform != "win32":
        raise NotImplementedError
    kernel32 = _kernel32()
    # In the control mask and not in the state mask: switched off, not left to the system.
    state = _Throttling(1, _throttling(sys.getwindowsversion().build), 0)
    _check(
        kernel32.SetProcessInformation(
            kernel32.GetCurrentProcess(),
            _POWER_THROTTLING,
            ctypes.byref(state),
            ctypes.sizeof(state),
        )
    )
    ctypes.WinDLL("winmm").timeBeginPeriod(1)
