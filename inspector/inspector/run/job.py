"""A job object around a child on Windows: what it starts ends with it, and memory has a limit.

Facts from Microsoft's documentation of `NtResumeProcess`. Not used elsewhere.
"""

from __future__ import annotations

import subprocess
import sys

from djdesk.desktop import windows_job

SUSPENDED = 0x4  # creation flag: nothing runs before the process is in the job
MEMORY = 4 * 2**30  # bytes, of all processes of one inspection


def limits(memory: int = MEMORY) -> windows_job.ExtendedLimits:
    """Kill on close, no breakaway flag: nothing inside can leave the job."""
    return windows_job.limits(windows_job.KILL_ON_CLOSE | windows_job.DIE_ON_EXCEPTION, memory)


class Job:
    """``hold`` puts a suspended process in and lets it run; ``end`` kills all that is inside."""

    def __init__(self) -> None:
        self.handle: int | None = None

    def hold(self, process: subprocess.Popen[bytes]) -> None:
        """Raises OSError when the process cannot be put into the job; it does not run then."""
        if sys.platform != "win32":
            return
        child = int(process._handle)  # type: ignore[attr-defined,unused-ignore]
        self.handle = windows_job.create(limits())
        windows_job.put(self.handle, child)
        _resume(child)

    def end(self) -> None:
        if sys.platform != "win32" or self.handle is None:
            return
        # The last handle: closing it ends every process in the job.
        handle, self.handle = self.handle, None
        windows_job.close(handle)


def _resume(process: int) -> None:
    if sys.platform != "win32":
        raise NotImplementedError
    import ctypes

    resume = ctypes.WinDLL("ntdll").NtResumeProcess
    resume.restype = ctypes.c_long
    resume.argtypes = [ctypes.c_void_p]
    if resume(process) < 0:
        raise OSError("the process could not be resumed")
