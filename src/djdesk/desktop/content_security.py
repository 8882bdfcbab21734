"""The SECURE_CSP header for Django 5.2, which has no middleware for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

HEADERS = {
    "SECURE_CSP": "Content-Security-Policy",
    "SECURE_CSP_REPORT_ONLY": "Content-Security-Policy-Report-Only",
}


class ContentSecurityPolicyMiddleware:
    """Like Django 6's, without nonces: a response that sets its own policy keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for setting, header in HEADERS.items():
            if policy := getattr(settings, setting, None):
                response.headers.setdefault(header, written(policy))
        return response


def written(policy: Mapping[str, Sequence[str] | str]) -> str:
    """Format a policy: ``default-src 'none'; script-src 'self'``"""
    return "; ".join(
        f"{name} {values if isinstance(values, str) else ' '.join(values)}".strip()
        for name, values in policy.items()
    )
