"""Windows settings for a process without a window. No-ops elsewhere.

Facts from Microsoft's documentation of SetProcessInformation and timeBeginPeriod.
"""

from __future__ import annotations

import ctypes
import logging
import sys

from .windows_job import BREAKAWAY_OK, KILL_ON_CLOSE, check, create, kernel32, limits, put

logger = logging.getLogger(__name__)

_POWER_THROTTLING = 4  # ProcessPowerThrottling
_EXECUTION_SPEED = 0x1
_IGNORE_TIMER_RESOLUTION = 0x4
# The first build of Windows 11. Earlier ones fail the whole call if it contains this flag.
_WINDOWS_11 = 22_000

# The job ends with its last handle, which is this one: keep it for the life of the process.
_job: int | None = None


def prepare() -> None:
    """Put this process and its children into a job object that ends with it, and opt out of the
    throttling that slows the timers of hidden processes. Failures are logged, never raised."""
    if sys.platform != "win32":
        return
    for step in (_join_job, _refuse_throttling):
        try:
            step()
        except (OSError, AttributeError) as error:
            logger.warning("%s: %s", step.__name__.strip("_"), error)


class _Throttling(ctypes.Structure):
    _fields_ = [
        ("Version", ctypes.c_uint32),
        ("ControlMask", ctypes.c_uint32),
        ("StateMask", ctypes.c_uint32),
    ]


def _join_job() -> None:
    """Kill on close. A child stays inside unless it is started with CREATE_BREAKAWAY_FROM_JOB, as
    the user's editor is, which must outlive the app."""
    global _job
    job = create(limits(KILL_ON_CLOSE | BREAKAWAY_OK))
    put(job, kernel32().GetCurrentProcess())
    _job = job


def _throttling(build: int) -> int:
    """The kinds of throttling that this Windows build can be asked to turn off."""
    return _EXECUTION_SPEED | (_IGNORE_TIMER_RESOLUTION if build >= _WINDOWS_11 else 0)


def _refuse_throttling() -> None:
    if sys.platform != "win32":
        raise NotImplementedError
    library = kernel32()
    # In the control mask but not the state mask: off, rather than decided by the system.
    state = _Throttling(1, _throttling(sys.getwindowsversion().build), 0)
    check(
        library.SetProcessInformation(
            library.GetCurrentProcess(),
            _POWER_THROTTLING,
            ctypes.byref(state),
            ctypes.sizeof(state),
        )
    )
    ctypes.WinDLL("winmm").timeBeginPeriod(1)
