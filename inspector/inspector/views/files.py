"""Opens files in the user's preferred editor."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from djdesk.desktop.message_translation import translated

from ..models import Preferences, Project
from ..projects import editors


@require_POST
def open_in_editor(request: HttpRequest, pk: int) -> JsonResponse:
    """Open ``file`` (relative or absolute, as in the snapshot) at ``line``.

    ``{"opened": true}``, or ``{"opened": false, "reason"}``: the page then copies the path.
    """
    project = get_object_or_404(Project, pk=pk)
    found = Preferences.load()
    editor = editors.chosen(found.editor, found.editor_command)
    if editor is None:
        return JsonResponse({"opened": False, "reason": _("No editor is set in the preferences.")})
    line = request.POST.get("line", "")
    number = int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else 1
    try:
        editors.open_file(editor, project.path, request.POST.get("file", ""), number)
    except editors.CannotOpen as refusal:
        return JsonResponse({"opened": False, "reason": translated(str(refusal))})
    return JsonResponse({"opened": True, "editor": editor.name})
