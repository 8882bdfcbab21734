"""The scans of a workspace, and what differs between two of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from ..models import Scan, Section, Workspace
from ..pages import beside as beside_page
from ..pages import timeline as timeline_page
from ..pages.disambiguate import distinguishing_folders
from ..pages.history import checkouts, compare, of_checkout
from ..pages.latest_results import LatestResults
from .frame import frame, get_latest, respond


@require_GET
def runs(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    sections: dict[int, list[Section]] = {}
    for section in Section.objects.found(scan__workspace_id=pk).defer("data"):
        sections.setdefault(section.scan_id, []).append(section)
    rows = [(scan, sections.get(scan.pk, [])) for scan in latest.scans]
    comparable = [scan for scan in latest.scans if scan.status in Scan.RESULTS]
    context = {"rows": rows, "comparable": comparable, "checkouts": checkouts(comparable)}
    return respond(request, "inspector/runs.html", frame(latest, "runs") | context)


@require_GET
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """What the project came to, scan by scan: numbers, and what came and went."""
    latest = get_latest(pk)
    steps = timeline_page.steps(latest.workspace)
    context = {
        "steps": steps,
        "measures": timeline_page.MEASURES,
        "lines": timeline_page.lines(steps),
    }
    return respond(request, "inspector/timeline.html", frame(latest, "runs") | context)


@require_GET
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """``?old=`` and ``?new=`` name two scans; in either order, the earlier one is the old one. A
    branch or a commit names its newest scan; then the order is that of the address."""
    latest = get_latest(pk)
    old, new = _scan(latest, request, "old"), _scan(latest, request, "new")
    if all(request.GET[key].isdecimal() for key in ("old", "new")):
        old, new = sorted((old, new), key=lambda scan: scan.pk)
    differences, skipped = compare(old, new) if old != new else ([], {})
    context = {"old": old, "new": new, "differences": differences, "skipped": skipped}
    return respond(request, "inspector/difference.html", frame(latest, "runs") | context)


@require_GET
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """This project beside the one that ``?with=`` names. ``?own=`` and ``?scan=`` choose a scan of
    each, otherwise it is the newest one with results."""
    latest = get_latest(pk)
    others = Workspace.objects.exclude(pk=pk).filter(scans__status__in=Scan.RESULTS).distinct()
    projects = [latest.workspace, *others]
    folders = distinguishing_folders(projects)
    names = {one.pk: _named(one, folders) for one in projects}
    own = _results(latest.workspace)
    context: dict[str, Any] = {
        "projects": [(one, names[one.pk]) for one in others],
        "name": names[pk],
        "scans": own,
    }
    if wanted := request.GET.get("with", ""):
        other = next((one for one in others if str(one.pk) == wanted), None)
        theirs = _results(other) if other else []
        if other is None or not own or not theirs:
            raise Http404
        old, new = _of(own, request.GET.get("own")), _of(theirs, request.GET.get("scan"))
        parts = [
            (part, beside_page.choices(part, names[pk], names[other.pk]))
            for part in beside_page.parts(old, new)
        ]
        context |= {"old": old, "new": new, "parts": parts, "other": other}
        context |= {"other_name": names[other.pk], "other_scans": theirs, "other_path": other.path}
    return respond(request, "inspector/beside.html", frame(latest, "runs") | context)


def _named(workspace: Workspace, folders: dict[int, str]) -> str:
    """Two projects of the same name are told apart by their folders."""
    folder = folders.get(workspace.pk)
    return f"{workspace.name} ({folder})" if folder else workspace.name


def _results(workspace: Workspace) -> list[Scan]:
    return list(Scan.objects.with_results().filter(workspace=workspace).order_by("-pk"))


def _of(scans: list[Scan], number: str | None) -> Scan:
    """The scan of this number, else the newest: the number may be left from another project."""
    return next((scan for scan in scans if str(scan.pk) == number), scans[0])


def _scan(latest: LatestResults, request: HttpRequest, key: str) -> Scan:
    value = request.GET.get(key, "")
    # isdecimal() is true for digits of every script, and int() takes them all.
    if value.isdecimal() and len(value) <= 18:
        scans = Scan.objects.with_results().filter(workspace=latest.workspace)
        return get_object_or_404(scans, pk=int(value))
    scan = of_checkout([scan for scan in latest.scans if scan.status in Scan.RESULTS], value)
    if scan is None:
        raise Http404
    return scan
