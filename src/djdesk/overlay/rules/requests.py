"""SEC2: one host, no TLS, no proxy: a web server's settings would break loopback."""

from __future__ import annotations

from ..rule import Context, Decision, Settings

# `check --deploy` warnings that do not apply to loopback.
SILENCED = (
    "security.W004",  # HSTS: there is no TLS, and the port changes
    "security.W008",  # SSL redirect: likewise
    "security.W012",  # SESSION_COOKIE_SECURE: such cookies are not sent over http
    "security.W016",  # CSRF_COOKIE_SECURE: likewise
    "mail.E001",  # mail goes to a folder on purpose
    "security.W019",  # X_FRAME_OPTIONS: the app may frame its own pages and PDFs
)


def rule(settings: Settings, context: Context) -> Decision:
    hosts = ["127.0.0.1"]
    if "localhost" in settings.get("ALLOWED_HOSTS", ()) or (
        context.mode == "development" and not context.launched
    ):
        # A project that names it may compare it with a URL in its settings.
        hosts.append("localhost")
    silenced = list(settings.get("SILENCED_SYSTEM_CHECKS", []))
    return Decision(
        "Requests come to 127.0.0.1 over HTTP. Settings for TLS and proxies are off.",
        {
            "ALLOWED_HOSTS": hosts,
            "CSRF_TRUSTED_ORIGINS": [],
            "SECURE_SSL_REDIRECT": False,
            "SECURE_HSTS_SECONDS": 0,
            "SECURE_PROXY_SSL_HEADER": None,
            "SESSION_COOKIE_SECURE": False,
            "CSRF_COOKIE_SECURE": False,
            "LANGUAGE_COOKIE_SECURE": False,
            "USE_X_FORWARDED_HOST": False,
            "USE_X_FORWARDED_PORT": False,
            "FORCE_SCRIPT_NAME": None,
            "X_FRAME_OPTIONS": settings.get("X_FRAME_OPTIONS", "SAMEORIGIN"),
            "SECURE_CONTENT_TYPE_NOSNIFF": True,
            "SILENCED_SYSTEM_CHECKS": [*silenced, *(c for c in SILENCED if c not in silenced)],
        },
    )
