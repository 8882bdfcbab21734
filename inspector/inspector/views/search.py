"""The entries of the command palette: pages, actions, and everything that has a name."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from djdesk.desktop.handbook import topics
from djdesk.desktop.message_translation import translated

from ..commands.presets import PRESETS
from ..models import Preferences, Project
from ..pages.index import search_rows
from ..pages.latest_results import LatestResults
from .frame import RAIL, get_latest

Entry = dict[str, Any]


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """``{"entries": [{"kind", "text", "detail"?, "go" | "post" | "do" | "help", "icon"}]}`` for the
    home page. ``go``: a URL. ``post``: a URL to post ``values`` to. ``do``: an action of the
    script. ``help``: a topic, empty for all. ``theme``: applied at once.
    """
    return JsonResponse({"entries": [*_projects(None), *_actions(), *_themes(), *_help()]})


@require_GET
def project_palette(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    entries = [
        *_pages(latest),
        *_scan(latest),
        *_findings(latest),
        *_presets(latest),
        *_projects(pk),
        *_actions(),
        *_themes(),
        *_help(),
    ]
    return JsonResponse({"entries": entries})


@require_GET
def index(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``{"rows": [[kind, name, detail, URL]]}``; 304 if nothing has changed."""
    latest = get_latest(pk)
    known = repr((get_language(), sorted(latest.versions.items())))
    tag = f'"{hashlib.sha256(known.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    response = JsonResponse(
        {"rows": search_rows(latest)}, json_dumps_params={"ensure_ascii": False}
    )
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response


def _pages(latest: LatestResults) -> list[Entry]:
    return [
        {
            "kind": "page",
            "text": str(title),
            "icon": icon,
            "go": reverse(f"inspector:{name}", args=[latest.project.pk]),
        }
        for heading, entries in RAIL
        for name, title, icon, _ in entries
    ]


def _scan(latest: LatestResults) -> list[Entry]:
    pk = latest.project.pk
    if latest.active:
        url = reverse("inspector:cancel", args=[pk])
        return [{"kind": "action", "text": _("Cancel the scan"), "icon": "stop", "post": url}]
    text = _("Scan again") if latest.scan else _("Scan")
    on = not latest.project.watch
    switch = _("Rescan when files change") if on else _("Stop rescanning when files change")
    url = reverse("inspector:scan", args=[pk])
    snapshot = reverse("inspector:snapshot-json", args=[pk])
    return [
        {"kind": "action", "text": text, "icon": "refresh", "post": url},
        {
            "kind": "action",
            "text": switch,
            "icon": "refresh",
            "post": reverse("inspector:watch", args=[pk]),
            "values": {"on": "1"} if on else {},
        },
        {
            "kind": "action",
            "text": _("Export report…"),
            "icon": "exports",
            "go": f"{reverse('inspector:exports', args=[pk])}?kind=report",
        },
        {
            "kind": "action",
            "text": _("Timeline of the project"),
            "icon": "runs",
            "go": reverse("inspector:timeline", args=[pk]),
        },
        {
            "kind": "action",
            "text": _("Compare with another project"),
            "icon": "changed",
            "go": reverse("inspector:beside", args=[pk]),
        },
        {"kind": "action", "text": _("Download the snapshot"), "icon": "download", "go": snapshot},
    ]


def _findings(latest: LatestResults) -> list[Entry]:
    """Each links to its explanation on the overview."""
    overview = reverse("inspector:overview", args=[latest.project.pk])
    return [
        {
            "kind": "finding",
            "text": translated(one["title"]),
            "detail": translated(one["text"])[:200],
            "icon": one["severity"],
            "go": f"{overview}#why-{slugify(one['id'])}-{one['severity']}",
        }
        for one in latest.findings
    ]


def _presets(latest: LatestResults) -> list[Entry]:
    """Each links to the page where it is confirmed."""
    page = reverse("inspector:commands", args=[latest.project.pk])
    return [
        {
            "kind": "command",
            "text": translated(preset.title),
            "detail": preset.shown,
            "icon": "terminal",
            "go": f"{page}#preset-{slugify(preset.key)}",
        }
        for preset in PRESETS.values()
    ]


def _themes() -> list[Entry]:
    return [
        {
            "kind": "action",
            "text": _("Theme: %s") % label,
            "icon": "preferences",
            "theme": theme,
            "post": reverse("inspector:preferences"),
            "values": {"only": "theme", "theme": theme},
        }
        for theme, label in Preferences.Theme.choices
    ]


def _projects(without: int | None) -> list[Entry]:
    return [
        {
            "kind": "project",
            "text": w.name,
            "detail": w.path,
            "icon": "folder",
            "go": w.get_absolute_url(),
        }
        for w in Project.objects.exclude(pk=without)[:50]
    ]


def _actions() -> list[Entry]:
    return [
        {"kind": "action", "text": text, "icon": icon} | target
        for text, icon, target in (
            (_("All projects"), "folder", {"go": reverse("inspector:home")}),
            (_("Open a project folder"), "folder", {"do": "open-folder"}),
            (_("Preferences"), "preferences", {"go": reverse("inspector:preferences")}),
            (_("Data and backups"), "download", {"go": reverse("desktop-data")}),
            (_("Logs"), "runs", {"go": reverse("desktop-logs")}),
            (_("Show or hide the sidebar"), "sidebar", {"do": "toggle-rail"}),
            (_("Keyboard shortcuts"), "keyboard", {"do": "shortcuts"}),
        )
    ]


def _help() -> list[Entry]:
    return [
        {"kind": "action", "text": _("Help"), "icon": "unknown", "help": ""},
        *(
            {
                "kind": "help",
                "text": _("Help: %s") % topic.title,
                "detail": topic.summary,
                "icon": "unknown",
                "help": topic.name,
            }
            for topic in topics.current().values()
        ),
    ]
