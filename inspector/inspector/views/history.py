"""The scans of a workspace, and what differs between two of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from ..models import Scan, Section
from ..pages import timeline as timeline_page
from ..pages.history import checkouts, compare, of_checkout
from ..pages.shown import Shown
from .frame import frame, get_shown, respond


@require_GET
def runs(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_shown(pk)
    sections: dict[int, list[Section]] = {}
    for section in Section.objects.found(scan__workspace_id=pk).defer("data"):
        sections.setdefault(section.scan_id, []).append(section)
    rows = [(scan, sections.get(scan.pk, [])) for scan in shown.scans]
    comparable = [scan for scan in shown.scans if scan.status in Scan.RESULTS]
    context = {"rows": rows, "comparable": comparable, "checkouts": checkouts(comparable)}
    return respond(request, "inspector/runs.html", frame(shown, "runs") | context)


@require_GET
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """What the project came to, scan by scan: numbers, and what came and went."""
    shown = get_shown(pk)
    steps = timeline_page.steps(shown.workspace)
    context = {
        "steps": steps,
        "measures": timeline_page.MEASURES,
        "lines": timeline_page.lines(steps),
    }
    return respond(request, "inspector/timeline.html", frame(shown, "runs") | context)


@require_GET
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """``?old=`` and ``?new=`` name two scans; in either order, the earlier one is the old one. A
    branch or a commit names its newest scan; then the order is that of the address."""
    shown = get_shown(pk)
    old, new = _scan(shown, request, "old"), _scan(shown, request, "new")
    if all(request.GET[key].isdecimal() for key in ("old", "new")):
        old, new = sorted((old, new), key=lambda scan: scan.pk)
    differences, skipped = compare(old, new) if old != new else ([], {})
    context = {"old": old, "new": new, "differences": differences, "skipped": skipped}
    return respond(request, "inspector/difference.html", frame(shown, "runs") | context)


def _scan(shown: Shown, request: HttpRequest, key: str) -> Scan:
    value = request.GET.get(key, "")
    # isdecimal() is true for digits of every script, and int() takes them all.
    if value.isdecimal() and len(value) <= 18:
        scans = Scan.objects.with_results().filter(workspace=shown.workspace)
        return get_object_or_404(scans, pk=int(value))
    scan = of_checkout([scan for scan in shown.scans if scan.status in Scan.RESULTS], value)
    if scan is None:
        raise Http404
    return scan
