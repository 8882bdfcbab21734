"""The JavaScript message catalogue: one cacheable script per language."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import to_locale
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

LOCALE = Path(__file__).resolve().parents[1] / "locale"
FOREVER = "max-age=31536000, immutable"


@cache
def version(language: str) -> str:
    """Changes with the messages, so that an updated app never uses a cached catalogue."""
    file = LOCALE / to_locale(language) / "LC_MESSAGES" / "djangojs.mo"
    found = file.read_bytes() if file.is_file() else b""
    return hashlib.sha256(django.__version__.encode() + found).hexdigest()[:16]


@require_safe
def catalogue(request: HttpRequest, language: str, version_asked: str) -> HttpResponse:
    """Django's catalogue of the domain ``djangojs``; 404 for a language that is not offered."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        response = JavaScriptCatalog.as_view(packages=["inspector"])(request)
    response["Cache-Control"] = FOREVER if version_asked == version(language) else "no-store"
    return response
