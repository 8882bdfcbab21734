"""When an update counts as good: the new version answered its start page, its worker ran a task,
and it stayed up for a while after that. Until then ``data_startup`` can restore the data and the
guardian the code (docs/update-contract.md). An answer from ``/health/`` proves none of this.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from djdesk.messages import say, with_messages

from . import background, data_startup, guardian, launch
from .guardian_files import read_json, write_json

logger = logging.getLogger(__name__)

LIVES = 20.0  # seconds since the first page
REHEARSED = 1.0  # the same during a rehearsal
REDIRECTS = (301, 302, 303, 307, 308)
# The runtime's own pages say nothing about the app.
OWN = ("/desktop/", "/health/")


class Gate:
    """What this server has seen of the new version so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False  # for the start page, whatever it redirects to
        self._page = 0.0  # when the first page was answered (monotonic)
        self._proofs: list[object] = []
        self._since = time.time()

    def saw(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Record that a page of the app was answered properly. Called for every request, so it is
        cheap.

        Any existing page counts, and so does any answer of the start page except an error: a login
        form, even a 404. Only the app's developers know what it should be.
        """
        if self._page or request.method != "GET" or request.path_info.startswith(OWN):
            return
        wanted = request.headers.get("Sec-Fetch-Dest", "document")
        if wanted != "document":
            return
        status = response.status_code
        self._asked = self._asked or request.path_info == "/"
        html = response.get("Content-Type", "").startswith("text/html")
        if (status == 200 and html) or (self._asked and status < 500 and status not in REDIRECTS):
            self._page = time.monotonic()

    def missing(self) -> list[str]:
        """Which of ``page``, ``task``, ``time`` is still missing. Raises CannotWork if the worker
        failed at its task.
        """
        found = [] if self._page else ["page"]
        with self._lock:
            if not self._worked():
                found.append("task")
        config = launch.current()
        lives = REHEARSED if config and config.rehearsal else LIVES
        if not self._page or time.monotonic() - self._page < lives:
            found.append("time")
        return found

    def _worked(self) -> bool:
        from django_tasks_db.models import DBTaskResult

        from . import proof

        if not self._proofs:
            # One per lane: some may be busy with long tasks.
            tasks = [proof.prove.using(queue_name=queue) for queue in proof.queues()]
            self._proofs = [task.enqueue().id for task in tasks]
        rows = list(DBTaskResult.objects.filter(pk__in=self._proofs))
        if any(row.status == "SUCCESSFUL" for row in rows):
            return True
        if rows and all(row.status == "FAILED" for row in rows):
            raise CannotWork(rows[0].exception_class_path or "")
        # All lanes are busy with tasks that they took after the update.
        return bool(DBTaskResult.objects.running().count() >= len(settings.WORKER_LANES))

    def clear(self) -> None:
        """Delete the tasks that this gate created."""
        from django_tasks_db.models import DBTaskResult

        with self._lock:
            proofs = DBTaskResult.objects.filter(pk__in=self._proofs)
            proofs.exclude(status="RUNNING").delete()
            self._proofs = []


class CannotWork(Exception):
    """The worker's test task failed."""


gate = Gate()


def on_trial(data_dir: Path) -> dict[str, object]:
    """The journal of an update that awaits confirmation, or an empty dict."""
    journal = read_json(data_dir / "updates" / "update.json")
    return journal if journal.get("state") in guardian.ON_TRIAL else {}


def is_open(data_dir: Path) -> bool:
    config = launch.current()
    if config and config.rehearsal:
        return True
    return data_startup.is_unconfirmed(data_dir) or bool(on_trial(data_dir))


# csrf_exempt: the shell posts this, authenticated by the token in the header.
@csrf_exempt
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Called once the shell shows a page of this version. 200: the update is good; 202: with what
    is still ``missing``; 409: with the ``reason`` why it failed."""
    data_dir = settings.DATA_DIR
    if not is_open(data_dir):
        return JsonResponse({"confirmed": True})
    journal = read_json(data_dir / "updates" / "update.json")
    if journal.get("state") == "rolling_back":
        reason = say("This version is being replaced by the previous one.")
        return JsonResponse(with_messages({"confirmed": False, "reason": reason}), status=409)
    try:
        missing = gate.missing()
    except CannotWork as error:
        reason = say("The background worker could not run a task ({error}).", error=error)
        return JsonResponse(with_messages({"confirmed": False, "reason": reason}), status=409)
    if missing:
        return JsonResponse({"confirmed": False, "missing": missing}, status=202)
    data_startup.confirm(data_dir)
    if trial := on_trial(data_dir):
        write_json(data_dir / "updates" / "confirmed.json", {"id": trial["id"], "at": time.time()})
    gate.clear()
    logger.info("this version works: the update is confirmed")
    return JsonResponse({"confirmed": True})


@require_safe
def running(request: HttpRequest) -> JsonResponse:
    """What a restart would interrupt: ``running`` tasks, and how many are ``waiting``."""
    from django_tasks_db.models import DBTaskResult

    works = [
        {
            "title": work.title,
            "since": work.since.isoformat() if work.since else None,
            "share": work.share,
            "resumable": work.resumable,
        }
        for work in background.running()
    ]
    return JsonResponse({"running": works, "waiting": DBTaskResult.objects.ready().count()})
