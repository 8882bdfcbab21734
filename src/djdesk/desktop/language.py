"""Choose the language of a response: the user's choice, or what the window or browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers


def language_of(request: HttpRequest) -> str:
    """A code of ``settings.LANGUAGES``.

    The first ``page_language(request)`` of an AppConfig that returns one decides; then
    Accept-Language. Nothing is cached: a changed choice applies to the next response.
    """
    known = dict(settings.LANGUAGES)
    for app in apps.get_app_configs():
        chosen = getattr(app, "page_language", lambda request: "")(request)
        if chosen in known:
            return chosen
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Replaces Django's LocaleMiddleware, which knows only cookies and URL prefixes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        # The thread goes on to serve other requests: restore its language.
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response
