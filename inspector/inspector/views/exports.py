"""Exports: create, preview, download and delete files."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from ..exports import folder, preview
from ..exports.form import ExportForm
from ..exports.kinds import GROUPS, OFFERS
from ..lab.files import sentence
from ..models import Export
from ..pages.latest_results import LatestResults
from ..projects import removal
from ..tasks import remove_export, tidy_exports
from .frame import frame, get_latest, posted_from, respond, respond_gone

# Policy of the page around the frame: the usual one, plus the frame.
AROUND = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}
# Policy inside the frame: no scripts, no network, no origin. The style sheet is in the head of the
# file itself; ``content`` allows it by its hash.
INSIDE = {
    "sandbox": True,
    "default-src": [CSP.NONE],
    "img-src": ["data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}


@require_GET
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """``?kind=`` preselects a kind."""
    latest = get_latest(pk)
    wanted = [kind for kind in request.GET.getlist("kind") if kind in OFFERS]
    return _render(request, latest, ExportForm(latest.project), wanted or ["report"])


def _render(
    request: HttpRequest, latest: LatestResults, form: ExportForm, chosen: list[str]
) -> HttpResponse:
    exports = list(latest.project.exports.select_related("scan"))
    data = form.data
    context = frame(latest, "exports") | {
        "groups": GROUPS,
        "form": form,
        "chosen": chosen,
        "scope": data.get("scope") or "own",
        "scan_chosen": data.get("scan", ""),
        "before_chosen": data.get("before", ""),
        "scans": [scan for scan in latest.scans if scan.status in scan.RESULTS],
        "exports": exports,
        "gone": [e for e in exports if e.status == Export.Status.DONE and not e.is_there],
        "folder": folder.folder(),
    }
    response = respond(request, "inspector/exports.html", context)
    response.status_code = 400 if form.errors else response.status_code
    return response


@posted_from("exports")
def create(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    form = ExportForm(latest.project, request.POST)
    if not form.is_valid():
        return _render(request, latest, form, request.POST.getlist("kinds"))
    form.request()
    return redirect(f"{request.path.removesuffix('create/')}#list")


@require_GET
@csp_override(AROUND)
def detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """``?table=`` selects the archive's table that the frame shows."""
    latest = get_latest(pk)
    export = Export.objects.filter(project_id=pk, pk=number).first()
    if export is None:
        title = _("This file is no longer in the list")
        text = _("It was deleted. It can be created again from the scan as long as that is stored.")
        return respond_gone(request, latest, "exports", title, text, _("All exports"))
    offer = OFFERS.get(export.kind)
    tables: list[str] = []
    if export.is_there and offer and offer.preview == "tables":
        try:
            with folder.opened(export.name) as file:
                tables = preview.names(file)
        except (FileNotFoundError, preview.CannotShow):
            tables = []
    wanted = request.GET.get("table", "")
    context = frame(latest, "exports") | {
        "export": export,
        "offer": offer,
        "tables": tables,
        "table": wanted if wanted in tables else next(iter(tables), ""),
        "folder": folder.folder(),
    }
    return respond(request, "inspector/export.html", context)


@require_GET
@xframe_options_sameorigin
def content(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Content of the frame. Always served sandboxed, whoever requests it."""
    export = get_object_or_404(Export, project_id=pk, pk=number)
    offer = OFFERS.get(export.kind)
    kind = offer.preview if offer else "text"
    try:
        file = folder.opened(export.name)
    except FileNotFoundError:
        raise Http404 from None
    with file:
        try:
            if kind == "html":
                html: bytes | str = preview.whole(file)
            else:
                context = _inside(kind, file, request.GET.get("table", ""))
                html = render_to_string("inspector/export_content.html", context)
        except preview.CannotShow as why:
            html = render_to_string("inspector/export_content.html", {"problem": str(why)})
    # The header only concerns windows. Chromium 83 shows nothing if a sandboxed frame has one.
    headers = {"Cross-Origin-Opener-Policy": "unsafe-none"}
    page = html if isinstance(html, bytes) else html.encode()
    response = HttpResponse(page, content_type="text/html; charset=utf-8", headers=headers)
    policy = INSIDE | {"style-src": preview.style_hashes(page) or [CSP.NONE]}
    return csp_override(policy)(lambda _request: response)(request)


def _inside(kind: str, file: IO[bytes], table: str) -> dict[str, Any]:
    if kind == "notebook":
        return {"cells": preview.notebook(file)}
    if kind == "tables":
        columns, rows, more = preview.table(file, table)
        return {"columns": columns, "rows": rows, "more": more}
    text, more = preview.text(file)
    return {"text": text, "more": more}


@require_GET
def download(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    export = get_object_or_404(Export, project_id=pk, pk=number)
    try:
        file = folder.opened(export.name)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        as_attachment=True,
        filename=export.name,
        content_type="application/octet-stream",
    )


@require_POST
def cancel(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    export = get_object_or_404(Export, project_id=pk, pk=number)
    if export.is_active:
        export.cancel()
    if request.headers.get("X-Quiet"):
        return HttpResponse(status=204)
    return redirect("inspector:exports", pk)


@require_POST
def delete(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Delete the file and its row. An export in progress must be cancelled first."""
    export = get_object_or_404(Export, project_id=pk, pk=number)
    if export.is_active:
        messages.error(request, _("It is still being created. Cancel it first."))
        return redirect("inspector:exports", pk)
    try:
        remove_export(export)
    except OSError as error:
        messages.error(request, sentence(error, folder.folder()))
        return redirect("inspector:exports", pk)
    undo = reverse("inspector:export-undo", args=[pk, number])
    messages.info(request, _("%(name)s is deleted.") % {"name": export.name}, extra_tags=undo)
    return redirect("inspector:exports", pk)


@require_POST
def undo_delete(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Restore a deleted file and its row."""
    try:
        found = removal.bring_file_back(pk, number)
    except OSError as error:
        messages.error(request, sentence(error, folder.folder()))
        return redirect("inspector:exports", pk)
    if not found:
        text = _("This can no longer be undone. Create the file again from the scan.")
    elif len(found) == 1:
        text = _("%(name)s is back.") % {"name": found[0].name}
    else:
        text = ngettext("%(n)s entry is back.", "%(n)s entries are back.", len(found))
        text %= {"n": len(found)}
    messages.info(request, text)
    return redirect("inspector:exports", pk)


@require_POST
def tidy(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove rows whose files are gone or were never created."""
    latest = get_latest(pk)
    rows = latest.project.exports.exclude(status__in=Export.ACTIVE)
    gone = [export for export in rows if not export.is_there]
    if gone:
        tidy_exports(gone)
        said = ngettext("%(n)s entry removed.", "%(n)s entries removed.", len(gone))
        undo = reverse("inspector:export-undo", args=[pk, gone[0].pk])
        messages.info(request, said % {"n": len(gone)}, extra_tags=undo)
    return redirect("inspector:exports", pk)
