"""The preferences: one page whose groups are saved separately, as soon as they change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from djdesk.desktop import choices, usage
from djdesk.desktop.language import language_of

from ..commands.limits import TimeLimitsForm
from ..forms.preferences import BackupsForm, PreferencesForm, TrustedFolderForm
from ..models import Command, Preferences, Project, Scan
from . import context
from .frame import posted_from


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """POST saves the fields in ``only``, or all of them."""
    found = Preferences.load()
    if request.method != "POST":
        return _page(request, found)
    only = request.POST["only"].split() if "only" in request.POST else None
    form = PreferencesForm(request.POST, instance=found, only=only)
    if form.is_valid():
        form.save()
        _in_new_language(request)
        if "trust" in form.changed_data and not found.runs_code:
            _end_what_runs()
    return _saved(request, found, form=form)


@posted_from("preferences")
def keep_backups(request: HttpRequest) -> HttpResponse:
    """How many backups to keep. Surplus backups are deleted when the next one is made."""
    form = BackupsForm(request.POST)
    if form.is_valid():
        try:
            choices.write(settings.DATA_DIR, choices.Choices(form.cleaned_data["backups_kept"]))
        except OSError as error:
            form.add_error("backups_kept", _("It could not be saved: %s.") % error.strerror)
    return _saved(request, Preferences.load(), backups_form=form)


@posted_from("preferences")
def keep_limits(request: HttpRequest) -> HttpResponse:
    """Time limits of commands."""
    found = Preferences.load()
    form = TimeLimitsForm(request.POST, stored=found.time_limits)
    if form.is_valid():
        found.time_limits = form.chosen
        found.save()
    return _saved(request, found, limits=form)


@posted_from("preferences")
def trust_folder(request: HttpRequest) -> HttpResponse:
    """Add a trusted folder: new projects below it are trusted when they are opened.

    Undoing ``forget_folder`` sends no fields, so it names the folder in the URL.
    """
    found = Preferences.load()
    form = TrustedFolderForm(found, request.POST if "path" in request.POST else request.GET)
    if not form.is_valid():
        return _page(request, found, folder_form=form)
    messages.success(request, _("New projects inside %s are trusted.") % form.save())
    return redirect(reverse("inspector:preferences") + "#running")


@require_POST
def forget_folder(request: HttpRequest) -> HttpResponse:
    """Remove a trusted folder, and withdraw the trust that projects have through it."""
    found = Preferences.load()
    folder = request.POST.get("path", "")
    undo = ""
    if folder in found.trusted_folders:
        undo = reverse("inspector:trust-folder", query={"path": folder})
        found.trusted_folders = [other for other in found.trusted_folders if other != folder]
        found.save()
    said = _withdrawn(Project.objects.withdraw_inside([folder]))
    messages.info(request, said, extra_tags=undo)
    return redirect(reverse("inspector:preferences") + "#running")


@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Reset all preferences. Projects, scans, backups and trust given to single projects are kept;
    trust through a trusted folder is withdrawn.
    """
    Project.objects.withdraw_inside(Preferences.load().trusted_folders)
    Preferences.objects.all().delete()
    _in_new_language(request)
    choices.write(settings.DATA_DIR, choices.Choices())
    messages.success(request, _("The preferences were reset."))
    return redirect("inspector:preferences")


def _in_new_language(request: HttpRequest) -> None:
    """Switch to the new language for the messages of this response."""
    context.forget(request)
    translation.activate(language_of(request))


def _page(request: HttpRequest, found: Preferences, **forms_: forms.BaseForm) -> HttpResponse:
    given: dict[str, Any] = {
        "form": PreferencesForm(instance=found),
        "backups_form": BackupsForm(
            initial={"backups_kept": choices.read(settings.DATA_DIR).backups_kept}
        ),
        "folder_form": TrustedFolderForm(found),
        "limits": TimeLimitsForm(None, stored=found.time_limits),
        "folders": [
            (folder, Project.objects.filter(trusted_inside=folder).count())
            for folder in found.trusted_folders
        ],
        "data_dir": settings.DATA_DIR,
        "usage": usage.of_data(settings.DATA_DIR),
    }
    given["page_address"] = getattr(request, "page_address", "")
    return render(request, "inspector/preferences.html", given | forms_)


def _saved(request: HttpRequest, found: Preferences, **forms_: forms.BaseForm) -> HttpResponse:
    """``{"saved": bool, "errors": {field: message}}`` for the page's script; otherwise the page."""
    (form,) = forms_.values()
    if request.headers.get("X-Quiet"):
        errors = {name: " ".join(map(str, said)) for name, said in form.errors.items()}
        return JsonResponse({"saved": not errors, "errors": errors})
    if form.is_valid():
        messages.success(request, _("Saved."))
        return redirect("inspector:preferences")
    return _page(request, found, **forms_)


def _end_what_runs() -> None:
    for scan in Scan.objects.active().filter(trusted=True):
        scan.cancel()
    for command in Command.objects.active():
        command.stop()


def _withdrawn(count: int) -> str:
    if not count:
        return _("Removed. No project was trusted through it.")
    return ngettext(
        "Removed. %d project that was trusted through it has to be trusted again.",
        "Removed. %d projects that were trusted through it have to be trusted again.",
        count,
    ) % (count,)
