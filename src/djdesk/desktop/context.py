"""Template context of the runtime, extended by the apps."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest

from djdesk.app import current

from . import launch, notices
from .handbook import topics
from .jobs import rows


def desktop(request: HttpRequest) -> dict[str, Any]:
    """``desktop.name`` and ``desktop.version`` of the app, ``desktop.browser`` (true if the page is
    shown in a browser rather than the app's window), ``desktop.notices`` (messages about this
    launch), ``desktop.help`` (the handbook topic for this page, possibly with ``#anchor``), and the
    result of ``page_context(request)`` of each AppConfig that defines it.

    Removing an app from INSTALLED_APPS removes its additions.
    """
    config = launch.current()
    context: dict[str, Any] = {
        "desktop": {
            "name": current().name,
            "version": current().version,
            "browser": bool(config and config.browser_session),
            "notices": notices.current(),
            # A callable, so the query runs only if a template uses it.
            "has_jobs": rows.exist,
            "help": topics.for_page(request.resolver_match.view_name)
            if request.resolver_match
            else "",
        }
    }
    for app in apps.get_app_configs():
        if add := getattr(app, "page_context", None):
            context.update(add(request))
    return context
