"""Event streams: tell open pages what changed, so that they fetch only that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from djdesk.desktop.live import event_stream
from djdesk.desktop.message_translation import translated

from ..models import Command, Export, Project, Scan
from ..pages.activity import LISTED, recent
from ..pages.latest_results import LatestResults
from ..pages.rows import home_rows, home_versions
from ..templatetags.inspector import count
from .frame import worker_runs


@require_GET
def project(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``change`` events of one project: ``{"versions": {}, "scans": [ScanState],
    "commands": [CommandState], "exports": [ExportState], "worker"}``."""
    get_object_or_404(Project, pk=pk)

    def changes(seen: Any) -> tuple[Any, Iterable[tuple[str, Any]]]:
        found = Project.objects.filter(pk=pk).first()
        if found is None:
            return "gone", [] if seen == "gone" else [("gone", {})]
        if found.watch:
            _watch(found)
        latest = LatestResults(found, light=True)
        state = {
            "versions": latest.versions,
            "scans": [scan_state(latest.scan, found)] if latest.scan else [],
            "commands": [command_state(command, found) for command in latest.commands],
            "exports": [export_state(export) for export in found.exports.order_by("-pk")[:5]],
            "worker": worker_runs(),
        }
        return _if_new(seen, state)

    return event_stream(request, changes)


def _watch(project: Project) -> None:
    """Note that a page is open. Called after every commit, and every few seconds otherwise."""
    from ..projects.watching import watcher

    watcher.is_open(project)


@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """``change`` events for the list of projects and recent activity, in the same format."""

    def changes(seen: Any) -> tuple[Any, Iterable[tuple[str, Any]]]:
        rows = home_rows()
        commands = Command.objects.filter(**LISTED).select_related("project")
        commands = commands.defer("arguments", "values")[:5]
        state = {
            "versions": home_versions(rows, recent()),
            "scans": [scan_state(r.scan, r.project) for r in rows if r.scan],
            "commands": [command_state(c, c.project) for c in commands],
            "worker": worker_runs(),
        }
        return _if_new(seen, state)

    return event_stream(request, changes)


def scan_state(scan: Scan, project: Project) -> dict[str, Any]:
    """What the page's script shows without another request. The page counts seconds from
    ``started``, an ISO time.
    """
    return {
        "id": scan.pk,
        "project": project.pk,
        "name": project.name,
        "url": project.get_absolute_url(),
        "status": scan.status,
        "label": scan.get_status_display(),
        "active": scan.is_active,
        "watched": scan.watched,
        "stage": translated(scan.stage),
        "progress": scan.progress,
        "revision": scan.revision,
        "started": scan.started.isoformat() if scan.started else None,
        "findings": "" if scan.is_active else _findings(scan),
    }


def _findings(scan: Scan) -> str:
    """Numbers of errors and warnings, as on the overview: ``"1 error, 2 warnings"``."""
    if scan.status not in Scan.RESULTS:
        return ""
    found = scan.problems
    parts = [
        count(found[severity], words)
        for severity, words in (("error", "error,errors"), ("warning", "warning,warnings"))
        if found.get(severity)
    ]
    return ", ".join(parts) or _("No problems found")


def command_state(command: Command, project: Project) -> dict[str, Any]:
    """The content of a notification about a finished run."""
    return {
        "id": command.pk,
        "name": project.name,
        "title": command.label,
        "url": command.get_absolute_url(),
        "label": command.get_status_display(),
        "active": command.is_active,
    }


def export_state(export: Export) -> dict[str, Any]:
    """The state of an export in progress."""
    return {
        "id": export.pk,
        "title": export.title,
        "label": export.get_status_display(),
        "active": export.is_active,
        "stage": translated(export.stage),
    }


def _if_new(seen: Any, state: dict[str, Any]) -> tuple[Any, Iterable[tuple[str, Any]]]:
    return state, [] if seen == state else [("change", state)]
