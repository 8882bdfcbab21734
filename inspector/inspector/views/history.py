"""The scans of a project, and comparisons of two of them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from ..models import Project, Scan, Section
from ..pages import compare_projects
from ..pages import timeline as timeline_page
from ..pages.disambiguate import distinguishing_folders
from ..pages.history import checkouts, compare, of_checkout
from ..pages.latest_results import LatestResults
from .frame import frame, get_latest, respond


@require_GET
def runs(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    sections: dict[int, list[Section]] = {}
    for section in Section.objects.found(scan__project_id=pk).defer("data"):
        sections.setdefault(section.scan_id, []).append(section)
    rows = [(scan, sections.get(scan.pk, [])) for scan in latest.scans]
    comparable = [scan for scan in latest.scans if scan.status in Scan.RESULTS]
    context = {"rows": rows, "comparable": comparable, "checkouts": checkouts(comparable)}
    return respond(request, "inspector/runs.html", frame(latest, "runs") | context)


@require_GET
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The project's history, scan by scan: numbers and changes."""
    latest = get_latest(pk)
    steps = timeline_page.steps(latest.project)
    context = {
        "steps": steps,
        "measures": timeline_page.MEASURES,
        "lines": timeline_page.lines(steps),
        "has_past": any(step.scan.pk is not None for step in steps),
    }
    return respond(request, "inspector/timeline.html", frame(latest, "runs") | context)


@require_GET
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the scans in ``?old=`` and ``?new=``; the earlier one always counts as old.

    A branch or commit stands for its newest scan; the order is then that of the URL.
    """
    latest = get_latest(pk)
    old, new = _scan(latest, request, "old"), _scan(latest, request, "new")
    if all(request.GET[key].isdecimal() for key in ("old", "new")):
        old, new = sorted((old, new), key=lambda scan: scan.pk)
    differences, skipped = compare(old, new) if old != new else ([], {})
    context = {"old": old, "new": new, "differences": differences, "skipped": skipped}
    return respond(request, "inspector/difference.html", frame(latest, "runs") | context)


@require_GET
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare this project with the one in ``?with=``. ``?own=`` and ``?scan=`` choose a scan of
    each; the default is the newest one with results.
    """
    latest = get_latest(pk)
    others = Project.objects.exclude(pk=pk).filter(scans__status__in=Scan.RESULTS).distinct()
    projects = [latest.project, *others]
    folders = distinguishing_folders(projects)
    names = {one.pk: _named(one, folders) for one in projects}
    own = _results(latest.project)
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
            (part, compare_projects.choices(part, names[pk], names[other.pk]))
            for part in compare_projects.parts(old, new)
        ]
        context |= {"old": old, "new": new, "parts": parts, "other": other}
        context |= {"other_name": names[other.pk], "other_scans": theirs, "other_path": other.path}
    return respond(request, "inspector/beside.html", frame(latest, "runs") | context)


def _named(project: Project, folders: dict[int, str]) -> str:
    """The name, followed by the folder if two projects share the name."""
    folder = folders.get(project.pk)
    return f"{project.name} ({folder})" if folder else project.name


def _results(project: Project) -> list[Scan]:
    return list(Scan.objects.with_results().filter(project=project).order_by("-pk"))


def _of(scans: list[Scan], number: str | None) -> Scan:
    """The scan with this number, or the newest: the number may belong to another project."""
    return next((scan for scan in scans if str(scan.pk) == number), scans[0])


def _scan(latest: LatestResults, request: HttpRequest, key: str) -> Scan:
    value = request.GET.get(key, "")
    # isdecimal() accepts digits of every script, and so does int().
    if value.isdecimal() and len(value) <= 18:
        scans = Scan.objects.with_results().filter(project=latest.project)
        return get_object_or_404(scans, pk=int(value))
    scan = of_checkout([scan for scan in latest.scans if scan.status in Scan.RESULTS], value)
    if scan is None:
        raise Http404
    return scan
