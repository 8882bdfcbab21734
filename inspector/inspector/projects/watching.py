"""Rescans a project when its files change, as long as one of its pages is open.

Only for projects with the switch on (`Project.watch`). One server thread polls the files; it ends
when no page is open. It requests a scan only if the files differ from those at the start of the
last scan, so a failed scan is not repeated for nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from django.db import Error, connection

from ..models import Project, Scan
from ..scans.tree import tree
from ..tasks import queue_scan

LOOK = 1.0  # seconds between polls
SHARE = 0.05  # maximum share of time spent on polling a very large folder
OPEN = 40.0  # seconds for which a page counts as open after its event stream was last alive

logger = logging.getLogger(__name__)


class Watcher:
    """Tracks which projects have an open page, and runs the polling thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[int, float] = {}
        self._settling: dict[int, str] = {}
        self._thread: threading.Thread | None = None

    def is_open(self, project: Project) -> None:
        """Note that one of its pages is open; repeat within ``OPEN`` seconds."""
        with self._lock:
            self._open[project.pk] = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watching", daemon=True)
                self._thread.start()

    def look(self, pk: int) -> Scan | None:
        """Request a scan if the files changed. Waits until they look the same twice, so that files
        still being written are not scanned.
        """
        project = Project.objects.filter(pk=pk, watch=True).first()
        if project is None or not project.exists or project.scans.active().exists():
            self._settling.pop(pk, None)
            return None
        last = project.scans.order_by("-pk").first()
        if last is None:
            return None
        now = tree(Path(project.path))
        if now == last.tree:
            self._settling.pop(pk, None)
            return None
        if self._settling.get(pk) != now:
            self._settling[pk] = now
            return None
        del self._settling[pk]
        return queue_scan(project, watched=True)

    def _run(self) -> None:
        while pks := self._still_open():
            began = time.monotonic()
            for pk in pks:
                try:
                    self.look(pk)
                except Error:  # a locked database: try again at the next poll
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
