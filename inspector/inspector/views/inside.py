"""Pages about other parts of a project than models and URLs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ..pages import admin as admin_page
from ..pages import effects as effects_page
from ..pages import origins
from ..pages import source as source_page
from ..pages import templates as templates_page
from ..pages import translations as translations_page
from ..pages import urls as urls_page
from .frame import get_latest
from .sections import section_page


@require_GET
def templates(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    wanted = request.GET.get("template")
    found = latest.get("templates", *(["urls"] if wanted else []))
    facts = found["templates"]
    routes = urls_page.routes(found["urls"].data) if wanted and found["urls"] else []
    rows = templates_page.rows(facts.data) if facts else []
    broken, waiting = templates_page.not_compiled(facts.data) if facts else ([], [])
    return section_page(
        request,
        latest,
        "templates",
        facts,
        rows=rows[: templates_page.SHOWN],
        left_out=max(0, len(rows) - templates_page.SHOWN),
        origins=origins.counts(r.template for r in rows),
        broken=broken,
        waiting=waiting,
        wanted=wanted,
        detail=source_page.template(latest.project.path, wanted, facts.data, routes)
        if wanted
        else None,
    )


@require_GET
def admin(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    found = latest.get("admin", "models")
    facts = found["admin"]
    return section_page(
        request,
        latest,
        "admin",
        facts,
        sites=admin_page.sites(facts.data, found["models"].data) if facts else [],
        not_shown=admin_page.not_shown(facts.data, found["models"].data) if facts else [],
    )


@require_GET
def wiring(request: HttpRequest, pk: int) -> HttpResponse:
    """Four sections on one page, each of which may be missing."""
    latest = get_latest(pk)
    found = latest.get("middleware", "signals", "commands", "tasks")
    ready = [facts for facts in found.values() if facts]
    receivers = origins.own_first((found["signals"].data or {}).get("receivers"), "signal")
    commands = origins.own_first((found["commands"].data or {}).get("commands"), "name")
    tasks = origins.own_first((found["tasks"].data or {}).get("tasks"), "name")
    return section_page(
        request,
        latest,
        "wiring",
        ready[0] if ready else found["middleware"],
        middleware=found["middleware"],
        signals=found["signals"],
        commands=found["commands"],
        receivers=receivers,
        command_rows=commands,
        receiver_origins=origins.counts(receivers),
        command_origins=origins.counts(commands),
        own_receivers=origins.own(receivers),
        own_commands=origins.own(commands),
        tasks=found["tasks"],
        task_rows=tasks,
        task_names={one["name"] for one in tasks},
        task_origins=origins.counts(tasks),
    )


@require_GET
def effects(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    found = latest.get("side_effects", "settings", "runtime")
    facts = found["side_effects"]
    variables = effects_page.contract(found["settings"].data, facts.data)
    return section_page(
        request,
        latest,
        "effects",
        facts,
        groups=effects_page.groups(facts.data),
        variables=variables,
        has_examples=any(variable.example for variable in variables),
        runtime=found["runtime"],
        warnings_shown=[w for w in effects_page.warnings(facts.data) if w[2]],
    )


@require_GET
def translations(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    facts = latest.get("i18n")["i18n"]
    rows = translations_page.catalogues(facts.data)
    return section_page(
        request,
        latest,
        "translations",
        facts,
        languages=translations_page.languages(facts.data),
        catalogues=rows,
        by_language=translations_page.by_language(rows),
        totals=translations_page.totals(facts.data),
        not_current=translations_page.not_current(facts.data),
    )
