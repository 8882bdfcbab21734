"""Views that change data: always POST, and a redirect on success."""

from __future__ import annotations

import sys

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from djdesk.projects.discovery.project import ProjectRow, find_project

from ..commands.trusted import chosen_interpreter
from ..exports.folder import folder
from ..forms.open_folder import OpenForm
from ..forms.scan import InterpreterForm
from ..models import Preferences, Project
from ..pages.migrations import server_kind
from ..projects import removal
from ..sample import sample_path
from ..tasks import queue_scan, queue_scan_again, remove_project
from .frame import get_latest, posted_from
from .home import render_home
from .overview import render_overview


@posted_from("home")
def open_folder(request: HttpRequest) -> HttpResponse:
    """Add a folder, or go to it if already known, and inspect it without running its code."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        return render_home(request, form)
    project = Project.objects.open_folder(form.discovered.as_dict())
    if not project.scans.exists():
        _trust_if_inside(project, form.discovered.as_dict())
        queue_scan(project, discovered=form.discovered.as_dict())
    return redirect(project)


def _trust_if_inside(project: Project, discovered: ProjectRow) -> None:
    """Trust a new project inside a trusted folder, with the interpreter that discovery chose.
    Without an interpreter it is only read, like any other project.
    """
    chosen = chosen_interpreter(discovered)
    inside = Preferences.load().trusted_folder_of(project.path)
    if chosen and inside and not project.is_trusted:
        project.trust(chosen["path"], inside)
        project.save()


@require_POST
def sample(request: HttpRequest) -> HttpResponse:
    """The bundled sample project. It is part of this app, so running it needs no separate trust."""
    discovered = find_project(sample_path(), python=sys.executable)
    project = Project.objects.open_folder(discovered.as_dict(), is_sample=True)
    # An app update changes the sample's path.
    Project.objects.filter(is_sample=True).exclude(pk=project.pk).delete()
    if not project.scans.exists():
        # Only the first time: if the user has withdrawn trust since, this button
        # does not restore it.
        project.python = sys.executable
        project.trust(sys.executable)
        project.save()
        queue_scan(project, discovered=discovered.as_dict())
    return redirect(project)


@require_POST
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project, pk=pk)
    queue_scan(project)
    return _back(request, project)


@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """With ``on``, changed files start a scan from now on; without it, they no longer do."""
    project = get_object_or_404(Project, pk=pk)
    project.watch = "on" in request.POST
    project.save(update_fields=["watch"])
    return _back(request, project)


@require_POST
def read_database(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a scan that may connect to one server database from the settings, read-only; or with
    ``without-sandbox``, one that runs the project with the guard alone.
    """
    latest = get_latest(pk)
    project = latest.project
    alias = request.POST.get("alias", "")
    databases = (latest.get("databases")["databases"].data or {}).get("databases") or {}
    if alias not in databases or not server_kind(databases[alias]):
        return HttpResponseBadRequest(
            _("There is no such server database."), content_type="text/plain"
        )
    if not project.is_trusted:
        return HttpResponseBadRequest(
            _("Asking a database runs this project's code: trust the folder first."),
            content_type="text/plain",
        )
    without_sandbox = "without-sandbox" in request.POST
    scan = queue_scan(project, connect_to=[alias], without_sandbox=without_sandbox)
    if alias not in scan.connect_to:
        messages.info(
            request,
            _("A scan is running, so the database was not asked. Ask it when the scan has ended."),
        )
    return redirect("inspector:migrations", pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project, pk=pk)
    for running in project.scans.active():
        running.cancel()
    return _back(request, project)


@posted_from("overview")
def trust(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the chosen interpreter and settings; with ``run``, also trust them and scan."""
    latest = get_latest(pk)
    project = latest.project
    form = InterpreterForm(request.POST)
    wants_run = "run" in request.POST
    if form.is_valid():
        chosen = (
            form.cleaned_data["python"]
            or (chosen_interpreter(latest.discovered) or {"path": ""})["path"]
        )
        if wants_run and not Preferences.load().runs_code:
            form.add_error("python", _("The preferences do not allow running project code."))
        elif wants_run and not chosen:
            form.add_error("python", _("Choose a Python interpreter that can run this project."))
    if not form.is_valid():
        return render_overview(request, latest, form)
    project.python = chosen
    project.settings_module = form.cleaned_data["settings_module"]
    if wants_run:
        project.trust(chosen)
    elif not project.trusts(chosen):
        project.distrust()
    project.save()
    queue_scan_again(project)
    return redirect(project)


@require_POST
def distrust(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw trust from the folder. A running live scan ends."""
    project = get_object_or_404(Project, pk=pk)
    project.distrust()
    project.save()
    for running in project.scans.active().filter(trusted=True):
        running.cancel()
    messages.info(request, _("This folder's code will not be run. What live scans found is kept."))
    return redirect(project)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the folder with its scans and commands. The folder itself is not touched, and exported
    files stay, because they belong to the user.
    """
    project = get_object_or_404(Project, pk=pk)
    kept = sum(export.is_there for export in project.exports.all())
    remove_project(project)
    messages.info(
        request,
        _("%s was removed from the list. Its folder was not touched.") % project.name,
        extra_tags=reverse("inspector:undo-remove", args=[pk]),
    )
    if kept:
        said = ngettext(
            "%(n)s exported file stays in %(folder)s.",
            "%(n)s exported files stay in %(folder)s.",
            kept,
        )
        messages.info(request, said % {"n": kept, "folder": folder()})
    return redirect("inspector:home")


@require_POST
def undo_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore a removed project with all its data."""
    project = removal.bring_back(pk)
    if project is None:
        messages.info(request, _("This can no longer be undone. Open the folder again."))
        return redirect("inspector:home")
    messages.info(request, _("%s is back on the list.") % project.name)
    return redirect("inspector:home")


def _back(request: HttpRequest, project: Project) -> HttpResponse:
    """Empty for a script, which hears of the change through the event stream; otherwise a
    redirect back to the page.
    """
    if request.headers.get("X-Quiet"):
        return JsonResponse({}, status=200)
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(target)
    return redirect(project)
