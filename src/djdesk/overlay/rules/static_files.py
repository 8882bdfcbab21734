"""STAT1: static files by WhiteNoise: hashed for users, directly from the apps for developers."""

from __future__ import annotations

from typing import Any

from ..rule import Context, Decision, Settings, after
from .content_security import WHITENOISE
from .runtime import GUARD, SECURITY

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED = "djdesk.desktop.staticfiles.HashedStaticFilesStorage"
LENIENT = "djdesk.desktop.staticfiles.LenientStaticFilesStorage"
FILES = "django.core.files.storage.FileSystemStorage"


def rule(settings: Settings, context: Context) -> Decision:
    middleware = list(settings.get("MIDDLEWARE", []))
    storages = dict(settings.get("STORAGES", {}))
    hashed = context.mode == "packaged"
    storage = LENIENT if context.app.pages.static_files == "lenient" else HASHED
    url = str(settings.get("STATIC_URL") or "/static/")
    changes: dict[str, Any] = {
        "MIDDLEWARE": after(middleware, WHITENOISE, GUARD, SECURITY),
        "STORAGES": {"default": {"BACKEND": FILES}}
        | storages
        | {"staticfiles": {"BACKEND": storage if hashed else PLAIN}},
        # A URL on another host is useless here.
        "STATIC_URL": "/static/" if "//" in url else url,
        # Where packaging, or the first start in a checkout, collects them.
        "STATIC_ROOT": context.app.root / ".djdesk" / "static",
        "WHITENOISE_USE_FINDERS": not hashed,
        "WHITENOISE_AUTOREFRESH": not hashed,
        # Pages read them from their own origin; no other may.
        "WHITENOISE_ALLOW_ALL_ORIGINS": False,
    }
    if dirs := context.app.pages.static_dirs:
        own = [context.app.project / name for name in dirs]
        changes["STATICFILES_DIRS"] = [*settings.get("STATICFILES_DIRS", []), *own]
    # Their collectstatic compares with the content of a remote service.
    for app in {"collectfast", "collectfasta"}.intersection(settings.get("INSTALLED_APPS", [])):
        changes[f"{app.upper()}_ENABLED"] = False
    said = "hashed, collected at packaging" if hashed else "unhashed, from the apps as they are now"
    return Decision(f"Static files: {said}.", changes)
