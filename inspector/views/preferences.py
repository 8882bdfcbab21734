"""The preferences, and opening a file in the editor that they name."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from djdesk.desktop.language import language_of
from djdesk.desktop.wording import said

from .. import context, editors
from ..forms import PreferencesForm
from ..models import Preferences, Workspace


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, instance=Preferences.load())
    if request.method == "POST" and form.is_valid():
        form.save()
        _in_new_language(request)
        messages.success(request, _("Saved."))
        return redirect("inspector:preferences")
    return render(
        request,
        "inspector/preferences.html",
        {"form": form, "data_dir": settings.DATA_DIR},
        status=200,
    )


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Every preference to its default. Projects, scans and trust are kept."""
    Preferences.objects.all().delete()
    _in_new_language(request)
    messages.success(request, _("Everything on this page is as it was at first."))
    return redirect("inspector:preferences")


def _in_new_language(request: HttpRequest) -> None:
    """What is said now is read after the choice took effect."""
    context.forget(request)
    translation.activate(language_of(request))


@require_POST
def open_in_editor(request: HttpRequest, pk: int) -> JsonResponse:
    """Open ``file`` (of the snapshot: relative, or absolute) at ``line``.

    ``{"opened": true}``, or ``{"opened": false, "reason"}``: then the page copies the path.
    """
    workspace = get_object_or_404(Workspace, pk=pk)
    found = Preferences.load()
    editor = editors.chosen(found.editor, found.editor_command)
    if editor is None:
        return JsonResponse({"opened": False, "reason": _("No editor is set in the preferences.")})
    line = request.POST.get("line", "")
    number = int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else 1
    try:
        editors.open_file(editor, workspace.path, request.POST.get("file", ""), number)
    except editors.CannotOpen as refusal:
        return JsonResponse({"opened": False, "reason": said(str(refusal))})
    return JsonResponse({"opened": True, "editor": editor.name})
