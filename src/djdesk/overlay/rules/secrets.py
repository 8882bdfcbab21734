"""SEC1: a secret key per installation, debug pages for developers only, cookie names."""

from __future__ import annotations

from ..rule import Context, Decision, Settings


def rule(settings: Settings, context: Context) -> Decision:
    # Cookies are shared between ports on 127.0.0.1: a browser sends them to every program there.
    cookie = context.app.slug.replace("-", "_")
    return Decision(
        f"SECRET_KEY is unique to this installation, DEBUG is {context.mode == 'development'}, "
        f"and cookies are named {cookie}_….",
        {
            "SECRET_KEY": context.secret_key,
            "SECRET_KEY_FALLBACKS": [],
            "DEBUG": context.mode == "development",
            "CSRF_COOKIE_NAME": f"{cookie}_csrftoken",
            "SESSION_COOKIE_NAME": f"{cookie}_session",
            "LANGUAGE_COOKIE_NAME": f"{cookie}_language",
            "CSRF_COOKIE_DOMAIN": None,
            "SESSION_COOKIE_DOMAIN": None,
            "LANGUAGE_COOKIE_DOMAIN": None,
            "CSRF_COOKIE_SAMESITE": settings.get("CSRF_COOKIE_SAMESITE", "Strict"),
        },
    )
