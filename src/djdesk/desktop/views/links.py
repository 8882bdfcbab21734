"""Links from outside the app may open only pages that the app declares."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from djdesk.app import current


@require_safe
def open_link(request: HttpRequest, path: str = "") -> HttpResponse:
    """``djdesk://open/<path>``: go to that page if its app lists it in ``deep_links``.

    The list is ``deep-links`` of the app's table, or ``deep_links`` of an AppConfig: URL names as
    ``reverse()`` takes them. Any web page may contain such a link, so unlisted pages open the first
    page instead.
    """
    try:
        match = resolve(f"/{path}")
    except Resolver404:
        return redirect("/")
    return redirect(f"/{path}" if match.view_name in declared() else "/")


def declared() -> set[str]:
    configs = apps.get_app_configs()
    names = {name for config in configs for name in getattr(config, "deep_links", ())}
    return names | set(current().deep_links)
