"""The preferences, and opening a file in the editor that they name."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from .. import editors
from ..commands.limits import TimeLimitsForm
from ..forms import PreferencesForm
from ..models import Preferences, Workspace


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    stored = Preferences.load()
    form = PreferencesForm(request.POST or None, instance=stored)
    limits = TimeLimitsForm(request.POST or None, stored=stored.time_limits)
    if request.method == "POST" and form.is_valid() and limits.is_valid():
        form.instance.time_limits = limits.chosen
        form.save()
        messages.success(request, "Saved.")
        return redirect("inspector:preferences")
    return render(
        request,
        "inspector/preferences.html",
        {"form": form, "limits": limits, "data_dir": settings.DATA_DIR},
        status=200,
    )


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Every preference to its default. Projects, scans and trust are kept."""
    Preferences.objects.all().delete()
    messages.success(request, "Everything on this page is as it was at first.")
    return redirect("inspector:preferences")


@require_POST
def open_in_editor(request: HttpRequest, pk: int) -> JsonResponse:
    """Open ``file`` (of the snapshot: relative, or absolute) at ``line``.

    ``{"opened": true}``, or ``{"opened": false, "reason"}``: then the page copies the path.
    """
    workspace = get_object_or_404(Workspace, pk=pk)
    found = Preferences.load()
    editor = editors.chosen(found.editor, found.editor_command)
    if editor is None:
        return JsonResponse({"opened": False, "reason": "No editor is set in the preferences."})
    line = request.POST.get("line", "")
    number = int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else 1
    try:
        editors.open_file(editor, workspace.path, request.POST.get("file", ""), number)
    except editors.CannotOpen as refusal:
        return JsonResponse({"opened": False, "reason": str(refusal)})
    return JsonResponse({"opened": True, "editor": editor.name})
