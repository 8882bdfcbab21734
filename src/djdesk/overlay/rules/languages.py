"""LANG1: the languages of the table; pages use the window's language."""

from __future__ import annotations

from typing import Any

from ..rule import Context, Decision, Settings, after
from .runtime import GUARD, LANGUAGE, SECURITY

LOCALE = "django.middleware.locale.LocaleMiddleware"


def rule(settings: Settings, context: Context) -> Decision:
    changes: dict[str, Any] = {}
    if "LANGUAGES" not in settings:
        from django.conf.locale import LANG_INFO

        # Django's default is every language it knows: browsers would pick from languages that the
        # app does not support.
        changes["LANGUAGES"] = [
            (code, LANG_INFO.get(code, {}).get("name_local", code))
            for code in context.app.languages
        ]
    middleware = list(settings["MIDDLEWARE"])
    if LOCALE in middleware:
        return Decision("The project chooses the language of a page itself.", changes)
    changes["MIDDLEWARE"] = after(middleware, LANGUAGE, GUARD, SECURITY)
    known = changes["LANGUAGES"] if "LANGUAGES" in changes else settings["LANGUAGES"]
    names = ", ".join(code for code, _ in known)
    return Decision(f"Pages are in the window's language, if it is one of {names}.", changes)
