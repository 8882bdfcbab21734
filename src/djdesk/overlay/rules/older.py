"""OLD1: restore removed Django names for a project written for an older Django."""

from __future__ import annotations

from typing import Any

from ..older_django import LIBRARIES
from ..rule import Context, Decision, Settings

# Its versions for Django 5 require this middleware; older ones do not have it.
ALLAUTH = "allauth.account.middleware.AccountMiddleware"
DJANGO = "django.template.backends.django.DjangoTemplates"


def rule(settings: Settings, context: Context) -> Decision | None:
    if not context.app.older_django:
        return None
    engines = []
    for engine in settings.get("TEMPLATES", []):
        options = engine.get("OPTIONS", {})
        if engine.get("BACKEND") == DJANGO:
            libraries = {**LIBRARIES, **options.get("libraries", {})}
            engine = {**engine, "OPTIONS": {**options, "libraries": libraries}}
        engines.append(engine)
    changes: dict[str, Any] = {"TEMPLATES": engines}
    apps, middleware = settings.get("INSTALLED_APPS", []), list(settings.get("MIDDLEWARE", []))
    if "allauth.account" in apps and ALLAUTH not in middleware:
        changes["MIDDLEWARE"] = [*middleware, ALLAUTH]
    return Decision("Names that Django has removed are restored.", changes)
