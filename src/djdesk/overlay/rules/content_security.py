"""CSP1: what pages may load and run, by the table's ``csp``."""

from __future__ import annotations

from typing import Any

from ..rule import Context, Decision, Settings, after
from .runtime import GUARD, SECURITY

DJANGO = "django.middleware.csp.ContentSecurityPolicyMiddleware"
OURS = "djdesk.desktop.content_security.ContentSecurityPolicyMiddleware"
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
SELF, NONE, INLINE = "'self'", "'none'", "'unsafe-inline'"

STRICT: dict[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "worker-src": [SELF, "blob:"],
    "manifest-src": [SELF],
    "frame-src": [SELF, "blob:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
# "report" logs in the console what strict would block, and enforces relaxed.
RELAXED = STRICT | {"script-src": [SELF, INLINE, "'unsafe-eval'"], "style-src": [SELF, INLINE]}


def rule(settings: Settings, context: Context) -> Decision:
    if "SECURE_CSP" in settings:
        # If the project has its own policy: it knows best what its pages need.
        changes: dict[str, Any] = {}
        said = "The project has its own content security policy (SECURE_CSP)."
    else:
        csp = context.app.pages.csp
        changes = {"SECURE_CSP": STRICT if csp == "strict" else RELAXED}
        if csp == "report":
            changes["SECURE_CSP_REPORT_ONLY"] = STRICT
        said = {
            "strict": "Pages load scripts, styles and everything else from the app only.",
            "relaxed": "Like strict, but pages may contain inline scripts and styles.",
            "report": "Like relaxed. The console reports what strict would block.",
        }[csp]
    middleware = list(settings.get("MIDDLEWARE", []))
    if DJANGO not in middleware:
        ours = DJANGO if context.django >= (6, 0) else OURS
        middleware = after(middleware, ours, GUARD, SECURITY, WHITENOISE)
    return Decision(said, changes | {"MIDDLEWARE": middleware})
