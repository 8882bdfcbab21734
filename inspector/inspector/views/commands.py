"""Commands: list, start and stop them, and return their output in chunks."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from djdesk.messages import say

from ..commands.presets import PRESETS, Preset, Refused, own_preset
from ..commands.task import export_path
from ..commands.trusted import chosen_interpreter
from ..models import Command, Preferences
from ..pages.latest_results import LatestResults
from ..tasks import queue_command
from .frame import frame, get_latest, posted_from, respond, respond_gone

PIECE = 2**20  # bytes of output per response
RECENT = 50  # runs in the list, unless all are requested


@require_GET
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    return _render(request, get_latest(pk), None, "", {})


def _render(
    request: HttpRequest,
    latest: LatestResults,
    refused: Refused | None,
    preset: str,
    values: dict[str, str],
) -> HttpResponse:
    chosen = chosen_interpreter(latest.discovered)
    python = chosen["path"] if chosen else latest.project.trusted_python
    own = _own(latest)
    history = latest.project.commands.runs()
    context = frame(latest, "commands") | {
        "presets": PRESETS.values(),
        "own": own,
        "trusted": Preferences.load().runs_code and latest.project.trusts(python),
        "python": python,
        "history": history if request.GET.get("history") == "all" else history[:RECENT],
        "history_total": history.count(),
        "refused": refused,
        "refused_preset": preset,
        "given": values,
    }
    response = respond(request, "inspector/commands.html", context)
    response.status_code = 400 if refused else response.status_code
    return response


def _own(latest: LatestResults) -> list[dict[str, object]]:
    data = latest.get("commands")["commands"].data or {}
    return [c for c in data.get("commands") or [] if c.get("origin") == "project"]


@posted_from("commands")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """``preset`` names the command, ``confirmed`` means that its contract was read,
    ``without-sandbox`` allows this one run without the sandbox; all other fields are the
    command's parameters.
    """
    latest = get_latest(pk)
    project = latest.project
    key = request.POST.get("preset", "")
    values = {
        name.removeprefix("arg-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("arg-")
    }
    try:
        preset = _preset(latest, key)
        if not Preferences.load().runs_code:
            raise Refused(_("The preferences do not allow running project code."))
        if not project.is_trusted:
            raise Refused(say("This folder is not trusted: its code is not run."))
        if "confirmed" not in request.POST:
            raise Refused(say("Confirm first what the command does."))
        arguments = preset.arguments(values)
    except Refused as refused:
        return _render(request, latest, refused, key, values)
    command = queue_command(
        project,
        preset.key,
        preset.title,
        arguments,
        values=values,
        module=preset.module,
        time_limit=preset.time_limit(Preferences.load().time_limits),
        sandbox=Command.Sandbox.WAIVED
        if "without-sandbox" in request.POST
        else Command.Sandbox.WANTED,
    )
    return redirect(command)


def _preset(latest: LatestResults, key: str) -> Preset:
    if key.startswith("own:"):
        return own_preset(key[4:], latest.project.safe_commands, _own(latest))
    if key not in PRESETS:
        raise Refused(say("There is no such command."))
    return PRESETS[key]


@posted_from("commands")
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one of the project's commands as safe to run, or undo that."""
    latest = get_latest(pk)
    project = latest.project
    name = request.POST.get("name", "")
    safe = [n for n in project.safe_commands if n != name]
    if request.POST.get("safe"):
        if name not in {c.get("name") for c in _own(latest)}:
            refused = Refused(say("This project has no such command."))
            return _render(request, latest, refused, f"own:{name}", {})
        safe.append(name)
    project.safe_commands = sorted(safe)
    project.save(update_fields=["safe_commands"])
    said = _("%s can now be run.") if request.POST.get("safe") else _("%s can no longer be run.")
    messages.info(request, said % name)
    return redirect("inspector:commands", pk)


@require_GET
def detail(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    latest = get_latest(pk)
    command = Command.objects.filter(project_id=pk, pk=number).first()
    if command is None:
        title = _("This run is no longer stored")
        text = _("Only the newest runs of a project are kept.")
        return respond_gone(request, latest, "commands", title, text, _("All commands"))
    path = export_path(command) if "{export}" in command.arguments else None
    context = {"command": command, "exported": path if path and path.exists() else None}
    return respond(request, "inspector/command.html", frame(latest, "commands") | context)


@require_POST
def stop(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    command = get_object_or_404(Command, project_id=pk, pk=number)
    if command.is_active:
        command.stop()
    return HttpResponse(status=204) if request.headers.get("X-Quiet") else redirect(command)


@require_GET
def output(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Up to ``PIECE`` bytes of output, from ``?from=`` on. ``X-Active`` says whether more may come.
    It is determined before reading, so "0" with an empty chunk means the end.
    """
    command = get_object_or_404(Command, project_id=pk, pk=number)
    start = request.GET.get("from", "0")
    if not (start.isascii() and start.isdecimal() and len(start) < 12):
        raise Http404
    try:
        with command.output.open("rb") as file:
            file.seek(int(start))
            data = file.read(PIECE)
    except FileNotFoundError:
        data = b""
    return HttpResponse(
        data,
        content_type="text/plain; charset=utf-8",
        headers={"X-Active": str(int(command.is_active)), "Cache-Control": "no-store"},
    )


@require_GET
def download(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    command = get_object_or_404(Command.objects.select_related("project"), project_id=pk, pk=number)
    name = f"{slugify(command.project.name) or 'project'}-{slugify(command.title)}-{number}.log"
    try:
        file = command.output.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="text/plain; charset=utf-8"
    )
