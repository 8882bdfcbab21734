"""The remedy buttons of a project that does not load: save the choice and scan with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..forms.scan import MODULE, ValuesForm
from ..models import Project
from ..pages.latest_results import LatestResults
from ..pages.repair import asked, read_names
from ..scans import secret_handoff
from ..tasks import queue_scan_again
from .frame import get_latest, posted_from
from .overview import render_overview


@posted_from("overview")
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """``action``: the action of a remedy (docs/snapshot.md, "Diagnosis"), or ``forget``.

    None of them grants trust: an untrusted folder is only read, whatever is chosen here.
    """
    latest = get_latest(pk)
    project = latest.project
    action = request.POST.get("action", "")
    if action == "values":
        return _values(request, latest)
    if action == "env-example":
        project.use_env_example = True
    elif action == "copy":
        project.private_copy = True
    elif action == "settings":
        module = request.POST.get("settings_module", "")
        if not MODULE.fullmatch(module):
            return HttpResponseBadRequest("That is not a module.", content_type="text/plain")
        project.settings_module = module
    elif action == "without-sandbox":
        return _scan(project, without_sandbox=True)
    elif action == "static":
        project.distrust()
        messages.info(request, _("This folder's code is no longer run."))
    elif action == "forget":
        project.forget_repairs()
        secret_handoff.take(project)
    else:
        return HttpResponseBadRequest("There is no such remedy.", content_type="text/plain")
    return _scan(project)


def _values(request: HttpRequest, latest: LatestResults) -> HttpResponse:
    project = latest.project
    names = asked(project, latest.load_error) + read_names(latest.get("settings")["settings"].data)
    form = ValuesForm(request.POST, list(dict.fromkeys(names)))
    if not form.is_valid():
        return render_overview(request, latest, None, values_form=form)
    passing = form.passing
    # Do not keep the old value of a variable that now counts as secret.
    kept = {n: v for n, v in project.env.items() if n not in passing}
    project.env = kept | form.kept
    names = [n for n in project.asked_names if n not in form.kept]
    project.asked_names = list(dict.fromkeys([*names, *passing]))
    secret_handoff.give(project, passing)
    return _scan(project)


def _scan(project: Project, *, without_sandbox: bool = False) -> HttpResponse:
    project.save()
    queue_scan_again(project, without_sandbox=without_sandbox)
    return redirect(project)
