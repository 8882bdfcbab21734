"""The list of workspaces, and the way in for a new one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from ..forms import OpenForm
from ..pages.rows import home_rows, home_versions
from .frame import respond, worker_runs


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render_home(request, OpenForm())


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """For answers without a head of their own, such as JSON in a tab."""
    return redirect(static("inspector/icon.svg"))


def render_home(request: HttpRequest, form: OpenForm) -> HttpResponse:
    rows = home_rows()
    context = {
        "rows": rows,
        "form": form,
        "worker": worker_runs(),
        "versions": home_versions(rows),
    }
    return respond(request, "inspector/home.html", context)
