"""The logs, and one zip of everything that helps with a bug report."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..diagnostics import collect, file_name

TAIL = 256 * 1024  # bytes per file, from its end
LINES = 1000


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The end of one log: ``?file=`` names it, ``?q=`` filters its lines."""
    files = _files()
    names = [path.name for path in files]
    chosen = request.GET.get("file") or _first(names)
    if chosen and chosen not in names:
        raise Http404
    wanted = request.GET.get("q", "").strip()[:200]
    lines = _lines(settings.DATA_DIR / "logs" / chosen, wanted) if chosen else []
    return render(
        request,
        "desktop/logs.html",
        {"files": names, "chosen": chosen, "q": wanted, "lines": lines[-LINES:], "limit": LINES},
    )


@require_safe
def diagnostics(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(collect(settings.DATA_DIR), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{file_name()}"'
    return response


def _files() -> list[Path]:
    folder = settings.DATA_DIR / "logs"
    return sorted(path for path in folder.glob("*.log*") if path.is_file())


def _first(names: list[str]) -> str:
    return "server.log" if "server.log" in names else next(iter(names), "")


def _lines(path: Path, wanted: str) -> list[str]:
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            start = max(0, file.tell() - TAIL)
            file.seek(start)
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    # The first line of a tail is usually incomplete.
    lines = lines[1:] if start else lines
    return [line for line in lines if wanted.lower() in line.lower()] if wanted else lines
