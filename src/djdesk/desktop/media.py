"""Serves uploaded files behind the guard: MEDIA_ROOT at MEDIA_URL.

Range requests are supported (seeking in a film, reading a PDF from its end), and unchanged files
are answered from the browser's cache. Uploads are untrusted: types that could run script in our
origin are sent as downloads, and the browser must not guess types.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils._os import safe_join
from django.utils.http import content_disposition_header, http_date
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

CHUNK = 64 * 1024  # bytes
# Shown inline: images that cannot contain script, audio, video, text, PDF. Everything else is
# downloaded: HTML, SVG and XML would run as pages of the app.
SHOWN = re.compile(r"(image/(?!svg)|audio/|video/|text/(plain|csv)$|application/(pdf|json)$)")


def patterns() -> list[URLPattern]:
    """The route of MEDIA_URL, if it is a path on this server."""
    url = settings.MEDIA_URL or ""
    if not settings.MEDIA_ROOT or not re.fullmatch(r"/[^/].*/", url):
        return []
    return [path(f"{url[1:]}<path:name>", serve, name="desktop-media")]


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    file = _file(name)
    try:
        stream = file.open("rb")
    except OSError as error:
        raise Http404(name) from error
    facts = file.stat()
    kind, encoding = mimetypes.guess_type(file.name)
    # A .csv.gz is a compressed file, not a table.
    kind = "application/octet-stream" if kind is None or encoding else kind
    headers = {
        "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
        "Accept-Ranges": "bytes",
        "Last-Modified": http_date(facts.st_mtime),
        "ETag": f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    saved = not SHOWN.match(kind)
    if saved:
        headers["Content-Disposition"] = str(content_disposition_header(True, file.name))
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if _is_known(request, headers["ETag"], facts.st_mtime):
        stream.close()
        return HttpResponse(status=304, headers=headers)
    part = _part(request, headers, facts.st_size)
    if part is None:
        return FileResponse(stream, as_attachment=saved, filename=file.name, headers=headers)
    first, last = part
    if first > last:
        stream.close()
        headers["Content-Range"] = f"bytes */{facts.st_size}"
        return HttpResponse(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {first}-{last}/{facts.st_size}"
    headers["Content-Length"] = str(last - first + 1)
    stream.seek(first)
    return StreamingHttpResponse(_read(stream, last - first + 1), status=206, headers=headers)


def _file(name: str) -> Path:
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, name))
        real = file.resolve(strict=True)
    except (SuspiciousFileOperation, OSError, ValueError) as error:
        raise Http404(name) from error
    # Symbolic links must not lead outside MEDIA_ROOT; reading a device or a pipe would never end.
    if not real.is_relative_to(Path(settings.MEDIA_ROOT).resolve()) or not real.is_file():
        raise Http404(name)
    return real


def _is_known(request: HttpRequest, etag: str, modified: float) -> bool:
    if known := request.headers.get("If-None-Match"):
        return etag in known or known.strip() == "*"
    since = request.headers.get("If-Modified-Since")
    return since is not None and not was_modified_since(since, modified)


def _part(request: HttpRequest, headers: dict[str, str], size: int) -> tuple[int, int] | None:
    """First and last byte of the requested range; None for the whole file, first > last if
    unsatisfiable.
    """
    condition = request.headers.get("If-Range")
    if condition and condition not in (headers["ETag"], headers["Last-Modified"]):
        return None
    # Single ranges only; several ranges get the whole file, which the standard always allows.
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range", "").strip())
    if not match or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _read(stream: BinaryIO, left: int) -> Iterator[bytes]:
    with stream:
        while left > 0 and (data := stream.read(min(CHUNK, left))):
            left -= len(data)
            yield data
