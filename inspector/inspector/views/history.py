"""The scans of a workspace, and what differs between two of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from ..models import Scan, Section
from ..pages.history import compare
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
    context = {"rows": rows, "comparable": comparable}
    return respond(request, "inspector/runs.html", frame(shown, "runs") | context)


@require_GET
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """``?old=`` and ``?new=`` name two scans; in either order, the earlier one is the old one."""
    shown = get_shown(pk)
    scans = sorted((_scan(shown, request, "old"), _scan(shown, request, "new")), key=lambda s: s.pk)
    old, new = scans
    differences, skipped = compare(old, new) if old != new else ([], {})
    context = {"old": old, "new": new, "differences": differences, "skipped": skipped}
    return respond(request, "inspector/difference.html", frame(shown, "runs") | context)


def _scan(shown: Shown, request: HttpRequest, key: str) -> Scan:
    value = request.GET.get(key, "")
    # isdecimal() is true for digits of every script, and int() takes them all.
    if not value.isdecimal() or len(value) > 18:
        raise Http404
    return get_object_or_404(Scan.objects.with_results(), workspace=shown.workspace, pk=int(value))
