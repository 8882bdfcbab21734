"""What every template may ask about the runtime, and what the apps add to that."""

from typing import Any

from django.apps import apps
from django.http import HttpRequest

from djdesk.app import current

from . import launch, notices
from .handbook import topics
from .jobs import rows


def desktop(request: HttpRequest) -> dict[str, Any]:
    """``desktop.name`` and ``desktop.version`` of the app, ``desktop.browser`` (true when no window
    of ours shows the page), ``desktop.notices`` (what the user should know about this launch),
    ``desktop.help`` (the topic of the handbook that this page is about, perhaps with ``#anchor``),
    and whatever the
    ``page_context(request)`` of an app's AppConfig returns.

    An app that is taken out of INSTALLED_APPS takes its additions along.
    """
    config = launch.current()
    context: dict[str, Any] = {
        "desktop": {
            "name": current().name,
            "version": current().version,
            "browser": bool(config and config.browser_session),
            "notices": notices.current(),
            # Asked only by a template that wants to know.
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
