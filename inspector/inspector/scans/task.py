"""The scan task: runs the engine and stores its events as they arrive."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_never

from django.db import transaction
from django.db.models import F

from djdesk.desktop import worker
from djdesk.messages import say

from ..commands.trusted import chosen_interpreter
from ..events import EndEvent, Event, ProjectEvent, SectionEvent, StageEvent
from ..models import Preferences, Scan, Section
from ..stopping import Stop
from . import secret_handoff
from .tree import tree

STAGE_INTERVAL = 0.1  # seconds between two updates of stage and progress

logger = logging.getLogger(__name__)

CLOSED = {
    "message": say("The app was closed or restarted while this scan was running."),
    "hint": say("Scan again. Results received so far are kept."),
}
DIED = {
    "message": say("The background worker ended before this scan did."),
    "hint": say("Scan again. The log says why the worker ended: Help, Logs."),
}

NO_END = {
    "message": say("The scan stopped without giving a reason."),
    "hint": say("Scan again. The log has the details: Help, Logs."),
}


def drive(scan: Scan) -> None:
    """Run a scan that has been started to its end."""
    _Run(scan).drive()


def interrupted(sender: object, task_result: Any, **kwargs: object) -> None:
    """Receiver of ``task_interrupted``: a scan must not stay "Running" when no task runs it."""
    for scan in Scan.objects.active().filter(task_id=str(task_result.id)):
        scan.end(Scan.Status.INTERRUPTED, DIED)


class _Run:
    """One run of the engine."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.events: list[Event] = []  # sections so far, for the summary
        self._stop = Stop(scan)
        self._staged = 0.0
        self._pending: dict[str, Any] = {}

    def drive(self) -> None:
        from djdesk.projects.discovery.project import DiscoveryError, find_project

        from ..engine import Options, inspect

        project = self.scan.project
        # Before any file is read: a later change is a reason to scan again.
        self._keep_tree()
        python = project.python or None
        module = project.settings_module or None
        try:
            discovered = find_project(Path(project.path), python=python, settings=module)
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
        chosen = chosen_interpreter(discovered.as_dict())
        preferences = Preferences.load()
        # Trust covers one interpreter only. Another one must be trusted separately.
        trusted = project.trusts(chosen["path"] if chosen else None)
        trust = self.scan.trusted and trusted and preferences.runs_code
        if trust != self.scan.trusted:
            self.scan.change(trusted=trust)
        # Always fetched: values not used now must not wait for another scan.
        secrets = secret_handoff.take(project)
        options = Options(
            trust=trust,
            time_limit=float(preferences.scan_limit),
            section_limit=float(preferences.section_limit),
            env=project.env | secrets,
            use_env_example=project.use_env_example,
            private_copy=project.private_copy,
            forgotten=tuple(name for name in project.asked_names if name not in secrets),
            connect_to=tuple(self.scan.connect_to) if trust else (),
            sandbox=not self.scan.without_sandbox,
        )
        for event in inspect(discovered, options, self.cancelled):
            self._take(event)
        # No scan may stay "Running" without a task.
        self.scan.end(Scan.Status.FAILED, NO_END)

    def cancelled(self) -> bool:
        """Polled by the engine: whether the user cancelled or the app is closing."""
        self._flush()
        return self._stop()

    def _keep_tree(self) -> None:
        self.scan.change(tree=tree(Path(self.scan.project.path)))

    def _take(self, event: Event) -> None:
        if event["event"] == "project":
            self._on_project(event)
        elif event["event"] == "stage":
            self._on_stage(event)
        elif event["event"] == "section":
            self._on_section(event)
        elif event["event"] == "end":
            self._on_end(event)
        else:
            assert_never(event)

    def _on_project(self, event: ProjectEvent) -> None:
        self.events.append(event)
        self.scan.change(discovered=event["data"])

    def _on_stage(self, event: StageEvent) -> None:
        self._pending = {"stage": event["text"][:500], "progress": event["progress"]}
        self._flush()

    def _on_section(self, event: SectionEvent) -> None:
        from ..facts import snapshot, summarize

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
                    "seconds": event["seconds"],
                    "data": event.get("data"),
                    "error": event.get("error"),
                },
            )
        self._pending = {}

    def _on_end(self, event: EndEvent) -> None:
        status: str = event["status"]
        error: Mapping[str, Any] | None = event["error"]
        if status == "cancelled" and worker.stopping.is_set() and not self.scan.was_stopped():
            status, error = str(Scan.Status.INTERRUPTED), CLOSED
        if event["changed"]:
            self._keep_tree()  # a change the project made to itself is no reason to scan again
        meaning = self._meaning() if status in Scan.RESULTS else {}
        self.scan.end(status, error, changed=event["changed"], **meaning)

    def _meaning(self) -> dict[str, Any]:
        """Findings, and differences from the last results. The scan succeeds even if these fail."""
        from .. import facts
        from ..pages.history import counted, snapshot_of
        from ..pages.latest_results import open_findings

        found: dict[str, Any] = {}
        try:
            new = facts.snapshot(self.events)
            found["findings"] = facts.findings_of(new)
            earlier = Scan.objects.with_results().filter(project=self.scan.project)
            old = earlier.filter(pk__lt=self.scan.pk).order_by("-pk").first()
            # Compared with a scan that did not run the project, most findings would be new.
            if old and old.trusted == self.scan.trusted:
                found["findings"] = facts.new_first(found["findings"], old.findings)
            # Reload: the user may have dismissed a finding during the scan.
            self.scan.project.refresh_from_db(fields=["dismissed"])
            self.scan.findings = found["findings"]
            shown = open_findings(self.scan, self.scan.project)
            severities = Counter(one["severity"] for one in shown)
            found["summary"] = facts.summarize(new) | {"attention": dict(severities)}
            if old:
                difference = facts.diff(snapshot_of(old), new)
                found["differences"] = counted(difference)
                found["compared_with"] = old
                # Keep the number of that scan for when it is deleted.
                found["summary"]["compared_with"] = old.pk
        except Exception:
            logger.exception("what scan %s found could not be weighed", self.scan.pk)
        return found

    def _flush(self) -> None:
        """Store the latest stage, at most ten times a second."""
        now = time.monotonic()
        if not self._pending or now - self._staged < STAGE_INTERVAL:
            return
        self._staged = now
        rows = Scan.objects.filter(pk=self.scan.pk, status=Scan.Status.RUNNING)
        # Keep "Cancelling" until the scan has ended.
        rows.filter(cancel_requested=False).update(revision=F("revision") + 1, **self._pending)
        self._pending = {}
