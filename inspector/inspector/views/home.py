"""The list of workspaces, and the way in for a new one."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from ..forms import OpenForm
from ..pages.activity import recent
from ..pages.rows import SORTS, home_rows, home_versions, in_order
from ..pages.twins import whereabouts
from .frame import respond, worker_runs

MANY = 8  # projects; above it, a list wants a filter


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render_home(request, OpenForm())


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """For answers without a head of their own, such as JSON in a tab."""
    return redirect(static("inspector/icon.svg"))


def render_home(request: HttpRequest, form: OpenForm) -> HttpResponse:
    rows = home_rows()
    events = recent()
    sort = request.GET.get("sort", "")
    context = {
        "rows": in_order(rows, sort),
        "sort": sort if sort in SORTS else "",
        "many": len(rows) > MANY,
        "activity": events,
        "whereabouts": whereabouts(row.workspace for row in rows),
        "form": form,
        "worker": worker_runs(),
        "versions": json.dumps(home_versions(rows, events)),
    }
    return respond(request, "inspector/home.html", context)
