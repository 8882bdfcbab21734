"""Saves the user's choices about tables."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from ..models import Project
from ..projects.list_choices import chosen


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Save one choice. Returns all of them (``list_choices``), or 400 with ``{"error"}``
    if it was not saved.
    """
    with transaction.atomic():
        project = get_object_or_404(Project, pk=pk)
        try:
            project.lists = chosen(project.lists, request.POST.dict())
        except ValueError as refusal:
            return JsonResponse({"error": str(refusal)}, status=400)
        project.save(update_fields=["lists"])
    return JsonResponse(project.lists)
