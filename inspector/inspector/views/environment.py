"""A virtual environment for a project that has none: the offer, creating and removing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from djdesk.desktop.message_translation import translated
from djdesk.messages import say

from ..models import Command, Preferences, Project
from ..models.command import ENVIRONMENT
from ..pages.latest_results import LatestResults
from ..projects import environments
from ..tasks import queue_command, queue_scan_again, remove_environment

TIME_LIMIT = 1800.0  # seconds


@dataclass(frozen=True)
class Offer:
    """``program``: the tool that creates it, empty if none was found. ``packages`` and ``files``:
    what will be installed. ``running``: the command that is creating one.
    """

    program: str
    is_uv: bool
    folder: str
    packages: int
    files: list[str]
    running: Command | None


def offer(latest: LatestResults) -> Offer:
    """The offer for a project without an interpreter."""
    data = latest.get("dependencies")["dependencies"].data or {}
    names = {
        one["name"].lower()
        for one in data.get("declared") or []
        if one.get("group", "main") == "main"
    }
    try:
        first = environments.tool()
    except environments.CannotMake:
        first = None
    running = latest.project.commands.active().filter(preset=ENVIRONMENT).first()
    return Offer(
        program=first.program if first else "",
        is_uv=bool(first and first.is_uv),
        folder=str(environments.folder_of(latest.project)),
        packages=len(names),
        files=list(data.get("files") or []) if names else [],
        running=running,
    )


@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue creating the environment as described on the page, unless that is
    already in progress.
    """
    project = get_object_or_404(Project, pk=pk)
    if not Preferences.load().runs_code:
        messages.error(request, _("The preferences do not allow running project code."))
        return redirect(project)
    try:
        tool = environments.tool()
    except environments.CannotMake as reason:
        messages.error(request, translated(str(reason)))
        return redirect(project)
    running = project.commands.active().filter(preset=ENVIRONMENT).first()
    if running is not None:
        return redirect(running)
    title = say("Make an environment")
    arguments = [tool.program, str(environments.folder_of(project))]
    command = queue_command(project, ENVIRONMENT, title, arguments, time_limit=TIME_LIMIT)
    return redirect(command)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the environment we created aside; the project then has none."""
    project = get_object_or_404(Project, pk=pk)
    is_ours = environments.is_ours(project)
    try:
        remove_environment(project)
    except OSError as error:
        messages.error(request, _("It could not be deleted: %s.") % error.strerror)
        return redirect(project)
    if is_ours:
        project.python = ""
        project.distrust()
        project.save()
        for running in project.scans.active():
            running.cancel()
    undo = reverse("inspector:undo-remove-environment", args=[pk])
    messages.info(request, _("The environment was deleted."), extra_tags=undo)
    queue_scan_again(project)
    return redirect(project)


@require_POST
def undo_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore the environment and choose it again. Trust is not restored: the
    user has to give it.
    """
    project = get_object_or_404(Project, pk=pk)
    try:
        is_back = environments.bring_back(project)
    except OSError as error:
        messages.error(request, _("It could not be brought back: %s.") % error.strerror)
        return redirect(project)
    if is_back:
        project.python = str(environments.python_of(environments.folder_of(project)))
        project.save(update_fields=["python"])
        messages.info(request, _("The environment is back. To run the project, trust it again."))
        queue_scan_again(project)
    else:
        messages.info(request, _("This can no longer be undone. Create the environment again."))
    return redirect(project)
