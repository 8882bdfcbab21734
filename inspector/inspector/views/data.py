"""JSON for the diagram, and the snapshot as a download."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ..models import Scan
from ..pages.history import snapshot_of
from .frame import get_latest


@require_GET
def schema(request: HttpRequest, pk: int) -> HttpResponse:
    """``{"state", "source", "version", "models": <data of the section> or null}``."""
    latest = get_latest(pk)
    found = latest.get("models")["models"]
    return JsonResponse(
        {
            "state": found.state,
            "source": found.source,
            "version": latest.versions.get("models", ""),
            "models": found.data,
        }
    )


@require_GET
def snapshot(request: HttpRequest, pk: int) -> HttpResponse:
    """The last scan with results as one file, in the format of ``djdesk inspect``."""
    latest = get_latest(pk)
    scan = next((s for s in latest.scans if s.status in Scan.RESULTS), latest.scan)
    if scan is None or scan.is_active:
        said = _("There is no finished scan yet.")
        return HttpResponse(said, status=404, content_type="text/plain; charset=utf-8")
    name = slugify(latest.project.name) or "project"
    return JsonResponse(
        snapshot_of(scan),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="{name}-snapshot.json"'},
    )
