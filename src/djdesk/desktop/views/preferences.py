"""The fixed address of the preferences that the shell opens; the app says which page that is."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe


@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """Redirect to the page that an AppConfig names in ``preferences_page`` (a name for
    ``reverse()``); without one, to the data and backups page, which every app has."""
    pages = (getattr(config, "preferences_page", None) for config in apps.get_app_configs())
    return redirect(next(filter(None, pages), "desktop-data"))
