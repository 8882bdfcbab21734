"""The page "Ship as desktop app": what the project needs, and creating the app's folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from djdesk.projects.readiness.table import REPORT

from ..models import Scan
from ..pages import ship as ship_page
from ..pages.latest_results import Facts, LatestResults
from ..projects import readiness
from .frame import get_latest, posted_from
from .sections import section_page

# Readiness is determined after a scan; if this has passed since, the task is no longer running.
SOON = timedelta(seconds=readiness.TIMEOUT)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """``?folder=``: where the app's folder was written."""
    return _render(request, get_latest(pk), written=request.GET.get("folder", ""))


@posted_from("ship")
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the app's folder next to the project; the page then shows the next
    steps or the problem.
    """
    latest = get_latest(pk)
    project = latest.project
    folder = request.POST.get("folder", "").strip()
    try:
        if not folder:
            folder = ship_page.suggested(project.path)
        readiness.check(project.path, project.settings_module, out=folder)
    except readiness.CannotSay as reason:
        response = _render(request, latest, folder=folder, refused=str(reason))
        response.status_code = 400
        return response
    return redirect(f"{request.path.removesuffix('write/')}?folder={quote(folder)}#next")


def _render(
    request: HttpRequest,
    latest: LatestResults,
    *,
    folder: str = "",
    written: str = "",
    refused: str = "",
) -> HttpResponse:
    facts = _soon(latest, latest.get(readiness.SECTION)[readiness.SECTION])
    found = ship_page.lines(facts.data or {})
    level = (facts.data or {}).get("level", "")
    is_there = bool(written) and (Path(written) / REPORT).is_file()
    return section_page(
        request,
        latest,
        "ship",
        facts,
        level=level,
        meaning=ship_page.MEANINGS.get(level, ""),
        to_do=ship_page.to_do(found),
        decided=ship_page.decided(found),
        folder=folder or ship_page.suggested(latest.project.path),
        written=written if is_there else "",
        commands=ship_page.commands(latest.project.path, written),
        refused=refused,
    )


def _soon(latest: LatestResults, facts: Facts) -> Facts:
    """Show "loading" while the readiness task of a finished scan is still to come."""
    scan = latest.scan
    if facts.state != "absent" or scan is None or scan.status not in Scan.RESULTS:
        return facts
    ended = scan.finished or timezone.now()
    return replace(facts, state="loading") if timezone.now() - ended < SOON else facts
