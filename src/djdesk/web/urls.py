"""A server's URLs: the project's, job pages for staff, and uploads for users."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required, user_passes_test
from django.urls import URLPattern, path

from djdesk.desktop import live, media
from djdesk.desktop.health import health
from djdesk.desktop.urls import urlpatterns as _desktop

_project = import_module(settings.PROJECT_URLCONF)

_staff = user_passes_test(lambda user: user.is_staff)


def _jobs() -> list[URLPattern]:
    return [
        path(str(one.pattern), _staff(one.callback), name=one.name)
        for one in _desktop
        if str(one.pattern).startswith("desktop/jobs/")
    ]


urlpatterns = [
    path("health/", login_not_required(health), name="desktop-health"),
    *_jobs(),
    path("desktop/events/", login_required(live.events), name="desktop-events"),
    *(path(str(one.pattern), login_required(one.callback), name=one.name)
      for one in media.patterns()),
    *_project.urlpatterns,
]  # fmt: skip

for _name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(_project, _name):
        globals()[_name] = getattr(_project, _name)
