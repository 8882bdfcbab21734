"""The report: one self-contained HTML file without scripts."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from djdesk.messages import say
from inspector import facts
from inspector.facts.rows import FindingRow
from inspector.pages import checks, drift, effects
from inspector.pages import migrations as migration_pages
from inspector.pages.origins import own_first
from inspector.pages.settings import variables
from inspector.pages.urls import routes
from inspector.sections.common import data_of
from inspector.sections.scan import Snapshot, by_name

from . import scope
from .appmap import appmap, links
from .cards import cards
from .charts import bars
from .graph import Graph, build
from .message_translation import translated
from .notebooks.data import section

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = TEMPLATES / "inspector" / "report" / "report.css"
COLOURS = 12
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"


def report(snapshot: Snapshot) -> str:
    """The whole file. Its content security policy forbids scripts and network access."""
    _without_settings()
    from django.template.loader import render_to_string

    return render_to_string("inspector/report/report.html", context(scope.cleaned(snapshot)))


def context(snapshot: Snapshot) -> dict[str, Any]:
    from django.utils.safestring import mark_safe

    style = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    graph = build(section(snapshot, "models"))
    colours = _colours(graph)
    sections = snapshot["sections"]
    databases = data_of(sections.get("databases"))
    found_models = data_of(sections.get("models"))
    urls = data_of(sections.get("urls"))
    settings, loading = data_of(sections.get("settings")), data_of(sections.get("side_effects"))
    dependencies = data_of(sections.get("dependencies"))
    models = [
        m for m in (found_models["models"] if found_models else []) if not m.get("auto_created")
    ]
    findings = facts.findings_of(snapshot)
    return {
        # Our own markup: all project texts in it were escaped when it was built.
        "style": mark_safe(style),  # noqa: S308
        "map": mark_safe(appmap(graph, colours)),  # noqa: S308
        "diagrams": [
            (app, len(nodes), mark_safe(cards(graph, nodes, colours[app])))  # noqa: S308
            for app, nodes in graph.apps().items()
        ],
        "charts": [mark_safe(chart) for chart in _charts(snapshot, graph, findings) if chart],  # noqa: S308
        "policy": f"{POLICY}; style-src 'sha256-{digest}'",
        "project": snapshot["project"] or {},
        "snapshot": snapshot,
        "runtime": data_of(sections.get("runtime")),
        "counts": facts.summarize(snapshot)["counts"],
        "findings": findings,
        "links": [(start, end, count) for (start, end), count in links(graph).items()],
        "hubs": sorted(graph.hubs),
        "groups": [(app, [m for m in models if m["app"] == app]) for app in graph.apps()],
        "migrations": migration_pages.by_app(
            data_of(sections.get("migrations")), databases["databases"] if databases else {}
        ),
        "drift": drift.by_app(data_of(sections.get("drift"))),
        "routes": routes(urls),
        "unresolved": urls["unresolved"] if urls else [],
        "variables": variables(settings),
        "environment": effects.contract(settings, loading),
        "checks": checks.by_level(data_of(sections.get("checks"))),
        "packages": own_first(dependencies["declared"] if dependencies else [], "group", "name"),
        "effects": effects.groups(loading),
        "failed": [
            (name, one.get("error") or one["live_error"])
            for name, one in by_name(snapshot["sections"]).items()
            if one.get("error") or one.get("live_error")
        ],
        "has": {name for name, one in by_name(snapshot["sections"]).items() if one.get("ok")},
    }


def _colours(graph: Graph) -> dict[str, int]:
    """Colours by app, as on the schema page: own apps first, largest first."""
    found = sorted(
        graph.apps().items(), key=lambda a: (not any(n.own for n in a[1]), -len(a[1]), a[0])
    )
    return {app: at % COLOURS for at, (app, _) in enumerate(found)}


def _charts(snapshot: Snapshot, graph: Graph, findings: list[FindingRow]) -> list[str]:
    into: dict[str, int] = {}
    for edge in graph.edges:
        into[edge.end] = into.get(edge.end, 0) + 1
    kinds: dict[str, int] = {}
    for app in (section(snapshot, "migrations").get("apps") or {}).values():
        for one in app["migrations"]:
            for kind, number in (one.get("op_kinds") or {}).items():
                kinds[kind] = kinds.get(kind, 0) + number
    lines = {
        app: row.get("lines") or 0
        for app, row in (section(snapshot, "code").get("per_app") or {}).items()
    }

    def most(numbers: dict[str, int]) -> list[tuple[str, int]]:
        return sorted(numbers.items(), key=lambda item: (-item[1], item[0]))

    return [
        bars(
            translated(say("Models per app")),
            most({app: len(nodes) for app, nodes in graph.apps().items()}),
        ),
        bars(translated(say("Relations pointing at a model")), most(into)),
        bars(
            translated(say("Widest models, by fields")),
            most({n.id: len(n.rows) for n in graph.nodes.values()}),
        ),
        bars(translated(say("Lines of code per app")), most(lines)),
        bars(translated(say("Migration operations by kind")), most(kinds)),
    ]


def _without_settings() -> None:
    """Set up the little of Django that the templates need; the command line
    does not configure it.
    """
    import django
    from django.conf import settings

    if settings.configured:
        return
    settings.configure(
        USE_TZ=True,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [TEMPLATES],
                "OPTIONS": {"libraries": {"inspector": "inspector.templatetags.inspector"}},
            }
        ],
    )
    django.setup()
