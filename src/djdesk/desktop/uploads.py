"""Uploads: size limit, temporary storage, and readable refusals.

Size and disk space are checked when the request's head has arrived. A body that is too large is
read and discarded, because browsers show no response before they have sent everything: closing the
connection would give a browser error page.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

DEFAULT_LIMIT = 2**30  # bytes
FOLDER = "uploads"
# Below this size the disk is not checked.
SMALL = 2**20  # bytes
SPARE = 64 * 2**20  # bytes that stay free for the database
# Named as waitress stores headers; in the WSGI environment with the prefix HTTP_.
REFUSED = "DJDESK_BODY"
FULL = (errno.ENOSPC, errno.EDQUOT)

logger = logging.getLogger(__name__)


def limit() -> int:
    """Maximum bytes per request (``[tool.djdesk.data] upload_limit``)."""
    return int(getattr(settings, "DESKTOP_UPLOAD_LIMIT", DEFAULT_LIMIT))


def folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def prepare() -> None:
    """Put this process's temporary files in the data folder, and delete those of an earlier
    process. Call with the server's lock held."""
    place = folder()
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, exist_ok=True)
    tempfile.tempdir = str(place)


def obstacle(size: int) -> str:
    """Why a request of ``size`` bytes cannot be accepted: ``limit``, ``room``, or empty.

    For a moment it is on disk twice: the request body and the file in it.
    """
    if size > limit():
        return "limit"
    if size > SMALL and shutil.disk_usage(folder()).free < 2 * size + SPARE:
        return "room"
    return ""


class Dropped:
    """Replaces waitress's body receiver: reads the body and discards it."""

    error = None

    def __init__(self, remain: int) -> None:
        self.remain = remain
        self.completed = remain <= 0

    def received(self, data: bytes) -> int:
        taken = min(len(data), self.remain)
        self.remain -= taken
        self.completed = self.remain <= 0
        return taken

    def getfile(self) -> io.BytesIO:
        return io.BytesIO()

    getbuf = getfile


def check(parser: Any) -> None:
    """Check the request whose head the waitress ``parser`` has just read."""
    # A client may have sent a header of this name.
    parser.headers.pop(REFUSED, None)
    if parser.content_length and (reason := obstacle(parser.content_length)):
        drop(parser, reason, parser.content_length)


def drop(parser: Any, reason: str, remain: int) -> None:
    """Discard the remaining ``remain`` bytes; ``refusal`` answers."""
    logger.warning("an upload to %s is not taken: %s", parser.path[:60], reason)
    if parser.body_rcv is not None:
        with contextlib.suppress(OSError):
            parser.body_rcv.getbuf().close()
    parser.headers[REFUSED] = f"{reason} {parser.headers.get('CONTENT_LENGTH', 0)}"
    parser.headers["CONTENT_LENGTH"] = "0"
    parser.content_length = 0
    parser.body_rcv = Dropped(remain)


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The response to a request whose body was not accepted."""
    reason, _space, size = request.META.get(f"HTTP_{REFUSED}", "").partition(" ")
    if not reason:
        return None
    sent = filesizeformat(int(size))
    if reason == "limit":
        status, title = 413, _("This file is too large")
        cause = _("The form contains %(sent)s; this app accepts at most %(limit)s.") % {
            "sent": sent,
            "limit": filesizeformat(limit()),
        }
        way = _("Go back and choose a smaller file.")
    else:
        status, title = 507, _("There is not enough space for this file")
        cause = _(
            "The form contains %(sent)s. Uploading needs twice that much on the disk of the data "
            "folder, %(folder)s, where %(free)s are free."
        ) % {
            "sent": sent,
            "folder": settings.DATA_DIR,
            "free": filesizeformat(shutil.disk_usage(settings.DATA_DIR).free),
        }
        way = _("Free some space on that disk, go back and try again.")
    headers = {"Cache-Control": "no-store"}
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return JsonResponse({"error": cause, "hint": way}, status=status, headers=headers)
    # Rendered without the request: context processors of the app may read the database.
    page = render_to_string(
        "desktop/upload_refused.html", {"title": title, "text": f"{cause} {way}"}
    )
    return HttpResponse(page, status=status, headers=headers)
