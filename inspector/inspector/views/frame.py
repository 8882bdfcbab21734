"""The frame around every project page, and responses with parts of a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from djdesk.desktop.lock import WORKER_LOCK, is_held

from ..models import Project
from ..pages.latest_results import LatestResults

# Groups of (URL name, title, icon, key of the count in the summary); the first has no heading.
RAIL: tuple[tuple[Any, tuple[tuple[str, Any, str, str | None], ...]], ...] = (
    (
        "",
        (
            ("overview", _("Overview"), "overview", None),
            ("schema", _("Schema"), "schema", None),
            ("models", _("Models"), "models", "models"),
            ("migrations", _("Migrations"), "migrations", "migrations"),
            ("urls", _("URLs"), "urls", "routes"),
            ("settings", _("Settings"), "settings", None),
            ("checks", _("Checks"), "checks", None),
        ),
    ),
    (
        _("Inside"),
        (
            ("templates", _("Templates"), "templates", None),
            ("admin", _("Admin"), "admin", None),
            ("wiring", _("Wiring"), "wiring", None),
            ("translations", _("Translations"), "translations", None),
            ("effects", _("Side effects"), "effects", None),
            ("dependencies", _("Dependencies"), "dependencies", "dependencies"),
            ("code", _("Code"), "code", "files"),
        ),
    ),
    (
        _("Work"),
        (
            ("commands", _("Run"), "terminal", None),
            ("exports", _("Exports"), "exports", None),
            ("runs", _("History"), "runs", None),
            ("ship", _("Ship as desktop app"), "window", None),
        ),
    ),
)
TITLES = {name: title for _, entries in RAIL for name, title, _, _ in entries}
View = Callable[..., HttpResponse]
FRAME = ("titlebar", "rail", "statusbar")


def worker_runs() -> bool:
    return is_held(settings.DATA_DIR / WORKER_LOCK)


def frame(latest: LatestResults, page: str) -> dict[str, Any]:
    """The context of ``inspector/project.html``: title bar, rail and status bar."""
    return {
        "project": latest.project,
        "latest": latest,
        "scan": latest.scan,
        "page": page,
        "page_title": TITLES[page],
        "rail": [
            (
                heading,
                [(n, title, icon, _count(latest, n, key)) for n, title, icon, key in entries],
            )
            for heading, entries in RAIL
        ],
        "others": Project.objects.exclude(pk=latest.project.pk)[:12],
        "worker": worker_runs(),
        "versions": json.dumps(latest.versions),
        "lists": json.dumps(latest.project.lists),
    }


def _count(latest: LatestResults, page: str, key: str | None) -> int | None:
    if page == "checks":
        checks = latest.counts.get("checks")
        return sum(checks.get(k) or 0 for k in ("error", "warning", "deploy")) if checks else None
    return latest.counts.get(key) if key else None


def get_latest(pk: int) -> LatestResults:
    return LatestResults(get_object_or_404(Project, pk=pk))


def respond_gone(
    request: HttpRequest, latest: LatestResults, page: str, title: str, text: str, back: str
) -> HttpResponse:
    """404 for something that no longer exists, with ``back`` as a link onwards. An open page shows
    it in place of its fragments, so requests for fragments get a normal response.
    """
    context = {
        "gone_title": title,
        "gone_text": text,
        "gone_back": reverse(f"inspector:{page}", args=[latest.project.pk]),
        "gone_back_title": back,
    }
    response = respond(request, "inspector/gone.html", frame(latest, page) | context)
    if response.status_code == 200 and "fragment" not in request.GET:
        response.status_code = 404
    return response


def posted_from(page: str) -> Callable[[View], View]:
    """Decorator for a view that handles a form on ``page`` and shows that page again on errors.

    Nobody should return to the view's own URL: a reload would send the form again, and a GET
    redirects to the page. ``respond`` therefore gives the response the page's URL.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            address = reverse(f"inspector:{page}", kwargs=kwargs)
            if request.method in {"GET", "HEAD"}:
                return redirect(address)
            if request.method != "POST":
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            vars(request)["page_address"] = address
            return view(request, **kwargs)

        return answer

    return decorate


def respond(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or only the fragments named in ``?fragment=rail,main``, one after the other."""
    context = {"page_address": getattr(request, "page_address", "")} | context
    names = [name for name in request.GET.get("fragment", "").split(",") if name]
    if not names:
        return HttpResponse(render_to_string(template, context, request))
    html = []
    for name in names:
        owner = "inspector/project.html" if name in FRAME and "project" in context else template
        try:
            html.append(render_to_string(f"{owner}#{name}", context, request))
        except TemplateDoesNotExist:
            return HttpResponse("No such fragment.", status=400, content_type="text/plain")
    return HttpResponse("\n".join(html))
