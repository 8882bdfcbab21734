"""``job``: the API for a heavy task's function while it runs."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import checkpoints, places

# Progress is sent this often at most.
EVERY = 0.4  # seconds


class Stopped(Exception):
    """Raise it in a job that was asked to stop, after cleaning up."""


class Current:
    """The job that this process runs. If a task is called directly, as in a test, a stand-in whose
    files are in a temporary folder that is deleted at exit."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._send: Callable[..., None] | None = None
        self._stop = threading.Event()
        self._latest: tuple[float | None, float | None, str] | None = None
        self._sent: object = None
        self._kept: float | None = None  # when the last checkpoint was saved
        self._restored: Any = None
        self._restored_from = ""
        self._looked = False
        self.heard_stop = False

    def progress(self, done: float | None, total: float | None = None, text: str = "") -> None:
        """Report progress: ``done`` of ``total``, and a few words. Costs almost nothing."""
        self._latest = (done, total, text)

    @property
    def cancelled(self) -> bool:
        """Whether to stop: the user stopped the job, or the app is closing. Save a checkpoint, then
        return or raise Stopped; the process is killed after 10 s."""
        if not self._stop.is_set():
            return False
        self.heard_stop = True
        return True

    @property
    def restored(self) -> Any:
        """The last readable checkpoint: the object, or a Path if it was a file. None
        for a new job."""
        if not self._looked:
            self._restored_from, self._restored = checkpoints.find(self.folder)
            self._looked = True
        return self._restored

    def checkpoint(self, value: Any, *, every: float = 0.0) -> None:
        """Save ``value`` (anything picklable, or the Path of a file) to resume from. It is on disk
        when this returns. With ``every``, it is skipped if the last one is less than that many
        seconds old, unless the job is being stopped."""
        now = time.monotonic()
        recent = self._kept is not None and now - self._kept < every
        if recent and not self._stop.is_set():
            return
        number = checkpoints.write(self.folder, value, keep=self._restored_from)
        self._restored_from = ""
        self._kept = time.monotonic()
        if self._send:
            self._send("checkpoint", number=number)

    def file(self, name: str) -> Path:
        """The path for a result file, which the job's page offers for download. Its
        folder exists.
        """
        path = places.file_of(self.folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def folder(self) -> Path:
        """A folder for this job alone."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="job-"))
            (self._folder / places.FILES).mkdir()
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    # Internal: for the process that runs a job (child.py).

    def begin(self, folder: Path, send: Callable[..., None]) -> None:
        self._folder = folder
        self._send = send
        threading.Thread(target=self._report, name="progress", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def flush(self) -> None:
        """Send the current progress."""
        latest = self._latest
        if latest is not None and latest is not self._sent and self._send:
            self._sent = latest
            done, total, text = latest
            self._send(
                "progress",
                done=None if done is None else float(done),
                total=None if total is None else float(total),
                text=str(text)[:300],
            )

    def _report(self) -> None:
        never = threading.Event()
        while not never.wait(EVERY):
            self.flush()


job = Current()
