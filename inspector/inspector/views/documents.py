"""The developer documentation, built by `npm run docs` and included in packages."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from django.views.static import serve

INSIDE = Path(__file__).resolve().parents[1] / "documents"
IN_CHECKOUT = Path(__file__).resolve().parents[3] / "build" / "docs"
FIRST = "docs/index.html"
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the site. Its pages may run only their own inline scripts."""
    site = next((one for one in (INSIDE, IN_CHECKOUT) if (one / FIRST).is_file()), None)
    if site is None:
        return render(request, "inspector/documents_missing.html", status=404)
    if not path:
        return redirect("inspector:documents", FIRST)
    response = serve(request, path, document_root=str(site))
    if not isinstance(response, FileResponse) or response["Content-Type"] != "text/html":
        return response
    html = b"".join(response)
    shown = HttpResponse(html, headers={"Last-Modified": response["Last-Modified"]})
    return csp_override(policy(html))(lambda _request: shown)(request)


def policy(html: bytes) -> dict[str, list[str]]:
    """Content security policy: files of the site, and the page's inline scripts by hash."""
    digests = {
        b64encode(sha256(script).digest()).decode() for script in INLINE_SCRIPT.findall(html)
    }
    return {
        "default-src": [CSP.NONE],
        "script-src": [CSP.SELF, *(f"'sha256-{digest}'" for digest in sorted(digests))],
        "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
        "img-src": [CSP.SELF, "data:"],
        "font-src": [CSP.SELF],
        "connect-src": [CSP.SELF],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.SELF],
        "frame-ancestors": [CSP.NONE],
    }
