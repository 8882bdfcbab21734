"""Puts a child into a Windows job object: its descendants end with it, and its memory is limited.

Based on Microsoft's documentation of `NtResumeProcess`. Only used on Windows.
"""

from __future__ import annotations

import subprocess
import sys

from djdesk.desktop import windows_job

SUSPENDED = 0x4  # creation flag: the process does not run before it is in the job
MEMORY = 4 * 2**30  # bytes, for all processes of one inspection together


def limits(memory: int = MEMORY) -> windows_job.ExtendedLimits:
    """Kill on close and no breakaway: no process can leave the job."""
    return windows_job.limits(windows_job.KILL_ON_CLOSE | windows_job.DIE_ON_EXCEPTION, memory)


class Job:
    """``add`` adds a suspended process and resumes it; ``end`` kills every process in the job."""

    def __init__(self) -> None:
        self.handle: int | None = None

    def add(self, process: subprocess.Popen[bytes]) -> None:
        """Raises OSError when the process cannot be added to the job; it stays suspended then."""
        if sys.platform != "win32":
            return
        child = int(process._handle)  # type: ignore[attr-defined,unused-ignore]
        self.handle = windows_job.create(limits())
        windows_job.put(self.handle, child)
        _resume(child)

    def end(self) -> None:
        if sys.platform != "win32" or self.handle is None:
            return
        # Closing the last handle ends every process in the job.
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
