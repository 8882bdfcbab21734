"""The design system on one page, only in development."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..pages import styleguide as page


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    if not page.available():
        raise Http404("The style guide belongs to development.")
    return render(request, "inspector/styleguide.html", page.samples())
