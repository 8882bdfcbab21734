"""Scans a project again when its files change, for as long as one of its pages is open.

Only for projects whose switch is on (`Workspace.watch`). One thread of the server looks at the
files; it ends when no page is open. It asks for a scan only where the files differ from those that
the last scan began with, so that a scan that failed is not repeated for nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from django.db import Error, connection

from .models import Scan, Workspace
from .scans.tree import tree
from .tasks import queue_scan

LOOK = 1.0  # seconds between two looks at the files
SHARE = 0.05  # of the time, which looking at a very large folder may take
OPEN = 40.0  # seconds that a page counts as open after its event stream was alive

logger = logging.getLogger(__name__)


class Watcher:
    """Which projects have an open page, and the thread that looks at them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[int, float] = {}
        self._settling: dict[int, str] = {}
        self._thread: threading.Thread | None = None

    def is_open(self, workspace: Workspace) -> None:
        """A page of it is there now; to be said again within ``OPEN`` seconds."""
        with self._lock:
            self._open[workspace.pk] = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
                self._thread.start()

    def look(self, pk: int) -> Scan | None:
        """The scan that is asked for, if there is a reason. Files that still change are waited for:
        they must look the same twice."""
        workspace = Workspace.objects.filter(pk=pk, watch=True).first()
        if workspace is None or not workspace.exists or workspace.scans.active().exists():
            self._settling.pop(pk, None)
            return None
        last = workspace.scans.order_by("-pk").first()
        if last is None:
            return None
        now = tree(Path(workspace.path))
        if now == last.tree:
            self._settling.pop(pk, None)
            return None
        if self._settling.get(pk) != now:
            self._settling[pk] = now
            return None
        del self._settling[pk]
        return queue_scan(workspace, watched=True)

    def _run(self) -> None:
        while pks := self._still_open():
            began = time.monotonic()
            for pk in pks:
                try:
                    self.look(pk)
                except Error:  # a locked database: the next look comes soon
                    logger.info("project %s could not be looked at", pk, exc_info=True)
                except Exception:
                    logger.exception("project %s could not be looked at", pk)
            connection.close()
            time.sleep(max(LOOK, (time.monotonic() - began) / SHARE))

    def _still_open(self) -> list[int]:
        with self._lock:
            since = time.monotonic() - OPEN
            self._open = {pk: when for pk, when in self._open.items() if when > since}
            if not self._open:
                self._thread = None
            return list(self._open)


watcher = Watcher()
