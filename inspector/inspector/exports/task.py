"""Background task of an export: creates the file for a row."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from djdesk.desktop.tasks import Ended
from djdesk.messages import say

from ..lab import files
from ..lab.notebooks.data import NothingToCompare
from ..lab.scope import narrowed
from ..models import Export, Scan
from ..models.work import Work
from ..pages.history import snapshot_of
from ..stopping import Stop
from . import folder

if TYPE_CHECKING:
    from inspector.sections.scan import Snapshot

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The export was cancelled, or the app is closing."""


def drive(export: Export) -> None:
    """Create the file of an export that has been started, and store how it ended."""
    if export.scan is None:
        export.end(Export.Status.FAILED, reason=say("The scan for this export no longer exists."))
        return
    kind = files.KINDS[export.kind]
    place = folder.folder()
    try:
        step = _Step(export, kind.steps)
        step.say(say("Reading the scan"))
        snapshot = _snapshot(export, export.scan)
        old = _snapshot(export, export.compared_with) if export.compared_with else None
        size = files.write_file(kind, folder.path_of(export.name), snapshot, old, step)
    except Stopped:
        stopped = export.was_stopped()
        why = "" if stopped else say("The app was closed or restarted while it was being created.")
        export.end(Export.Status.CANCELLED if stopped else Export.Status.INTERRUPTED, reason=why)
    except NothingToCompare as error:
        export.end(Export.Status.FAILED, reason=str(error))
    except OSError as error:
        logger.exception("export %s could not be written", export.pk)
        export.end(Export.Status.FAILED, reason=files.sentence(error, place)[:1000])
    else:
        if not export.end(Export.Status.DONE, size=size):
            # The row was deleted with its project while the file was being written.
            folder.delete(export.name)


def _snapshot(export: Export, scan: Scan) -> Snapshot:
    snapshot = snapshot_of(scan)
    if export.own_only:
        snapshot = narrowed(snapshot)
    if export.kind != "snapshot":
        # For readers of the report and the notebooks; not part of the snapshot's schema.
        finished = scan.finished.astimezone().strftime("%Y-%m-%d %H:%M") if scan.finished else None
        more = {"finished": finished, "scope": "own" if export.own_only else "all"}
        return cast("Snapshot", {**snapshot, **more})
    return snapshot


class _Step:
    """Stores the current step, and raises Stopped when the export was cancelled."""

    def __init__(self, export: Export, steps: int) -> None:
        self._export = export
        self._stop = Stop(export, interval=0.0)
        self._steps = steps + 1
        self._done = 0

    def __call__(self, what: str) -> None:
        self.say(say("Writing: {what_text}", what_text=what))

    def say(self, what: str) -> None:
        share = self._done / self._steps
        self._done += 1
        try:
            if self._stop() or not self._export.write(Work.ACTIVE, stage=what, progress=share):
                raise Stopped
        except Ended:
            raise Stopped from None


def interrupted(sender: object, task_result: Any, **kwargs: object) -> None:
    """Receiver of ``task_interrupted``: an export must not stay in progress for ever."""
    for export in Export.objects.active().filter(task_id=str(task_result.id)):
        folder.sweep(export.name)
        export.end(
            Export.Status.INTERRUPTED,
            reason=say("The background worker ended before this was made."),
        )
