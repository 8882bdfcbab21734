"""Tells a task whether to stop: the user cancelled, or the app is closing."""

from __future__ import annotations

import time

from djdesk.desktop import worker
from djdesk.desktop.tasks import asked_to_end

from .models.work import Work

INTERVAL = 0.1  # seconds between database queries


class Stop:
    """Called often while a scan or command runs; stays True once it must end."""

    def __init__(self, work: Work, interval: float | None = None) -> None:
        # A row that was deleted meanwhile, with its project, counts as cancelled.
        self._rows = type(work)._default_manager.filter(pk=work.pk, cancel_requested=False)
        self._interval = INTERVAL if interval is None else interval
        self._asked = 0.0
        self._stop = False

    def __call__(self) -> bool:
        now = time.monotonic()
        if not self._stop and now - self._asked >= self._interval:
            self._asked = now
            self._stop = not self._rows.exists()
        return self._stop or asked_to_end() or worker.stopping.is_set()
