"""The URLs of a desktop process: the runtime's, the project's, and a start page if it has none."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import include, path

from .clashes import refuse_clashes
from .rules.develop import FOLLOW

_project = import_module(settings.PROJECT_URLCONF)

refuse_clashes(_project.urlpatterns)

# The project's patterns are in this list itself, not in an include: i18n_patterns requires that.
urlpatterns = [
    path("", include("djdesk.desktop.urls")),
    *_project.urlpatterns,
    path("", include("djdesk.desktop.welcome")),
]

if FOLLOW in settings.MIDDLEWARE:
    # Under "djdesk start"; a packaged app has no tools.
    from djdesk.tools.develop.middleware import changes

    urlpatterns.insert(0, path("desktop/develop/changes/", changes))

for _name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(_project, _name):
        globals()[_name] = getattr(_project, _name)
