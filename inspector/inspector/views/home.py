"""The list of projects and the form to open another."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any, cast

from django.apps import apps
from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from djdesk.desktop import notices
from djdesk.desktop.commits import until_commit

from ..forms.open_folder import OpenForm
from ..pages.activity import recent
from ..pages.disambiguate import distinguishing_folders
from ..pages.rows import SORTS, home_rows, home_versions, in_order
from .frame import respond, worker_runs

MANY = 8  # projects; a longer list gets a filter
# Placeholder in the cached page for the session's own CSRF token. Cannot be guessed.
TOKEN = secrets.token_hex(16)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The page, cached until the next commit or for a minute ("3 min ago")."""
    if "fragment" in request.GET or len(get_messages(request)):
        return render_home(request, OpenForm())
    seen = (
        "home",
        get_language(),
        request.GET.get("sort", ""),
        worker_runs(),
        tuple(notices.current()),
        minute(),
    )
    page = until_commit(seen, lambda: render_home(request, OpenForm(), TOKEN).content)
    return HttpResponse(page.replace(TOKEN.encode(), get_token(request).encode()))


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """For responses without an HTML head, such as JSON in a tab."""
    return redirect(static("inspector/icon.svg"))


@require_GET
def moved(request: HttpRequest, pk: int, page: str = "overview") -> HttpResponse:
    """A page's address before version 0.2.0, which may be stored in jump lists and links."""
    if page not in cast("Any", apps.get_app_config("inspector")).linked_pages:
        raise Http404
    query = request.META["QUERY_STRING"]
    return redirect(reverse(f"inspector:{page}", args=[pk]) + (f"?{query}" if query else ""))


def minute() -> int:
    return int(time.time() // 60)


def render_home(request: HttpRequest, form: OpenForm, token: str = "") -> HttpResponse:
    """``token``: placeholder for the forms' CSRF token if the page is cached."""
    rows = home_rows()
    events = recent()
    sort = request.GET.get("sort", "")
    context = {
        "rows": in_order(rows, sort),
        "sort": sort if sort in SORTS else "",
        "many": len(rows) > MANY,
        "activity": events,
        "distinguishing_folders": distinguishing_folders(row.project for row in rows),
        "form": form,
        "worker": worker_runs(),
        "versions": json.dumps(home_versions(rows, events)),
    }
    if token:
        context["csrf_token"] = token
    return respond(request, "inspector/home.html", context)
