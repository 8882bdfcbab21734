"""One page per section of the snapshot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ..pages import checks as checks_page
from ..pages import drift as drift_page
from ..pages import migrations as migrations_page
from ..pages import models as models_page
from ..pages import origins, settings_modules, support
from ..pages import settings as settings_page
from ..pages import source as source_page
from ..pages import urls as urls_page
from ..pages.latest_results import Facts, LatestResults
from ..pages.model_highlights import model_highlights
from .frame import frame, get_latest, respond


def section_page(
    request: HttpRequest, latest: LatestResults, page: str, facts: Facts, **context: Any
) -> HttpResponse:
    """A page about ``facts``; ``data`` is their data, or empty."""
    whole = frame(latest, page) | {"facts": facts, "data": facts.data or {}, **context}
    return respond(request, f"inspector/{page}.html", whole)


@require_GET
def schema(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    facts = latest.get("models")["models"]
    groups = models_page.by_app(facts.data) if facts else []
    return section_page(request, latest, "schema", facts, groups=groups)


@require_GET
def models(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    facts = latest.get("models")["models"]
    groups = models_page.by_app(facts.data) if facts else []
    wanted = request.GET.get("model", "")
    model = models_page.detail(facts.data, wanted) if facts and wanted else None
    return section_page(
        request,
        latest,
        "models",
        facts,
        groups=groups,
        origins=origins.counts({"origin": group.origin} for group in groups for _ in group.models),
        note=origins.share(models_page.own(groups), sum(len(group.models) for group in groups)),
        model=model,
        wanted=wanted,
        source=source_page.source(
            latest.project.path, model.model.get("file"), model.model.get("line")
        )
        if model
        else None,
        model_highlights=None if wanted else model_highlights(facts.data),
    )


@require_GET
def migrations(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    facts = latest.get("migrations", "databases", "drift")
    found = facts["migrations"]
    databases = (facts["databases"].data or {}).get("databases") or {}
    apps = migrations_page.by_app(found.data, databases) if found else []
    return section_page(
        request,
        latest,
        "migrations",
        found,
        apps=apps,
        origins=origins.counts({"origin": app.origin} for app in apps for _ in app.rows),
        databases=databases,
        database_facts=facts["databases"],
        note=origins.share(
            sum(len(app.rows) for app in apps if app.origin == "project"),
            sum(len(app.rows) for app in apps),
        ),
        ghosts=migrations_page.ghosts(databases),
        servers=migrations_page.servers(databases),
        drift=facts["drift"],
        drift_apps=drift_page.by_app(facts["drift"].data),
    )


@require_GET
def urls(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    wanted = request.GET.get("url")
    found = latest.get("urls", *(["templates", "models"] if wanted is not None else []))
    facts = found["urls"]
    routes = urls_page.routes(facts.data) if facts else []
    keyed = source_page.keyed(routes)
    route = next((row for key, row in keyed if key == wanted), None)
    root = latest.project.path
    return section_page(
        request,
        latest,
        "urls",
        facts,
        routes=keyed,
        origins=origins.counts(routes),
        wanted=wanted,
        view=source_page.view(root, wanted, route, found["templates"].data, found["models"].data)
        if route and wanted is not None
        else None,
    )


@require_GET
def checks(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    found = latest.get("checks", "deploy")
    facts, deploy = found["checks"], found["deploy"].data
    modules = checks_page.by_module(deploy)
    groups = checks_page.by_level(facts.data, deploy=not modules) if facts else []
    return section_page(
        request,
        latest,
        "checks",
        facts,
        groups=groups,
        deploy=modules,
        left_out=deploy.get("left_out") if deploy else None,
    )


@require_GET
def dependencies(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    facts = latest.get("dependencies", "packages", "runtime")
    packages = (facts["packages"].data or {}).get("packages")
    declared = (facts["dependencies"].data or {}).get("declared") or []
    return section_page(
        request,
        latest,
        "dependencies",
        facts["dependencies"],
        packages=packages or [],
        locked=any(one.get("locked") for one in declared),
        support=support.rows(facts["dependencies"].data, facts["runtime"].data, latest.discovered),
    )


@require_GET
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    facts = latest.get("settings")["settings"]
    variables = settings_page.variables(facts.data) if facts else []
    comparison = settings_modules.compare(facts.data, live=facts.source == "live")
    return section_page(
        request,
        latest,
        "settings",
        facts,
        variables=variables,
        comparison=comparison,
        evidence=settings_page.evidence(latest.discovered),
    )


@require_GET
def code(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    return section_page(request, latest, "code", latest.get("code")["code"])
