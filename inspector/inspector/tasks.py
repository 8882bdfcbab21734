"""The background task that drives the engine and stores what it yields, as it arrives."""

from __future__ import annotations

import logging
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.tasks import task
from django.utils import translation

from djdesk.desktop import worker
from djdesk.desktop.tasks import Ended, asked_to_end
from djdesk.projects.wording import say

from . import handover
from .models import Command, Export, Preferences, Scan, Section
from .run import sandbox

STAGE_INTERVAL = 0.1  # seconds between two writes of stage or progress
CANCEL_INTERVAL = 0.1  # seconds between two looks at the Cancel flag

logger = logging.getLogger(__name__)

# What a project runs in must not show it the data of this app.
sandbox.own_data = [Path(settings.DATA_DIR)]

CLOSED = {
    "message": say("The app was closed or started again while this scan was running."),
    "hint": say("Scan again. What had arrived before is kept."),
}
DIED = {
    "message": say("The background worker ended before this scan did."),
    "hint": say("Scan again. The log says why the worker ended: Help, Logs."),
}

NO_END = {
    "message": say("The inspection stopped without saying why."),
    "hint": say("Scan again. The log has the details: Help, Logs."),
}


@task()
def run_scan(scan_id: int) -> str:
    """Run one queued scan to its end; returns the status that it ended with."""
    scan = Scan.objects.select_related("workspace").filter(pk=scan_id).first()
    if scan is None or not scan.begin():
        return "skipped"
    from .stages import spare

    try:
        spare.prepare()  # it starts while the project is looked for
        _Run(scan).drive()
    except Ended:
        scan.end(Scan.Status.CANCELLED)
    except Exception as error:
        logger.exception("scan %s failed", scan_id)
        scan.end(
            Scan.Status.FAILED,
            {
                "message": say("The inspection itself met an error that it did not expect."),
                "hint": say("The project was not changed. The log has the details: Help, Logs."),
                "trace": [f"{type(error).__name__}: {error}"],
            },
        )
    if not worker.stopping.is_set():
        spare.prepare()  # whoever has scanned soon scans again
    if Scan.objects.filter(pk=scan_id, again=True).exists() and not worker.stopping.is_set():
        scan.workspace.refresh_from_db()
        Scan.objects.request(scan.workspace)
    return str(scan.status)


@task(queue_name="commands")
def run_command(command_id: int) -> str:
    """Run one queued command to its end; returns the status that it ended with."""
    from .commands.task import drive

    command = Command.objects.select_related("workspace").filter(pk=command_id).first()
    if command is None or not command.begin():
        return "skipped"
    try:
        drive(command)
    except Ended:
        command.end(Command.Status.STOPPED)
    except Exception:
        logger.exception("command %s failed", command_id)
        command.end(
            Command.Status.FAILED,
            reason=say("Running it met an error that was not expected. The log has the details."),
        )
    return str(command.status)


@task(queue_name="exports")
def run_export(export_id: int, language: str = "en") -> str:
    """Make one queued file in the language of who asked for it; returns how it ended."""
    from .exports.task import drive

    export = (
        Export.objects.select_related("workspace", "scan", "compared_with")
        .filter(pk=export_id)
        .first()
    )
    if export is None or not export.begin():
        return "skipped"
    try:
        with translation.override(language):
            drive(export)
    except Ended:
        export.end(Export.Status.CANCELLED)
    except Exception:
        logger.exception("export %s failed", export_id)
        export.end(
            Export.Status.FAILED,
            reason=say("Making it met an error that was not expected. The log has the details."),
        )
    return str(export.status)


@task(queue_name="exports")
def ask_readiness(scan_id: int) -> str:
    """Ask what the project of a scan needs to become a desktop app, and keep it with the scan."""
    from . import readiness

    scan = Scan.objects.select_related("workspace").filter(pk=scan_id).first()
    if scan is None:
        return "skipped"
    begun = time.monotonic()
    found: dict[str, Any] = {"ok": True}
    try:
        found["data"] = readiness.ask(scan.workspace.path, scan.workspace.settings_module)
    except readiness.CannotSay as reason:
        found = {"ok": False, "error": {"message": str(reason), "hint": "", "trace": []}}
    found["seconds"] = round(time.monotonic() - begun, 2)
    source = Section.Source.STATIC
    Section.objects.update_or_create(
        scan=scan, name=readiness.SECTION, source=source, defaults=found
    )
    return "done" if found["ok"] else "failed"


def scan_interrupted(sender: object, task_result: Any, **kwargs: object) -> None:
    """Receiver of ``task_interrupted``: a scan must not say Running when nothing runs it."""
    for scan in Scan.objects.active().filter(task_id=str(task_result.id)):
        scan.end(Scan.Status.INTERRUPTED, DIED)


class _Run:
    """One drive of the engine."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.events: list[dict[str, Any]] = []  # sections so far, for the summary
        self._asked = 0.0
        self._cancelled = False
        self._staged = 0.0
        self._pending: dict[str, Any] = {}

    def drive(self) -> None:
        from djdesk.projects.discovery.project import DiscoveryError, find_project

        from .engine import Options, inspect

        workspace = self.scan.workspace
        python = workspace.python or None
        module = workspace.settings_module or None
        try:
            project = find_project(Path(workspace.path), python=python, settings=module)
        except DiscoveryError as error:
            self.scan.end(
                Scan.Status.FAILED,
                {
                    "message": error.reason,
                    "hint": say("The folder may have been moved, or its drive is not connected."),
                    "looked_for": list(error.looked_for),
                    "found": list(error.found),
                },
            )
            return
        chosen = chosen_interpreter(project.as_dict())
        preferences = Preferences.load()
        # Trust was given to one interpreter. Another one needs to be trusted by itself.
        trusted = workspace.trusts(chosen["path"] if chosen else None)
        trust = self.scan.trusted and trusted and preferences.runs_code
        if trust != self.scan.trusted:
            self.scan.change(trusted=trust)
        # Fetched in any case: what is not used now must not wait for another scan.
        secrets = handover.take(workspace)
        options = Options(
            trust=trust,
            time_limit=float(preferences.scan_limit),
            section_limit=float(preferences.section_limit),
            env=workspace.env | secrets,
            use_env_example=workspace.use_env_example,
            private_copy=workspace.private_copy,
            forgotten=tuple(name for name in workspace.asked_names if name not in secrets),
            ask=tuple(self.scan.ask) if trust else (),
            jail=not self.scan.without_jail,
        )
        for event in inspect(project, options, self.cancelled):
            getattr(self, f"_on_{event['event']}", self._on_unknown)(event)
        # Nothing may stay Running without somebody who runs it.
        self.scan.end(Scan.Status.FAILED, NO_END)

    def cancelled(self) -> bool:
        """Asked by the engine, often: whether the user or the end of the app wants it to stop."""
        self._flush()
        now = time.monotonic()
        if not self._cancelled and now - self._asked >= CANCEL_INTERVAL:
            self._asked = now
            # A scan whose workspace was removed meanwhile is wanted by nobody.
            wanted = Scan.objects.filter(pk=self.scan.pk, cancel_requested=False).exists()
            self._cancelled = not wanted
        return self._cancelled or asked_to_end() or worker.stopping.is_set()

    def _on_project(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        self.scan.change(project=event["data"])

    def _on_stage(self, event: dict[str, Any]) -> None:
        self._pending = {"stage": event["text"][:500], "progress": event.get("progress")}
        self._flush()

    def _on_section(self, event: dict[str, Any]) -> None:
        from .facts import snapshot, summarize

        self.events.append(event)
        summary = summarize(snapshot(self.events))
        with transaction.atomic():
            if not self.scan.change(summary=summary, **self._pending):
                return
            Section.objects.update_or_create(
                scan=self.scan,
                name=event["name"],
                source=event["source"],
                defaults={
                    "ok": event["ok"],
                    "seconds": event.get("seconds") or 0,
                    "data": event.get("data"),
                    "error": event.get("error"),
                },
            )
        self._pending = {}

    def _on_end(self, event: dict[str, Any]) -> None:
        status, error = event["status"], event.get("error")
        if status == "cancelled" and worker.stopping.is_set() and not self._asked_to_cancel():
            status, error = Scan.Status.INTERRUPTED, CLOSED
        meaning = self._meaning() if status in Scan.RESULTS else {}
        self.scan.end(status, error, changed=event.get("changed") or [], **meaning)
        if status in Scan.RESULTS:
            ask_readiness.enqueue(self.scan.pk)

    def _meaning(self) -> dict[str, Any]:
        """Insights, and what differs from the last results. A scan is no worse for lacking them."""
        from . import facts
        from .pages.history import counted, snapshot_of
        from .pages.shown import open_findings

        found: dict[str, Any] = {}
        try:
            new = facts.snapshot(self.events)
            found["insights"] = facts.insights(new)
            # Not as this run began with it: somebody may have dismissed a finding meanwhile.
            self.scan.workspace.refresh_from_db(fields=["dismissed"])
            self.scan.insights = found["insights"]
            shown = open_findings(self.scan, self.scan.workspace)
            severities = Counter(one["severity"] for one in shown)
            found["summary"] = facts.summarize(new) | {"attention": dict(severities)}
            earlier = Scan.objects.with_results().filter(workspace=self.scan.workspace)
            if old := earlier.filter(pk__lt=self.scan.pk).order_by("-pk").first():
                difference = facts.diff(snapshot_of(old), new)
                found["differences"] = counted(difference)
                found["compared_with"] = old
        except Exception:
            logger.exception("what scan %s found could not be weighed", self.scan.pk)
        return found

    def _on_unknown(self, event: dict[str, Any]) -> None:
        logger.warning("the engine sent an event that is not known here: %s", event.get("event"))

    def _asked_to_cancel(self) -> bool:
        rows = Scan.objects.filter(pk=self.scan.pk, cancel_requested=True)
        return asked_to_end() or rows.exists()

    def _flush(self) -> None:
        """Write the newest stage, at most ten times a second."""
        now = time.monotonic()
        if not self._pending or now - self._staged < STAGE_INTERVAL:
            return
        self._staged = now
        rows = Scan.objects.filter(pk=self.scan.pk, status=Scan.Status.RUNNING)
        # "Cancelling" stays until it is true.
        rows.filter(cancel_requested=False).update(revision=F("revision") + 1, **self._pending)
        self._pending = {}


def chosen_interpreter(project: dict[str, Any]) -> dict[str, Any] | None:
    """The interpreter that discovery marked as chosen, if there is a usable one."""
    for interpreter in project.get("interpreters") or []:
        if interpreter.get("chosen") and interpreter.get("usable"):
            return interpreter
    return None
