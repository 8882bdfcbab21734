"""The data folder and its backups: list, create, restore, delete."""

from __future__ import annotations

import contextlib
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from djdesk.app import current
from djdesk.messages import joined, say

from .. import background, backups, choices, data_startup, launch, notices
from ..database import FILE_NAME
from ..launch import LaunchFailure
from ..message_translation import translated


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    database = settings.DATA_DIR / FILE_NAME
    return render(
        request,
        "desktop/data.html",
        {
            "data_dir": settings.DATA_DIR,
            "size": _size(database),
            "backups": backups.listed(settings.DATA_DIR),
            "kept": choices.read(settings.DATA_DIR).backups_kept,
            "helpers": background.helpers(settings.DATA_DIR),
            "unserved": background.unserved(),
        },
    )


def _size(database: Path) -> int:
    """In bytes, including the WAL, which holds the latest writes."""
    found = 0
    for file in (database, database.with_name(f"{database.name}-wal")):
        with contextlib.suppress(OSError):
            found += file.stat().st_size
    return found


@require_POST
def backup(request: HttpRequest) -> HttpResponse:
    try:
        made = backups.make(settings.DATA_DIR, "manual", current().version)
    except LaunchFailure as failure:
        messages.error(request, translated(joined([failure.reason, failure.hint])))
    else:
        messages.success(request, _("Backup made and checked: %s") % made.name)
    return redirect("desktop-data")


@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Record the request and have the shell restart: the file is replaced while nobody
    has it open.
    """
    name = request.POST.get("name", "")
    try:
        data_startup.ask_for_restore(settings.DATA_DIR, name)
    except LookupError:
        raise Http404 from None
    if not launch.ask_for_restart(say("Restoring a backup")):
        messages.info(request, _("The backup will be restored at the next start of the app."))
        return redirect("desktop-data")
    return render(request, "desktop/restarting.html")


@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        backups.delete(settings.DATA_DIR, name)
    except LookupError:
        raise Http404 from None
    except OSError as error:
        messages.error(request, _("%s could not be deleted: %s") % (name, error.strerror))
    else:
        messages.success(request, _("Deleted %s") % name)
    return redirect("desktop-data")


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    notices.dismiss(request.POST.get("key", ""))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page that the form was on, if it is ours: a path, never another origin."""
    path = request.POST.get("next", "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
