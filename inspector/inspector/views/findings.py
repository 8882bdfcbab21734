"""Dismissing findings and restoring them."""

from __future__ import annotations

import sys
from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from djdesk.desktop.message_translation import translated

from .. import facts
from ..facts import baseline
from ..models import Project, Scan
from ..pages.history import snapshot_of
from ..pages.latest_results import open_findings
from .frame import get_latest

LONGEST = 500  # characters of a reason


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Dismiss the finding with ``id`` and ``severity`` for a ``reason``, together with its current
    facts. New facts of the same finding are shown again.
    """
    latest = get_latest(pk)
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST]
    if not reason:
        messages.error(request, _("Say in a few words why the finding can be dismissed."))
        return redirect(latest.project)
    wanted = (request.POST.get("id"), request.POST.get("severity"))
    found = (
        facts.findings_of(snapshot_of(latest.result), facts=sys.maxsize)
        if latest.result and any((one["id"], one["severity"]) == wanted for one in latest.findings)
        else []
    )
    finding = next((one for one in found if (one["id"], one["severity"]) == wanted), None)
    if finding is None:
        messages.info(request, _("This finding no longer exists."))
        return redirect(latest.project)
    row = {
        "id": finding["id"],
        "severity": finding["severity"],
        "title": finding["title"],
        "reason": reason,
        "when": timezone.now().isoformat(),
        "keys": baseline.named([finding]),
    }
    latest.project.dismissed = [*latest.project.dismissed, row]
    _keep(latest.project, latest.result)
    messages.success(
        request,
        _("Dismissed: %s. It is listed at the end of the overview.") % translated(finding["title"]),
    )
    return redirect(latest.project)


@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one dismissal, identified by its ``when``."""
    latest = get_latest(pk)
    when = request.POST.get("when")
    rest = [one for one in latest.project.dismissed if one["when"] != when]
    if len(rest) == len(latest.project.dismissed):
        return HttpResponseBadRequest(_("There is no such finding."), content_type="text/plain")
    latest.project.dismissed = rest
    _keep(latest.project, latest.result)
    return redirect(latest.project)


@require_GET
def dismissed(request: HttpRequest, pk: int) -> HttpResponse:
    """All dismissed findings as a file for ``djdesk inspect --baseline``."""
    project = get_object_or_404(Project, pk=pk)
    text = baseline.written_names(project.dismissed_keys)
    name = f"{slugify(project.name) or 'project'}-dismissed.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


def _keep(project: Project, result: Scan | None) -> None:
    """Update the counts in the list of projects to match the overview."""
    project.save(update_fields=["dismissed"])
    if result is not None and "attention" in result.summary:
        severities = Counter(one["severity"] for one in open_findings(result, project))
        summary = result.summary | {"attention": dict(severities)}
        Scan.objects.filter(pk=result.pk).update(summary=summary)
