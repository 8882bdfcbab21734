"""The background tasks and the functions that queue them.

A row and its task are written in one transaction: neither exists without the other. Views and forms
import this module; models and the code that tasks run must not, to avoid an import circle.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.tasks import Task, task
from django.utils import timezone, translation
from django.utils.translation import get_language

from djdesk.desktop import worker
from djdesk.desktop.tasks import Ended
from djdesk.messages import say

from .models import Command, Export, Preferences, Project, Scan, Section
from .models.command import ENVIRONMENT, SQL
from .run import sandbox

if TYPE_CHECKING:
    from djdesk.projects.discovery.project import ProjectRow

logger = logging.getLogger(__name__)

# Hides the app's own data from projects in the sandbox.
sandbox.own_data = [Path(settings.DATA_DIR)]


def _drive(
    work: Any,
    drive: Callable[[Any], None],
    *,
    stopped: Any,
    failed: Callable[[Exception], dict[str, Any]],
) -> None:
    """Run the work to its end. ``stopped``: its status if it was cancelled. ``failed``: what to
    store on an unexpected error.
    """
    try:
        drive(work)
    except Ended:
        work.end(stopped)
    except Exception as error:
        logger.exception("%s %s failed", work._meta.model_name, work.pk)
        work.end("failed", **failed(error))


def _enqueue(work: Any, run: Task, *arguments: Any) -> None:
    """Queue the task of a row that was created in the same transaction."""
    work.task_id = str(run.enqueue(work.pk, *arguments).id)
    work.save(update_fields=["task_id"])


@task()
def run_scan(scan_id: int) -> str:
    """Run one queued scan to its end; returns its final status."""
    scan = Scan.objects.select_related("project").filter(pk=scan_id).first()
    if scan is None or not scan.begin():
        return "skipped"
    from .engine.stages import prewarmed
    from .scans.task import drive

    def prepared(scan: Scan) -> None:
        prewarmed.prepare()  # starts while discovery runs
        drive(scan)

    unexpected = {
        "message": say("The scan failed with an unexpected error in DJDesk."),
        "hint": say("The project was not changed. The log has the details: Help, Logs."),
    }
    _drive(
        scan,
        prepared,
        stopped=Scan.Status.CANCELLED,
        failed=lambda error: {
            "error": {**unexpected, "trace": [f"{type(error).__name__}: {error}"]}
        },
    )
    if not worker.stopping.is_set():
        prewarmed.prepare()  # a recent scan is often followed by another
    if scan.status in Scan.RESULTS:
        ask_readiness.enqueue(scan_id)
    if Scan.objects.filter(pk=scan_id, again=True).exists() and not worker.stopping.is_set():
        scan.project.refresh_from_db()
        if scan.project.removed is None:
            queue_scan(scan.project)
    return str(scan.status)


@task(queue_name="commands")
def run_command(command_id: int) -> str:
    """Run one queued command to its end; returns its final status."""
    from .commands.task import drive

    command = Command.objects.select_related("project").filter(pk=command_id).first()
    if command is None or not command.begin():
        return "skipped"
    reason = say("Running the command failed with an unexpected error. The log has the details.")
    _drive(command, drive, stopped=Command.Status.STOPPED, failed=lambda _: {"reason": reason})
    if command.preset == ENVIRONMENT and command.status == Command.Status.DONE:
        queue_scan_again(command.project)  # with the new environment
    return str(command.status)


@task(queue_name="exports")
def run_export(export_id: int, language: str = "en") -> str:
    """Create one queued file in the user's language; returns its final status."""
    from .exports.task import drive

    export = (
        Export.objects.select_related("project", "scan", "compared_with")
        .filter(pk=export_id)
        .first()
    )
    if export is None or not export.begin():
        return "skipped"
    reason = say("Creating the file failed with an unexpected error. The log has the details.")
    with translation.override(language):
        _drive(export, drive, stopped=Export.Status.CANCELLED, failed=lambda _: {"reason": reason})
    return str(export.status)


@task(queue_name="exports")
def ask_readiness(scan_id: int) -> str:
    """Find out what the project needs to become a desktop app, and store it with the scan."""
    from .projects import readiness

    scan = Scan.objects.select_related("project").filter(pk=scan_id).first()
    if scan is None:
        return "skipped"
    begun = time.monotonic()
    found: dict[str, Any] = {"ok": True}
    try:
        found["data"] = readiness.check(scan.project.path, scan.project.settings_module)
    except readiness.CannotSay as reason:
        found = {"ok": False, "error": {"message": str(reason), "hint": "", "trace": []}}
    found["seconds"] = round(time.monotonic() - begun, 2)
    source = Section.Source.STATIC
    Section.objects.update_or_create(
        scan=scan, name=readiness.SECTION, source=source, defaults=found
    )
    return "done" if found["ok"] else "failed"


@task()
def delete_removed() -> int:
    """Delete what was removed and can no longer be restored; returns how much."""
    from .projects import removal

    return removal.delete_due()


def remove_project(project: Project) -> None:
    """Put a project aside; delete it unless it is restored in time."""
    from .projects import removal

    with transaction.atomic():
        removal.put_aside(project)
        _delete_later()


def remove_export(export: Export) -> None:
    """Put a file aside. Raises OSError."""
    from .projects import removal

    with transaction.atomic():
        removal.put_file_aside(export)
        _delete_later()


def remove_environment(project: Project) -> None:
    """Put the environment we created aside. Raises OSError."""
    from .projects import environments

    environments.put_aside(project)
    _delete_later()


def tidy_exports(exports: list[Export]) -> None:
    """Put aside entries whose files are gone."""
    from .projects import removal

    with transaction.atomic():
        removal.put_entries_aside(exports)
        _delete_later()


def _delete_later() -> None:
    from .projects.removal import KEPT

    # One second later, so that the removal is due by then.
    delete_removed.using(run_after=timezone.now() + KEPT + timedelta(seconds=1)).enqueue()


def queue_scan(
    project: Project,
    *,
    discovered: ProjectRow | None = None,
    connect_to: list[str] | None = None,
    without_sandbox: bool = False,
    watched: bool = False,
) -> Scan:
    """Queue a scan, or return the one that is already queued or running.

    ``watched``: started by a changed file, not by the user, who then sees only the result.
    ``connect_to``: aliases of server databases that this scan may connect to. ``without_sandbox``:
    the user wants this scan to run the project with the guard alone.
    """
    found: Mapping[str, object] | None = discovered
    if found is None:
        last = Scan.objects.filter(project=project).order_by("-pk").first()
        found = last.discovered if last else {}
    # Scan's database constraint decides. The active scan may end before it is fetched, so retry.
    while True:
        try:
            with transaction.atomic():
                scan = Scan.objects.create(
                    project=project,
                    trusted=project.is_trusted,
                    discovered=found,
                    connect_to=connect_to or [],
                    without_sandbox=without_sandbox,
                    watched=watched,
                )
                _enqueue(scan, run_scan)
                Scan.objects.forget_old(project)
                return scan
        except IntegrityError:
            active = Scan.objects.active().filter(project=project).first()
            if active and (watched or not active.watched or active.change(watched=False)):
                return active
            if not Project.objects.filter(pk=project.pk).exists():
                raise


def queue_scan_again(project: Project, *, without_sandbox: bool = False) -> Scan:
    """Scan with the project's current choices: now, or after the active scan.

    A scan ``without_sandbox`` is never postponed: the user's consent holds for this one only.
    """
    active = Scan.objects.active().filter(project=project).first()
    if active is not None:
        active.cancel()
        if active.is_active and active.change(again=True, watched=False):
            return active
    return queue_scan(project, without_sandbox=without_sandbox)


def queue_command(
    project: Project, preset: str, title: str, arguments: list[str], **values: Any
) -> Command:
    """Queue a run; ``values`` are further fields of ``Command``."""
    with transaction.atomic():
        command = Command.objects.create(
            project=project, preset=preset, title=title, arguments=arguments, **values
        )
        _enqueue(command, run_command)
    Command.objects.forget_old(project)
    return command


def queue_sql(
    project: Project, values: dict[str, str], title: str, *, sandbox: bool = True
) -> Command:
    """Queue a preview of a migration's SQL, unless the same one is already queued or running.

    ``values``: ``app``, ``name``, ``engine``, ``alias`` and ``key``, the fingerprint. ``sandbox``:
    False if the user wants to run this one without the sandbox.
    """
    wanted = Command.Sandbox.WANTED if sandbox else Command.Sandbox.WAIVED
    for waiting in project.commands.previews().active():
        if waiting.values == values and waiting.sandbox == wanted:
            return waiting
    return queue_command(
        project,
        SQL,
        say(
            "SQL of {app}.{name} for {engine}",
            app=values["app"],
            name=values["name"][:120],
            engine=title,
        ),
        [],
        values=values,
        time_limit=float(Preferences.load().scan_limit),
        sandbox=wanted,
    )


def queue_export(
    scan: Scan, kind: str, *, own_only: bool = False, compared_with: Scan | None = None
) -> Export:
    """Queue a file in the language of the page."""
    from .exports.folder import name_for
    from .lab.files import KINDS

    with transaction.atomic():
        export = Export.objects.create(
            project=scan.project,
            scan=scan,
            scanned=scan.finished,
            kind=kind,
            own_only=own_only,
            compared_with=compared_with,
        )
        day = export.queued.astimezone().strftime("%Y-%m-%d")
        ending = KINDS[kind].ending
        export.name = name_for(scan.project.name, kind, day, export.pk, ending)
        export.save(update_fields=["name"])
        _enqueue(export, run_export, get_language() or "en")
    return export
